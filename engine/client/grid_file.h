#pragma once

#include <filesystem>
#include <stop_token>
#include <string>

#include "topology/grid/scalar_grid.h"

namespace tarn {

/// A file, and which of its values are meant: `PATH#NAME`. A '#' in the name of a file that is
/// there is no address.
struct GridAddress {
  std::filesystem::path path;
  std::string field;  ///< empty: what the format calls its values
};
GridAddress parseGridAddress(const std::string& text);

/// Reads a grid from any file that Tarn knows: what readGrid takes, and HDF5 (.h5, .hdf5) and VTK
/// images (.vti), which tarn-reader reads in a process of its own. See gridFromArrays for the names
/// that are looked for. Throws as readGrid, Error(badInput) when that process died of the file or
/// did not come to an end, and Error(cancelled).
ScalarGrid readGridFile(const GridAddress& address, const std::stop_token& stop = {});

}  // namespace tarn
