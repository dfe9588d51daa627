#include "engine/project/writer_lock.h"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "topology/base/error.h"

namespace tarn::db {

namespace {

constexpr int kAttempts = 16;

/// Beside the file itself, by whatever links it was reached.
std::filesystem::path lockFileOf(const std::filesystem::path& project) {
  std::error_code problem;
  const std::filesystem::path file = std::filesystem::weakly_canonical(project, problem);
  return (problem ? project : file).string() + "-lock";
}

/// A lock on the whole file that belongs to the descriptor, as flock's do, but can be asked about.
struct flock wholeFile(short type) {
  struct flock lock = {};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  return lock;
}

bool isStillAt(int descriptor, const std::filesystem::path& path) {
  struct stat opened = {};
  struct stat there = {};
  return fstat(descriptor, &opened) == 0 && lstat(path.c_str(), &there) == 0 &&
         opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

std::string readHolder(int descriptor) {
  char text[64] = {};
  const auto length = pread(descriptor, text, sizeof text - 1, 0);
  const std::string number(text, length > 0 ? static_cast<std::size_t>(length) : 0);
  const bool isNumber = !number.empty() && number.find_first_not_of("0123456789") == number.npos;
  return isNumber ? "process " + number : "another program";
}

void writeHolder(int descriptor) {
  const std::string pid = std::to_string(getpid());
  // Only for people to read: that it fails harms nothing.
  if (ftruncate(descriptor, 0) != 0 || pwrite(descriptor, pid.data(), pid.size(), 0) < 0) {
    return;
  }
}

}  // namespace

std::optional<WriterLock> WriterLock::acquire(const std::filesystem::path& project,
                                              std::string& holder) {
  const std::filesystem::path path = lockFileOf(project);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (descriptor < 0) {
      throw Error(ErrorCode::io,
                  "Cannot write beside " + project.string() + ": " +
                      std::generic_category().message(errno) + ".",
                  "Check the permissions of the folder, or open the project for reading.");
    }
    struct flock lock = wholeFile(F_WRLCK);
    if (fcntl(descriptor, F_OFD_SETLK, &lock) != 0) {
      holder = readHolder(descriptor);
      close(descriptor);
      return std::nullopt;
    }
    // Whoever had it before may have removed the file between our opening and our locking it.
    if (isStillAt(descriptor, path)) {
      writeHolder(descriptor);
      return WriterLock(descriptor, path);
    }
    close(descriptor);
  }
  holder = "another program";
  return std::nullopt;
}

bool WriterLock::isHeld(const std::filesystem::path& project) {
  const int descriptor = open(lockFileOf(project).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    return false;
  }
  struct flock lock = wholeFile(F_RDLCK);
  const bool held = fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  close(descriptor);
  return held;
}

WriterLock::WriterLock(int descriptor, std::filesystem::path path)
    : descriptor_(descriptor), path_(std::move(path)) {}

WriterLock::WriterLock(WriterLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

WriterLock& WriterLock::operator=(WriterLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(path_, other.path_);
  return *this;
}

WriterLock::~WriterLock() {
  if (descriptor_ >= 0) {
    unlink(path_.c_str());
    close(descriptor_);
  }
}

}  // namespace tarn::db
