#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>

namespace tarn::app {

/// The options that every command takes.
struct GlobalOptions {
  bool json = false;
  bool quiet = false;
  bool trust = false;
  std::string device = "cpu";
  int threads = 0;  ///< 0: as many as the machine has cores
  std::uint64_t seed = 0;
  int memoryMib = 0;  ///< 0: no limit
};

/// What a command is run with. `stop` is requested by Ctrl-C.
struct Invocation {
  GlobalOptions global;
  std::stop_token stop;
  std::string line;  ///< the command line as typed, for provenance
};

/// Runs a command: returns the exit code, throws tarn::Error.
using Run = std::function<int(const Invocation&)>;

/// Each command adds its options to the program and sets `run` when it was the one asked for:
///
///     void addInfo(CLI::App& program, Run& run) {
///       auto options = std::make_shared<InfoOptions>();
///       CLI::App* command = program.add_subcommand("info", "what is inside a file");
///       command->add_option("file", options->file)->required();
///       command->callback([=, &run] { run = [=](const Invocation& i) { return info(*options, i);
///       }; });
///     }
void addAnalyze(CLI::App& program, Run& run);
void addCompare(CLI::App& program, Run& run);
void addDemo(CLI::App& program, Run& run);
void addDoctor(CLI::App& program, Run& run);
void addExport(CLI::App& program, Run& run);
void addInfo(CLI::App& program, Run& run);
void addRender(CLI::App& program, Run& run);
void addSample(CLI::App& program, Run& run);
void addSpectrum(CLI::App& program, Run& run);
void addTool(CLI::App& program, Run& run);
void addTrain(CLI::App& program, Run& run);

/// Prints one JSON document on stdout; numbers that are not finite become null.
void printJson(const nlohmann::json& document);

}  // namespace tarn::app
