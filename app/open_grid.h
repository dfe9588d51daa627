#pragma once

#include <optional>
#include <stop_token>
#include <string>

#include "engine/project/project.h"
#include "topology/analysis/serpentine.h"
#include "topology/grid/scalar_grid.h"

namespace tarn::app {

/// A grid, and what its project knows of it.
struct OpenedGrid {
  ScalarGrid grid;
  std::optional<double> modelLoss;             ///< the loss at the model itself
  std::optional<std::string> unfinished = {};  ///< whyUnfinished()
  std::optional<SerpentineCheck> undone = {};  ///< the serpentine shift that was undone
};

/// Which words openLandscapeGrid takes, for --help.
inline constexpr const char* kGridWords =
    "a grid file (npy, npz, h5, hdf5, vti, csv, tsv, json), FILE#NAME for other values in it, or "
    "NAME.tarn[#landscape/ID]";

/// The grid that a word of the command line means: a file that readGridFile reads (`FILE#NAME` for
/// other values than the loss), or a landscape's loss in a project (`NAME.tarn#landscape/ID`;
/// without an id the latest). Throws the readers' errors.
OpenedGrid openLandscapeGrid(const std::string& address, const std::stop_token& stop);

/// That a landscape is not finished, and how to go on with it; nothing of one that is.
std::optional<std::string> whyUnfinished(const Project& project, const StoredLandscape& landscape);

/// Why there is nothing to see in a grid: no value is a number, or all are the same. Mostly
/// nothing.
std::optional<std::string> whyNothingToSee(const ScalarGrid& grid);

/// True when the word names a project file (by its ending, before any #address).
bool isProject(const std::string& address);

}  // namespace tarn::app
