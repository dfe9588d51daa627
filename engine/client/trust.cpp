#include "engine/client/trust.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/protocol/frame.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::uintmax_t kLargest = 16U << 20;

/// The file's answers: {sha256: {"trusted": bool, "name": text}}; empty for a file that is none.
nlohmann::json read(const std::filesystem::path& file) {
  std::error_code failure;
  const auto bytes = std::filesystem::file_size(file, failure);
  if (failure || bytes > kLargest) {
    return nlohmann::json::object();
  }
  std::ifstream in(file);
  auto answers = nlohmann::json::parse(in, nullptr, false);
  return answers.is_object() ? answers : nlohmann::json::object();
}

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw Error(ErrorCode::io,
              "Your answer cannot be kept in " + file.string() + ": " + std::strerror(errno) + ".",
              "Check that the folder can be written to; until then you are asked every time.");
}

/// Keeps other programs out of the read-change-write; released when it goes.
class FileLock {
 public:
  explicit FileLock(const std::filesystem::path& path)
      : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    if (fd_ < 0 || ::flock(fd_, LOCK_EX) != 0) {
      fail(path);
    }
  }
  ~FileLock() { ::close(fd_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int fd_;
};

void replace(const std::filesystem::path& file, const std::string& text) {
  auto name = file.string() + ".XXXXXX";
  const int fd = ::mkostemp(name.data(), O_CLOEXEC);  // readable for the user alone
  if (fd < 0) {
    fail(file);
  }
  const auto written = ::write(fd, text.data(), text.size());
  const bool kept = written == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!kept || ::rename(name.c_str(), file.c_str()) != 0) {
    const int reason = errno;
    ::unlink(name.c_str());
    errno = reason;
    fail(file);
  }
}

}  // namespace

std::filesystem::path configFolder() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') {
    return std::filesystem::path(config) / "tarn";
  }
  const char* home = std::getenv("HOME");
  return std::filesystem::path(home != nullptr ? home : "/") / ".config" / "tarn";
}

TrustStore::TrustStore(std::filesystem::path file) : file_(std::move(file)) {}

std::optional<bool> TrustStore::answer(const std::string& sha256) const {
  const std::scoped_lock lock(mutex_);
  const auto answers = read(file_);
  const auto found = answers.find(sha256);
  if (found == answers.end() || !found->is_object()) {
    return std::nullopt;
  }
  const auto trusted = found->find("trusted");
  if (trusted == found->end() || !trusted->is_boolean()) {
    return std::nullopt;
  }
  return trusted->get<bool>();
}

void TrustStore::remember(const std::string& sha256, bool trusted, const std::string& name) {
  if (sha256.size() != 64 || sha256.find_first_not_of("0123456789abcdef") != std::string::npos) {
    throw Error(ErrorCode::usage, "'" + sha256 + "' is no SHA-256.");
  }
  const std::scoped_lock lock(mutex_);
  std::error_code failure;
  std::filesystem::create_directories(file_.parent_path(), failure);
  const FileLock alone(file_.string() + ".lock");
  auto answers = read(file_);
  answers[sha256] = {{"trusted", trusted}, {"name", toUtf8(name)}};
  replace(file_, answers.dump(2) + "\n");
}

}  // namespace tarn
