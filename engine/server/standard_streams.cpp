#include "engine/server/standard_streams.h"

#include <cerrno>
#include <cstring>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

int checked(int result) {
  if (result < 0) {
    throw Error(
        ErrorCode::io,
        std::string("The engine cannot take its standard streams: ") + std::strerror(errno) + ".",
        "Start tarn-engine with stdin and stdout open; tarn does so itself.");
  }
  return result;
}

}  // namespace

Pipe takeStandardStreams() {
  constexpr int firstPrivate = 3;
  const Pipe pipe{checked(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, firstPrivate)),
                  checked(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, firstPrivate))};
  const int null = checked(::open("/dev/null", O_RDWR | O_CLOEXEC));
  checked(::dup2(null, STDIN_FILENO));
  if (::fcntl(STDERR_FILENO, F_GETFD) < 0) {
    checked(::dup2(null, STDERR_FILENO));
  }
  checked(::dup2(STDERR_FILENO, STDOUT_FILENO));
  if (null > STDERR_FILENO) {
    ::close(null);
  }
  return pipe;
}

}  // namespace tarn::engine
