// tarn-engine: the process that loads models and computes. It is started by tarn and speaks the
// protocol of engine/protocol/README.md on its stdin and stdout.
#include <charconv>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string_view>

#include "engine/handlers/register.h"
#include "engine/server/confinement.h"
#include "engine/server/heap.h"
#include "engine/server/scratch_folder.h"
#include "engine/server/server.h"
#include "engine/server/standard_streams.h"
#include "topology/base/error.h"

namespace {

using namespace tarn;

constexpr std::string_view kUsage =
    "usage: tarn-engine [--memory MIB] [--version]\n"
    "The compute server of tarn, which starts it and talks to it over stdin and stdout.\n"
    "  --memory MIB  take at most this much address space\n";

std::uint64_t mebibytes(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value == 0) {
    throw Error(ErrorCode::usage,
                "--memory wants a whole number of MiB, not '" + std::string(text) + "'.");
  }
  return value;
}

int serve(std::optional<std::uint64_t> memoryMiB) {
  const engine::Pipe pipe = engine::takeStandardStreams();
  const engine::ScratchFolder scratch;
  ::setenv("TMPDIR", scratch.path().c_str(), 1);
  engine::ServerOptions options;
  options.confinement = toJson(engine::confine(scratch.path(), memoryMiB));
  engine::Server server(options);
  engine::registerHandlers(server);
  return server.run(pipe.in, pipe.out);
}

}  // namespace

int main(int argc, char** argv) {
  engine::keepFreedMemory();
  try {
    std::optional<std::uint64_t> memoryMiB;
    for (int i = 1; i < argc; ++i) {
      const std::string_view argument = argv[i];
      if (argument == "--version") {
        std::cout << "tarn-engine " TARN_VERSION "\n";
        return 0;
      }
      if (argument == "--help" || argument == "-h") {
        std::cout << kUsage;
        return 0;
      }
      if (argument != "--memory" || i + 1 == argc) {
        std::cerr << kUsage;
        return 2;
      }
      memoryMiB = mebibytes(argv[++i]);
    }
    const int status = serve(memoryMiB);
    std::cerr.flush();
    // Tearing down LibTorch takes seconds on a busy machine and serves nobody.
    std::_Exit(status);
  } catch (const Error& error) {
    std::cerr << "tarn-engine: " << error.what() << ' ' << error.remedy() << '\n';
    return error.code() == ErrorCode::usage ? 2 : 1;
  } catch (const std::exception& error) {
    std::cerr << "tarn-engine: " << error.what() << '\n';
    return 1;
  }
}
