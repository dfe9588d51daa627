#include "ui/window/refining_grid.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/project/tile_layout.h"

namespace tarn::ui {
namespace {

std::vector<std::size_t> lengths(const std::vector<Axis>& axes) {
  std::vector<std::size_t> result;
  result.reserve(axes.size());
  for (const Axis& axis : axes) {
    result.push_back(axis.coordinates.size());
  }
  return result;
}

std::vector<std::size_t> indicesOf(std::size_t vertex, const std::vector<std::size_t>& shape) {
  std::vector<std::size_t> indices(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0;) {
    indices[axis] = vertex % shape[axis];
    vertex /= shape[axis];
  }
  return indices;
}

std::size_t vertexOf(const std::vector<std::size_t>& indices,
                     const std::vector<std::size_t>& shape) {
  std::size_t vertex = 0;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    vertex = vertex * shape[axis] + indices[axis];
  }
  return vertex;
}

bool onLattice(const std::vector<std::size_t>& indices, const std::vector<std::size_t>& shape,
               std::size_t stride) {
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (indices[axis] % stride != 0 && indices[axis] + 1 != shape[axis]) {
      return false;
    }
  }
  return true;
}

/// The finest lattice that is computed throughout; 0 when not even the coarsest is.
std::size_t completeStride(const RefiningGrid& grid, const std::vector<std::size_t>& shape) {
  // The smallest stride that a missing vertex does not lie on, found in one pass.
  std::size_t stride = 1;
  const std::size_t longest = *std::ranges::max_element(shape);
  for (std::size_t vertex = 0; vertex < grid.values.size(); ++vertex) {
    if (!grid.computed[vertex]) {
      const auto indices = indicesOf(vertex, shape);
      while (onLattice(indices, shape, stride)) {
        stride *= 2;
        if (stride >= 2 * longest) {
          return 0;
        }
      }
    }
  }
  return stride;
}

/// Multilinear interpolation from the corners of the lattice cell that the vertex lies in.
double interpolate(const RefiningGrid& grid, const std::vector<std::size_t>& shape,
                   const std::vector<std::size_t>& indices, std::size_t stride) {
  const std::size_t axes = shape.size();
  std::vector<std::size_t> low(axes);
  std::vector<std::size_t> high(axes);
  std::vector<double> part(axes);
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const std::size_t last = shape[axis] - 1;
    low[axis] = indices[axis] == last ? last : indices[axis] / stride * stride;
    high[axis] = indices[axis] == low[axis] ? low[axis] : std::min(low[axis] + stride, last);
    const auto& at = grid.axes[axis].coordinates;
    part[axis] = high[axis] == low[axis]
                     ? 0.0
                     : (at[indices[axis]] - at[low[axis]]) / (at[high[axis]] - at[low[axis]]);
  }
  double sum = 0.0;
  std::vector<std::size_t> corner(axes);
  for (std::size_t bits = 0; bits < (std::size_t{1} << axes); ++bits) {
    double weight = 1.0;
    for (std::size_t axis = 0; axis < axes; ++axis) {
      const bool up = (bits >> axis & 1U) != 0;
      corner[axis] = up ? high[axis] : low[axis];
      weight *= up ? part[axis] : 1.0 - part[axis];
    }
    if (weight != 0.0) {
      sum += weight * grid.values[vertexOf(corner, shape)];
    }
  }
  return sum;
}

/// The grid with values from the lattice where missing(vertex, indices, stride) says so.
template <typename Missing>
ScalarGrid interpolatedWhere(const RefiningGrid& grid, const Missing& missing) {
  std::vector<double> values = grid.values;
  const auto shape = lengths(grid.axes);
  const std::size_t stride = completeStride(grid, shape);
  if (stride > 1) {
    for (std::size_t vertex = 0; vertex < values.size(); ++vertex) {
      const auto indices = indicesOf(vertex, shape);
      if (missing(vertex, indices, stride)) {
        values[vertex] = interpolate(grid, shape, indices, stride);
      }
    }
  }
  return {grid.axes, std::move(values)};
}

/// Calls place(vertex, value) for a quantity's values in tiles.
template <typename Place>
void placeValues(const RefiningGrid& grid, const std::string& quantity,
                 std::span<const StoredTile> tiles, Place place) {
  if (grid.order == nullptr) {
    return;
  }
  const TileOrder& order = *grid.order;
  for (const StoredTile& tile : tiles) {
    const auto values = tile.values.find(quantity);
    if (values == tile.values.end() || tile.index >= order.tiles()) {
      continue;
    }
    const auto vertices = order.tile(tile.index);
    for (std::size_t i = 0; i < std::min(vertices.size(), values->second.size()); ++i) {
      place(vertices[i], values->second[i]);
    }
  }
}

}  // namespace

RefiningGrid beginRefining(const StoredLandscape& landscape, std::span<const double> present) {
  RefiningGrid grid;
  grid.axes = landscape.axes;
  grid.order = std::make_shared<const TileOrder>(orderOf(landscape));
  const auto shape = lengths(grid.axes);
  const std::size_t points =
      std::accumulate(shape.begin(), shape.end(), std::size_t{1}, std::multiplies<>());
  grid.values.assign(points, std::numeric_limits<double>::quiet_NaN());
  grid.computed.assign(points, false);
  if (present.size() == points) {
    for (std::size_t i = 0; i < points; ++i) {
      grid.values[i] = present[i];
      grid.computed[i] = !std::isnan(present[i]);
      grid.computedCount += grid.computed[i] ? 1 : 0;
    }
  }
  return grid;
}

void addTiles(RefiningGrid& grid, std::span<const StoredTile> tiles) {
  placeValues(grid, "loss", tiles, [&grid](std::size_t vertex, double value) {
    grid.values[vertex] = value;
    grid.computedCount += grid.computed[vertex] ? 0 : 1;
    grid.computed[vertex] = true;
  });
}

void addTiles(const RefiningGrid& grid, PointQuantities& quantities,
              std::span<const StoredTile> tiles) {
  for (auto& quantity : quantities) {
    std::vector<double>& values = quantity.second;
    if (values.size() == grid.values.size()) {
      placeValues(grid, quantity.first, tiles,
                  [&values](std::size_t vertex, double value) { values[vertex] = value; });
    }
  }
}

ScalarGrid preview(const RefiningGrid& grid) {
  return interpolatedWhere(
      grid, [&](std::size_t vertex, const auto&, std::size_t) { return !grid.computed[vertex]; });
}

ScalarGrid evenPreview(const RefiningGrid& grid) {
  const auto shape = lengths(grid.axes);
  return interpolatedWhere(grid, [&](std::size_t, const auto& indices, std::size_t stride) {
    return !onLattice(indices, shape, stride);
  });
}

}  // namespace tarn::ui
