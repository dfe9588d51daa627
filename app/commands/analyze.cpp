#include <algorithm>
#include <iostream>

#include "app/commands/command.h"
#include "app/topology_options.h"
#include "app/wording.h"

namespace tarn::app {
namespace {

struct AnalyzeOptions {
  std::vector<std::string> files;
  TopologyOptions topology;
  bool check = false;
};

void printFindings(const nlohmann::json& result) {
  for (const auto& finding : result.at("health")) {
    std::cout << "  " << finding.at("code").get<std::string>() << ": "
              << finding.at("message").get<std::string>()
              << (finding.at("repairable").get<bool>() ? " --repair undoes it." : "") << '\n';
  }
}

void printCheck(const std::string& file, const nlohmann::json& result) {
  const std::size_t findings = result.at("health").size();
  std::cout << file << ": grid " << shapeText(result.at("shape")) << ", "
            << counted(result.at("masked").get<std::size_t>(), "masked cell", "masked cells")
            << "; " << (findings == 0 ? "sound" : counted(findings, "finding", "findings")) << '\n';
}

void printText(const std::string& file, const nlohmann::json& result) {
  const auto number = [&](const char* key) { return numberText(result.at(key)); };
  const auto count = [&](const char* key, const char* one, const char* several) {
    return counted(result.at(key).get<std::size_t>(), one, several);
  };
  std::cout << file << ": grid " << shapeText(result.at("shape")) << ", connectivity "
            << result.at("connectivity").get<std::string>()
            << (result.at("repaired").get<bool>() ? ", serpentine shift undone" : "") << '\n';
  if (!result.at("persistence_threshold").is_null()) {
    std::cout << "  simplified: branches of persistence up to " << number("persistence_threshold")
              << " are left out\n";
  }
  const bool constant = std::ranges::any_of(
      result.at("health"), [](const auto& finding) { return finding.at("code") == "constant"; });
  if (constant) {
    return;  // an only minimum and a SMAD of 0 would be true and say nothing: the finding does
  }
  std::cout << "  " << count("minima", "minimum", "minima") << ", "
            << count("saddles", "merge saddle", "merge saddles") << ", "
            << count("maxima", "maximum", "maxima") << ", "
            << count("masked", "masked cell", "masked cells") << '\n'
            << "  SMAD " << number("smad") << ", normalized " << number("smad_normalized")
            << ", weighted " << number("smad_weighted") << ", both "
            << number("smad_normalized_weighted") << '\n'
            << "  SMAD of the contour tree " << number("smad_contour_tree") << ", mean persistence "
            << number("mean_persistence") << '\n';
}

int analyzeFiles(const AnalyzeOptions& options, const Invocation& invocation) {
  nlohmann::json results = nlohmann::json::array();
  for (const std::string& file : options.files) {
    const OpenedGrid opened = openGrid(file, options.topology, invocation.stop);
    const Analysis analysis =
        analyze(opened.grid, analysisOptions(options.topology, opened), invocation.stop);
    nlohmann::json result = options.check ? healthJson(analysis) : toJson(analysis, opened.grid);
    if (!options.check) {
      result["repaired"] = opened.undone.has_value();
    }
    result["warnings"] = nlohmann::json::array();
    if (opened.unfinished) {
      const std::string warning = *opened.unfinished + " What is missing counts as masked.";
      warn(warning);
      result["warnings"].push_back(warning);
    }
    if (!invocation.global.json) {
      options.check ? printCheck(file, result) : printText(file, result);
      printFindings(result);
    }
    results.push_back(std::move(result));
  }
  if (invocation.global.json) {
    printJson(results.size() == 1 ? results.front() : results);
  }
  return 0;
}

}  // namespace

void addAnalyze(CLI::App& program, Run& run) {
  auto options = std::make_shared<AnalyzeOptions>();
  CLI::App* command =
      program.add_subcommand("analyze", "merge tree, persistence, SMAD and health of landscapes");
  command->add_option("files", options->files, kGridWords)->required();
  addTopologyOptions(*command, options->topology);
  command->add_flag(
      "--check", options->check,
      "only what looks wrong with the grid, with its shape and masked cells; exit code "
      "0 whether or not something is found");
  command->callback(
      [=, &run] { run = [=](const Invocation& i) { return analyzeFiles(*options, i); }; });
}

}  // namespace tarn::app
