#pragma once

#include <optional>
#include <string>

#include "topology/grid/scalar_grid.h"

namespace tarn::app {

/// A grid, and what its project knows of it.
struct OpenedGrid {
  ScalarGrid grid;
  std::optional<double> modelLoss;  ///< the loss at the model itself
  bool repaired = false;            ///< a serpentine shift was undone
};

/// The grid that a word of the command line means: a file that readGrid reads, or a landscape's
/// loss in a project (`NAME.tarn#landscape/ID`; without an id the latest). Throws the readers'
/// errors.
OpenedGrid openLandscapeGrid(const std::string& address);

/// True when the word names a project file (by its ending, before any #address).
bool isProject(const std::string& address);

}  // namespace tarn::app
