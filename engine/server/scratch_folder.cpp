#include "engine/server/scratch_folder.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// A pipe, closed at the end where it was not taken.
struct Ends {
  std::array<int, 2> fds{-1, -1};

  Ends() {
    if (::pipe2(fds.data(), O_CLOEXEC) != 0) {
      throw Error(ErrorCode::io,
                  std::string("The engine cannot make a pipe: ") + std::strerror(errno) + ".");
    }
  }
  ~Ends() {
    close(0);
    close(1);
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;

  void close(std::size_t end) { ::close(std::exchange(fds[end], -1)); }
  int take(std::size_t end) { return std::exchange(fds[end], -1); }
};

std::string pattern() {
  const char* set = std::getenv("TMPDIR");
  return std::string(set != nullptr && *set == '/' ? set : "/tmp") + "/tarn-engine-XXXXXX";
}

/// The child's life: makes the folder and tells its name, waits for the parent's end, removes the
/// folder, leaves. It makes the folder itself, once no signal to the parent's group can reach it,
/// so that there is never a folder without somebody to remove it.
[[noreturn]] void keepFolder(int parent, int answer) {
  ::setsid();
  for (const int signal : {SIGHUP, SIGINT, SIGTERM, SIGPIPE}) {
    std::signal(signal, SIG_IGN);
  }
  ::prctl(PR_SET_NAME, "tarn-scratch");
  auto folder = pattern();
  if (::mkdtemp(folder.data()) == nullptr) {
    ::_exit(1);
  }
  (void)!::write(answer, folder.data(), folder.size());
  // Nothing of the parent's may stay open here, or nobody would see it end.
  ::dup2(parent, STDIN_FILENO);
  ::close_range(STDOUT_FILENO, ~0U, 0);
  char byte = 0;
  while (::read(STDIN_FILENO, &byte, 1) < 0 && errno == EINTR) {
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
  ::_exit(0);
}

std::string readAll(int fd) {
  std::string text;
  std::array<char, 4096> piece{};
  while (true) {
    const auto got = ::read(fd, piece.data(), piece.size());
    if (got > 0) {
      text.append(piece.data(), static_cast<std::size_t>(got));
    } else if (got == 0 || errno != EINTR) {
      return text;
    }
  }
}

}  // namespace

ScratchFolder::ScratchFolder() {
  Ends alive;
  Ends name;
  janitor_ = ::fork();
  if (janitor_ == 0) {
    alive.close(1);
    keepFolder(alive.fds[0], name.fds[1]);
  }
  name.close(1);
  path_ = janitor_ < 0 ? "" : readAll(name.fds[0]);
  if (path_.empty()) {
    throw Error(ErrorCode::io, "The engine cannot make its temporary folder " + pattern() + ".",
                "Check that TMPDIR (or /tmp) exists and can be written to.");
  }
  alive_ = alive.take(1);
}

ScratchFolder::~ScratchFolder() {
  ::close(alive_);
  ::waitpid(janitor_, nullptr, 0);
}

}  // namespace tarn::engine
