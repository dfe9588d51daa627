#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/io/nd_array.h"

namespace tarn {

/// The numbers at the points of a VTK image (.vti) as arrays: `axis.0`, `axis.1`, … (VTK's z, y, x;
/// axes of one point are left out), every array of one component under its name, and the one that
/// the file calls its scalars, or else the first, once more as `values`. Calls VTK on a file that
/// may be hostile: only for processes that may die of it. Throws Error(badInput) when it is no
/// image or damaged, Error(unsupported) when it has more than `mostPoints` points.
std::map<std::string, NdArray> readVtiArrays(const std::filesystem::path& path,
                                             std::int64_t mostPoints);

/// Numbers at the vertices of a grid.
struct VertexField {
  std::string name;
  std::vector<double> values;
};

/// Writes a grid of at most three evenly spaced axes, with its values as `loss` and other fields
/// beside them. Throws Error(unsupported) for other grids, Error(io).
void writeVti(const std::filesystem::path& path, const ScalarGrid& grid,
              const std::vector<VertexField>& fields = {});

}  // namespace tarn
