#pragma once

#include <CLI/CLI.hpp>
#include <string>

#include "app/open_grid.h"
#include "topology/analysis/analysis.h"

namespace tarn::app {

/// --connectivity, --persistence, --superlevel and --repair: how a grid is looked at.
struct TopologyOptions {
  std::string connectivity = "2n";
  std::string persistence;  ///< empty, "auto" or a number
  bool superlevel = false;
  bool repair = false;
};

void addTopologyOptions(CLI::App& command, TopologyOptions& options);

/// The serpentine shift of a grid, when --repair asks for it to be undone and there is one.
std::optional<SerpentineCheck> shiftToUndo(const TopologyOptions& options, const ScalarGrid& grid);

/// The grid of an address, its serpentine shift undone when --repair asks for it and there is one.
/// Throws what openLandscapeGrid throws.
OpenedGrid openGrid(const std::string& address, const TopologyOptions& options,
                    const std::stop_token& stop);

/// What to ask of a grid that was opened.
AnalysisOptions analysisOptions(const TopologyOptions& options, const OpenedGrid& opened);

/// What to ask of a grid. Throws Error(usage) for a threshold that is no number ≥ 0.
AnalysisOptions analysisOptions(const TopologyOptions& options, const ScalarGrid& grid);

}  // namespace tarn::app
