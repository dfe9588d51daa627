#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "topology/grid/scalar_grid.h"
#include "topology/io/nd_array.h"

namespace tarn {

/// Reads a grid from
/// - .npy: an array of numbers; coordinates 0, 1, 2, …
/// - .npz of Tarn: `values`, and `axis.0`, `axis.1`, … when there are coordinates
/// - .npz of Landscaper: `loss` and `coordinates` (one row an axis)
/// Throws Error(badInput) for anything else, Error(notFound), Error(io), Error(unsupported).
ScalarGrid readGrid(const std::filesystem::path& path);

/// The members of the .npz of Tarn: `values`, `axis.0`, …, and the same once more as Landscaper's
/// `loss` and `coordinates` when all axes have the same length.
std::map<std::string, NdArray> gridArrays(const ScalarGrid& grid);

/// Writes these as an .npz. Throws Error(io).
void writeGridNpz(const std::filesystem::path& path, const ScalarGrid& grid);

}  // namespace tarn
