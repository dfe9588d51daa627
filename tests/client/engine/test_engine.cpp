// An engine without LibTorch: `tarn-test-engine [--noise BYTES] [--behave HOW] [--memory MIB]`.
// Without --behave it is as confined as tarn-engine.
#include <cstdlib>
#include <iostream>
#include <map>

#include "engine/server/confinement.h"
#include "engine/server/scratch_folder.h"
#include "engine/server/standard_streams.h"
#include "tests/client/engine/bad_manners.h"
#include "tests/client/engine/handlers.h"
#include "topology/base/error.h"

int main(int argc, char** argv) {
  using namespace tarn;
  try {
    std::map<std::string, std::string> options;
    for (int i = 1; i + 1 < argc; i += 2) {
      options[argv[i]] = argv[i + 1];
    }
    if (options.contains("--noise")) {
      std::cout << std::string(std::stoul(options["--noise"]), '.') << std::flush;
    }
    if (options.contains("--behave")) {
      return test::misbehave(options["--behave"]);
    }
    std::optional<std::uint64_t> memory;
    if (options.contains("--memory")) {
      memory = std::stoull(options["--memory"]);
    }
    const auto pipe = engine::takeStandardStreams();
    const engine::ScratchFolder scratch;
    ::setenv("TMPDIR", scratch.path().c_str(), 1);
    engine::ServerOptions server;
    server.heartbeat = std::chrono::milliseconds(100);
    server.grace = std::chrono::milliseconds(500);
    server.confinement = toJson(engine::confine(scratch.path(), memory));
    engine::Server engine(server);
    test::addHandlers(engine);
    return engine.run(pipe.in, pipe.out);
  } catch (const std::exception& error) {
    std::cerr << "tarn-test-engine: " << error.what() << '\n';
    return 2;
  }
}
