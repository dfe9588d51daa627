#include <iostream>

#include "app/commands/command.h"
#include "app/topology_options.h"

namespace tarn::app {
namespace {

struct AnalyzeOptions {
  std::vector<std::string> files;
  TopologyOptions topology;
  bool check = false;
};

std::string found(std::size_t findings) {
  if (findings == 0) {
    return "sound";
  }
  return std::to_string(findings) + (findings == 1 ? " finding" : " findings");
}

void printFindings(const nlohmann::json& result) {
  for (const auto& finding : result.at("health")) {
    std::cout << "  " << finding.at("code").get<std::string>() << ": "
              << finding.at("message").get<std::string>()
              << (finding.at("repairable").get<bool>() ? " --repair undoes it." : "") << '\n';
  }
}

void printText(const std::string& file, const nlohmann::json& result) {
  const auto number = [&](const char* key) {
    return result.value(key, nlohmann::json()).is_null() ? "undefined" : result.at(key).dump();
  };
  std::cout << file << ": grid " << result.at("shape").dump() << ", connectivity "
            << result.at("connectivity").get<std::string>()
            << (result.at("repaired").get<bool>() ? ", serpentine shift undone" : "") << '\n';
  if (!result.at("persistence_threshold").is_null()) {
    std::cout << "  simplified: branches of persistence up to " << number("persistence_threshold")
              << " are left out\n";
  }
  std::cout << "  " << number("minima") << " minima, " << number("saddles") << " merge saddles, "
            << number("maxima") << " maxima, " << number("masked") << " masked cells\n"
            << "  SMAD " << number("smad") << ", normalized " << number("smad_normalized")
            << ", weighted " << number("smad_weighted") << ", both "
            << number("smad_normalized_weighted") << '\n'
            << "  SMAD of the contour tree " << number("smad_contour_tree") << ", mean persistence "
            << number("mean_persistence") << '\n';
}

int analyzeFiles(const AnalyzeOptions& options, const Invocation& invocation) {
  nlohmann::json results = nlohmann::json::array();
  bool sound = true;
  for (const std::string& file : options.files) {
    const OpenedGrid opened = openGrid(file, options.topology, invocation.stop);
    nlohmann::json result =
        toJson(analyze(opened.grid, analysisOptions(options.topology, opened), invocation.stop));
    result["repaired"] = opened.undone.has_value();
    sound = sound && result.at("health").empty();
    if (!invocation.global.json) {
      if (options.check) {
        std::cout << file << ": " << found(result.at("health").size()) << '\n';
      } else {
        printText(file, result);
      }
      printFindings(result);
    }
    results.push_back(std::move(result));
  }
  if (invocation.global.json) {
    printJson(results.size() == 1 ? results.front() : results);
  }
  return options.check && !sound ? 1 : 0;
}

}  // namespace

void addAnalyze(CLI::App& program, Run& run) {
  auto options = std::make_shared<AnalyzeOptions>();
  CLI::App* command =
      program.add_subcommand("analyze", "merge tree, persistence, SMAD and health of landscapes");
  command->add_option("files", options->files, kGridWords)->required();
  addTopologyOptions(*command, options->topology);
  command->add_flag("--check", options->check,
                    "only the health; exit code 1 when something is found");
  command->callback(
      [=, &run] { run = [=](const Invocation& i) { return analyzeFiles(*options, i); }; });
}

}  // namespace tarn::app
