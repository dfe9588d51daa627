#include "engine/client/child_process.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topology/base/error.h"

namespace tarn {
namespace {

class Ends {
 public:
  Ends() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) {
      throw Error(ErrorCode::engine,
                  std::string("No pipe to the engine can be made: ") + std::strerror(errno) + ".",
                  "Close other programs: too many files may be open.");
    }
  }
  ~Ends() {
    for (const int fd : ends_) {
      if (fd >= 0) {
        ::close(fd);
      }
    }
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;

  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  int takeReading() { return unblock(std::exchange(ends_[0], -1)); }
  int takeWriting() { return unblock(std::exchange(ends_[1], -1)); }

 private:
  static int unblock(int fd) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
    return fd;
  }

  std::array<int, 2> ends_{-1, -1};
};

/// Everything posix_spawn wants, released at the end.
struct Wishes {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  Wishes() {
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawnattr_init(&attributes);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    ::posix_spawnattr_setsigdefault(&attributes, &all);
    ::posix_spawnattr_setpgroup(&attributes, 0);
    ::posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Wishes() {
    ::posix_spawn_file_actions_destroy(&files);
    ::posix_spawnattr_destroy(&attributes);
  }
  Wishes(const Wishes&) = delete;
  Wishes& operator=(const Wishes&) = delete;
};

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& command) {
  Ends in;
  Ends out;
  Ends err;
  Wishes wishes;
  ::posix_spawn_file_actions_adddup2(&wishes.files, in.reading(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&wishes.files, out.writing(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&wishes.files, err.writing(), STDERR_FILENO);
  std::vector<char*> arguments;
  for (const auto& word : command) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  const int failure = ::posix_spawnp(&pid_, arguments[0], &wishes.files, &wishes.attributes,
                                     arguments.data(), environ);
  if (failure != 0) {
    throw Error(ErrorCode::engine,
                command.front() + " cannot be started: " + std::strerror(failure) + ".",
                "Install Tarn again. If TARN_ENGINE or TARN_READER is set, check its path.");
  }
  in_ = in.takeWriting();
  out_ = out.takeReading();
  err_ = err.takeReading();
}

ChildProcess::~ChildProcess() {
  kill();
  wait(std::chrono::seconds(10));
  closeIn();
  ::close(out_);
  ::close(err_);
}

void ChildProcess::closeIn() {
  if (in_ >= 0) {
    ::close(std::exchange(in_, -1));
  }
}

void ChildProcess::kill() {
  const std::scoped_lock lock(mutex_);
  if (!status_) {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);
  }
}

bool ChildProcess::running() {
  const std::scoped_lock lock(mutex_);
  int status = 0;
  if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    status_ = status;
  }
  return !status_;
}

bool ChildProcess::wait(std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (running()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

std::string ChildProcess::ending() {
  if (running()) {
    return {};
  }
  const int status = *status_;
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    return "was killed by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
  }
  return "exited with status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace tarn
