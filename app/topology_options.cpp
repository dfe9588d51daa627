#include "app/topology_options.h"

#include <charconv>
#include <cmath>
#include <utility>

#include "topology/base/error.h"

namespace tarn::app {
namespace {

std::optional<double> threshold(const std::string& text, const ScalarGrid& grid) {
  if (text.empty()) {
    return std::nullopt;
  }
  if (text == "auto") {
    return automaticThreshold(grid);
  }
  double value = 0.0;
  const char* end = text.data() + text.size();
  const auto [read, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || read != end || !std::isfinite(value) || value < 0.0) {
    throw Error(ErrorCode::usage, "--persistence " + text + " is no threshold.",
                "Give a number of 0 or more in the unit of the values, or auto.");
  }
  return value;
}

}  // namespace

void addTopologyOptions(CLI::App& command, TopologyOptions& options) {
  command.add_option("--connectivity", options.connectivity, "which grid points are neighbours")
      ->check(CLI::IsMember({"2n", "freudenthal", "full"}))
      ->capture_default_str();
  command.add_option("--persistence", options.persistence,
                     "leave out branches of at most this persistence; auto: twice the rounding");
  command.add_flag("--superlevel", options.superlevel, "follow {f >= t}: maxima for minima");
  command.add_flag("--repair", options.repair, "undo a serpentine shift first, where there is one");
}

std::optional<SerpentineCheck> shiftToUndo(const TopologyOptions& options, const ScalarGrid& grid) {
  if (options.repair) {
    if (const SerpentineCheck check = serpentineCheck(grid); check.isDisplaced()) {
      return check;
    }
  }
  return std::nullopt;
}

OpenedGrid openGrid(const std::string& address, const TopologyOptions& options,
                    const std::stop_token& stop) {
  OpenedGrid opened = openLandscapeGrid(address, stop);
  opened.undone = shiftToUndo(options, opened.grid);
  if (opened.undone) {
    opened.grid = undoSerpentine(opened.grid, *opened.undone);
  }
  return opened;
}

AnalysisOptions analysisOptions(const TopologyOptions& options, const OpenedGrid& opened) {
  AnalysisOptions wanted = analysisOptions(options, opened.grid);
  wanted.modelLoss = opened.modelLoss;
  return wanted;
}

AnalysisOptions analysisOptions(const TopologyOptions& options, const ScalarGrid& grid) {
  return {.connectivity = connectivityFromString(options.connectivity),
          .levels = options.superlevel ? Levels::superlevel : Levels::sublevel,
          .threshold = threshold(options.persistence, grid),
          .modelLoss = std::nullopt};
}

}  // namespace tarn::app
