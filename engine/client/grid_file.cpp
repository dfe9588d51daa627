#include "engine/client/grid_file.h"

#include <array>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "engine/client/child_process.h"
#include "engine/client/engine_command.h"
#include "engine/client/stderr_log.h"
#include "topology/base/error.h"
#include "topology/io/grid_io.h"
#include "topology/io/input_file.h"
#include "topology/io/npz.h"

namespace tarn {
namespace {

constexpr std::chrono::minutes kPatience{10};
/// What tarn-reader says is a few sentences: more is not from it.
constexpr std::size_t kMostWords = 64 << 10;

/// A folder for one file, removed with it.
class ReaderFolder {
 public:
  ReaderFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "tarn-reader-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw Error(
          ErrorCode::io,
          "No folder can be made in " + std::filesystem::temp_directory_path().string() + ".",
          "Make room there, or set TMPDIR to another folder.");
    }
    path_ = name;
  }
  ~ReaderFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ReaderFolder(const ReaderFolder&) = delete;
  ReaderFolder& operator=(const ReaderFolder&) = delete;

  std::filesystem::path file() const { return path_ / "arrays.npz"; }

 private:
  std::filesystem::path path_;
};

/// What a pipe has at the moment; false at its end.
bool drain(int pipe, std::string& into) {
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  // Not more at a time: who never stops talking must not be listened to for ever.
  for (std::size_t taken = 0; taken < kMostWords; taken += static_cast<std::size_t>(got)) {
    got = ::read(pipe, buffer.data(), buffer.size());
    if (got <= 0) {
      return got < 0;
    }
    if (into.size() < kMostWords) {
      into.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }
  return true;
}

/// Waits for the process while it talks. Throws Error(cancelled), and Error(badInput) when it does
/// not come to an end; the process dies with its object.
void listen(ChildProcess& reader, const std::string& path, std::string& said, StderrLog& log,
            const std::stop_token& stop) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  bool talking = true;
  while (talking) {
    if (stop.stop_requested()) {
      throw Error(ErrorCode::cancelled, "Reading " + path + " was cancelled.");
    }
    if (std::chrono::steady_clock::now() > end) {
      throw Error(ErrorCode::badInput,
                  "Reading " + path + " took longer than " + std::to_string(kPatience.count()) +
                      " minutes.",
                  "The file is damaged, or lies on a slow disk. Save the grid as .npz.");
    }
    std::array<pollfd, 2> pipes{{{reader.out(), POLLIN, 0}, {reader.err(), POLLIN, 0}}};
    ::poll(pipes.data(), pipes.size(), 100);
    std::string words;
    const bool more = drain(reader.out(), said);
    talking = drain(reader.err(), words) || more;
    log.push(words);
  }
  reader.wait(kPatience);
}

[[noreturn]] void throwWhatItSaid(const std::string& path, const std::string& said,
                                  const std::string& ending, const StderrLog& log) {
  const auto told = nlohmann::json::parse(said, nullptr, false);
  if (told.is_object() && told.contains("sentence") && told["sentence"].is_string()) {
    throw Error(errorCodeFromString(told.value("code", "")), told.value("sentence", ""),
                told.value("remedy", ""));
  }
  throw Error(
      ErrorCode::badInput,
      path + " could not be read: the process that read it " + ending + "." + log.lastWords(),
      "The file is damaged, or more than its reader can take. Save the grid as .npz.");
}

void convertToNpz(const std::filesystem::path& path, const std::filesystem::path& target,
                  const std::stop_token& stop) {
  ChildProcess reader({findBeside("tarn-reader", "TARN_READER").string(),
                       std::filesystem::absolute(path).string(), target.string()});
  reader.closeIn();
  std::string said;
  StderrLog log;
  listen(reader, path.string(), said, log, stop);
  if (reader.ending() != "exited with status 0") {
    throwWhatItSaid(path.string(), said, reader.ending(), log);
  }
}

bool isForeign(const std::filesystem::path& path) {
  const std::string ending = endingOf(path);
  return ending == ".h5" || ending == ".hdf5" || ending == ".vti";
}

}  // namespace

GridAddress parseGridAddress(const std::string& text) {
  const auto hash = text.rfind('#');
  if (hash == std::string::npos || hash + 1 == text.size() || std::filesystem::exists(text)) {
    return {text, {}};
  }
  return {text.substr(0, hash), text.substr(hash + 1)};
}

ScalarGrid readGridFile(const GridAddress& address, const std::stop_token& stop) {
  if (!isForeign(address.path)) {
    return readGrid(address.path, address.field);
  }
  if (!std::filesystem::exists(address.path)) {
    throw Error(ErrorCode::notFound, "There is no file " + address.path.string() + ".",
                "Check the path.");
  }
  const ReaderFolder folder;
  convertToNpz(address.path, folder.file(), stop);
  const NpzReader archive(folder.file());
  return gridFromArrays(arraysOf(archive, address.path.string()), address.field);
}

}  // namespace tarn
