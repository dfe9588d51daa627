#include "app/commands/spectrum_weights.h"

#include <algorithm>
#include <format>
#include <iostream>
#include <string>
#include <vector>

#include "app/progress_printer.h"
#include "engine/tasks/weight_spectra_task.h"

namespace tarn::app {
namespace {

/// One row; the first cell is the matrix's name.
void printRow(const std::vector<std::string>& cells, std::size_t nameWidth) {
  std::cout << std::format("{:<{}}", cells.front(), nameWidth);
  for (std::size_t i = 1; i < cells.size(); ++i) {
    std::cout << std::format("  {:>{}}", cells[i], i == 1 ? 13 : 9);
  }
  std::cout << '\n';
}

std::string shapeOf(const nlohmann::json& layer) {
  std::string text;
  for (const auto& extent : layer.at("shape")) {
    text += (text.empty() ? "" : "x") + extent.dump();
  }
  return text;
}

std::string number(const nlohmann::json& value, int digits) {
  return value.is_number() ? std::format("{:.{}g}", value.get<double>(), digits) : "-";
}

/// How many eigenvalues lie above the Marchenko–Pastur edge.
std::string aboveEdge(const nlohmann::json& layer) {
  const auto& edges = layer.at("marchenko_pastur");
  if (!edges.is_object()) {
    return "-";
  }
  const double edge = edges.at("high").get<double>();
  const auto& values = layer.at("eigenvalues");
  return std::to_string(std::count_if(values.begin(), values.end(), [&](const auto& value) {
    return value.is_number() && value.template get<double>() > edge;
  }));
}

}  // namespace

int weightsAlone(const ExperimentOptions& options, const std::string& out,
                 const Invocation& invocation) {
  ExperimentText text = options.text;
  text.threads = invocation.global.threads;
  const nlohmann::json experiment = modelFromText(text);
  const auto project = out.empty() ? nullptr : Project::openOrCreate(out);
  ProgressPrinter progress(invocation.global.quiet);
  const auto client = startEngine(invocation);
  const StoredSpectrum spectrum =
      computeWeightSpectra(*client, project.get(), experiment, trustQuestion(invocation.global),
                           progress, invocation.stop);
  progress.finish();
  if (invocation.global.json) {
    printJson(spectrum.result);
  } else {
    printWeights(spectrum.result.at("weights"));
  }
  return 0;
}

void printWeights(const nlohmann::json& weights) {
  std::size_t widest = 5;
  for (const auto& layer : weights) {
    widest = std::max(widest, layer.at("name").get<std::string>().size());
  }
  printRow({"layer", "shape", "values", "α Hill", "α KS", "KS dist.", "α-hat", "α FARMS",
            "stab.rank", "spec.norm", "above MP"},
           widest);
  for (const auto& layer : weights) {
    const auto cell = [&](const char* key, int digits = 4) {
      return number(layer.at(key), digits);
    };
    printRow({layer.at("name").get<std::string>(), shapeOf(layer),
              std::to_string(layer.at("eigenvalues").size()), cell("alpha_hill"), cell("alpha_ks"),
              cell("ks_distance", 2), cell("alpha_hat"), cell("farms_alpha"), cell("stable_rank"),
              cell("spectral_norm"), aboveEdge(layer)},
             widest);
  }
  for (const auto& layer : weights) {
    if (const auto note = layer.find("note"); note != layer.end()) {
      std::cout << "  " << layer.at("name").get<std::string>() << ": " << note->get<std::string>()
                << "\n";
    }
  }
}

}  // namespace tarn::app
