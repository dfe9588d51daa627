#include <iostream>

#include "app/commands/command.h"
#include "app/open_grid.h"
#include "topology/analysis/analysis.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

struct AnalyzeOptions {
  std::vector<std::string> files;
  std::string connectivity = "2n";
};

void printText(const std::string& file, const nlohmann::json& result) {
  const auto number = [&](const char* key) {
    return result.value(key, nlohmann::json()).is_null() ? "undefined" : result.at(key).dump();
  };
  std::cout << file << ": grid " << result.at("shape").dump() << ", connectivity "
            << result.at("connectivity").get<std::string>() << '\n'
            << "  " << number("minima") << " minima, " << number("saddles") << " merge saddles, "
            << number("maxima") << " maxima, " << number("masked") << " masked cells\n"
            << "  SMAD " << number("smad") << ", normalized " << number("smad_normalized")
            << ", weighted " << number("smad_weighted") << ", both "
            << number("smad_normalized_weighted") << '\n'
            << "  mean persistence " << number("mean_persistence") << '\n';
  for (const auto& finding : result.at("health")) {
    std::cout << "  note: " << finding.at("message").get<std::string>() << '\n';
  }
}

int analyzeFiles(const AnalyzeOptions& options, const Invocation& invocation) {
  const Connectivity connectivity = connectivityFromString(options.connectivity);
  nlohmann::json results = nlohmann::json::array();
  for (const std::string& file : options.files) {
    nlohmann::json result = toJson(analyze(openGrid(file), connectivity));
    if (!invocation.global.json) {
      printText(file, result);
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
      program.add_subcommand("analyze", "merge tree, persistence and SMAD of a landscape");
  command->add_option("files", options->files, "npy, npz or NAME.tarn[#landscape/ID]")->required();
  command->add_option("--connectivity", options->connectivity, "which grid points are neighbours")
      ->check(CLI::IsMember({"2n", "freudenthal", "full"}))
      ->capture_default_str();
  command->callback(
      [=, &run] { run = [=](const Invocation& i) { return analyzeFiles(*options, i); }; });
}

}  // namespace tarn::app
