// tarn: the command line, and the window when no command is given.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "app/commands/command.h"
#include "app/interrupt.h"
#include "app/usage.h"
#include "engine/project/address.h"
#include "topology/base/error.h"
#include "ui/window/run_window.h"

namespace {

using tarn::app::GlobalOptions;
using tarn::app::Invocation;
using tarn::app::misunderstood;
using tarn::app::Run;

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;
constexpr int kInterrupted = 130;

void addGlobalOptions(CLI::App& program, GlobalOptions& global) {
  const auto common = [](CLI::Option* option) { return option->group(tarn::app::kGlobalGroup); };
  common(
      program.add_flag("--json", global.json, "print one JSON document on stdout, nothing else"));
  common(program.add_flag("--quiet", global.quiet, "no progress, no remarks; warnings stay"));
  common(program.add_flag("--trust", global.trust, "run the model file without asking"));
  common(program.add_option("--device", global.device, "where the engine computes"))
      ->check(CLI::IsMember({"cpu", "cuda"}))
      ->capture_default_str();
  common(program.add_option("--threads", global.threads, "threads of the engine (0: every core)"))
      ->check(CLI::Range(0, 4096));
  common(program.add_option("--seed", global.seed, "seed of everything random"));
  common(program.add_option("--memory", global.memoryMib,
                            "memory limit of the engine in MiB (0: none)"))
      ->check(CLI::Range(0, 1 << 30));
}

int exitCode(tarn::ErrorCode code) {
  switch (code) {
    case tarn::ErrorCode::usage:
      return kWrongUsage;
    case tarn::ErrorCode::cancelled:
      return kInterrupted;
    default:
      return kFailed;
  }
}

/// Whether the command, given again with --resume, goes on with what it has kept.
bool canGoOn(const CLI::App& program) {
  return std::ranges::any_of(program.get_subcommands(), [](const CLI::App* command) {
    const CLI::Option* out = command->get_option_no_throw("--out");
    std::error_code ignored;
    return out != nullptr && out->count() > 0 &&
           command->get_option_no_throw("--resume") != nullptr &&
           std::filesystem::exists(tarn::parseAddress(out->as<std::string>()).path, ignored);
  });
}

int report(const tarn::Error& error, const CLI::App& program) {
  if (error.code() == tarn::ErrorCode::cancelled) {
    std::cerr << "tarn: Interrupted; what was computed is kept.\n";
    if (canGoOn(program)) {
      std::cerr << "      The same command with --resume goes on.\n";
    }
  } else {
    std::cerr << "tarn: " << error.what() << '\n';
  }
  if (!error.remedy().empty()) {
    std::cerr << "      " << error.remedy() << '\n';
  }
  return exitCode(error.code());
}

int complain(const std::string& sentence) {
  std::cerr << "tarn: " << sentence << '\n';
  return kWrongUsage;
}

// The command line as a shell would take it again: words with other than plain characters quoted.
std::string joinArguments(int argc, char** argv) {
  constexpr const char* kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
  std::string line = "tarn";
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) {
      line += " " + word;
      continue;
    }
    line += " '";
    for (const char c : word) {
      line += c == '\'' ? std::string("'\\''") : std::string(1, c);
    }
    line += "'";
  }
  return line;
}

int runCommand(const Run& run, const GlobalOptions& global, std::string line) {
  const tarn::app::Interrupt interrupt;
  return run(Invocation{global, interrupt.token(), std::move(line)});
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{
      "Tarn: the loss landscape of a neural network, its topology, and optimizers on it", "tarn"};
  program.formatter(std::make_shared<tarn::app::HelpFormatter>());
  program.set_version_flag("--version", "tarn " TARN_VERSION);
  program.fallthrough();
  program.require_subcommand(0, 1);
  program.footer("Without a command, tarn opens its window: tarn [FILE]");

  GlobalOptions global;
  addGlobalOptions(program, global);
  std::string file;
  program.add_option("FILE", file, "project, landscape or model to open in the window");

  Run run;
  tarn::app::addDemo(program, run);
  tarn::app::addSpectrum(program, run);
  tarn::app::addSample(program, run);
  tarn::app::addTrain(program, run);
  tarn::app::addAnalyze(program, run);
  tarn::app::addCompare(program, run);
  tarn::app::addRender(program, run);
  tarn::app::addExport(program, run);
  tarn::app::addTool(program, run);
  tarn::app::addInfo(program, run);
  tarn::app::addDoctor(program, run);

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const auto wrong = error.get_exit_code() == 0 ? std::nullopt : misunderstood(program, file);
    if (wrong) {
      return complain(*wrong);
    }
    return program.exit(error) == 0 ? kDone : kWrongUsage;
  }

  try {
    if (const auto wrong = misunderstood(program, file)) {
      return complain(*wrong);
    }
    if (run) {
      return runCommand(run, global, joinArguments(argc, argv));
    }
    return tarn::ui::runWindow(argc, argv,
                               file.empty() ? std::nullopt : std::optional<std::string>(file));
  } catch (const tarn::Error& error) {
    return report(error, program);
  } catch (const std::bad_alloc&) {
    std::cerr << "tarn: There is not enough memory for this.\n";
    return kFailed;
  } catch (const std::exception& error) {
    std::cerr << "tarn: Something unexpected failed: " << tarn::asSentence(error.what()) << '\n';
    return kFailed;
  }
}
