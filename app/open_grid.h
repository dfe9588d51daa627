#pragma once

#include <string>

#include "topology/grid/scalar_grid.h"

namespace tarn::app {

/// The grid that a word of the command line means: an .npy or .npz file, or a landscape's loss in a
/// project (`NAME.tarn#landscape/ID`; without an id the latest). Throws the readers' errors.
ScalarGrid openGrid(const std::string& address);

/// True when the word names a project file (by its ending, before any #address).
bool isProject(const std::string& address);

}  // namespace tarn::app
