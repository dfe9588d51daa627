#include "ui/scene/slice.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <limits>

#include "topology/base/error.h"
#include "ui/scene/height_map.h"

namespace tarn::ui {
namespace {

std::size_t nearestIndex(const std::vector<double>& coordinates, double to) {
  const auto nearest = std::ranges::min_element(
      coordinates, {}, [to](double coordinate) { return std::abs(coordinate - to); });
  return static_cast<std::size_t>(nearest - coordinates.begin());
}

std::size_t firstIndex(const std::vector<double>& coordinates) {
  return coordinates.front() < 0.0 && coordinates.back() > 0.0 ? nearestIndex(coordinates, 0.0)
                                                               : (coordinates.size() - 1) / 2;
}

std::vector<std::int64_t> stridesOf(const ScalarGrid& grid) {
  std::vector<std::int64_t> strides(grid.dimension(), 1);
  for (std::size_t axis = grid.dimension() - 1; axis-- > 0;) {
    strides[axis] =
        strides[axis + 1] * static_cast<std::int64_t>(grid.axes()[axis + 1].coordinates.size());
  }
  return strides;
}

/// From a vertex of a slice to one of the whole grid, without a division by every axis.
class SliceVertices {
 public:
  SliceVertices(const ScalarGrid& whole, const Slice& slice) {
    const auto strides = stridesOf(whole);
    for (std::size_t axis = 0; axis < whole.dimension(); ++axis) {
      if (!slice.shows(axis)) {
        first_ += strides[axis] * static_cast<std::int64_t>(slice.at[axis]);
      }
    }
    along_ = {strides[slice.x], strides[slice.y]};
    columns_ = static_cast<std::int64_t>(whole.axes()[slice.x].coordinates.size());
    rows_ = static_cast<std::int64_t>(whole.axes()[slice.y].coordinates.size());
  }

  std::int64_t count() const { return columns_ * rows_; }
  std::int64_t whole(std::int64_t vertex) const {
    return first_ + vertex % columns_ * along_[0] + vertex / columns_ * along_[1];
  }

 private:
  std::int64_t first_ = 0;
  std::array<std::int64_t, 2> along_{};
  std::int64_t columns_ = 0;
  std::int64_t rows_ = 0;
};

template <typename Number>
std::vector<Number> sliced(const SliceVertices& vertices, const std::vector<Number>& ofWhole) {
  std::vector<Number> values;
  values.reserve(static_cast<std::size_t>(vertices.count()));
  for (std::int64_t vertex = 0; vertex < vertices.count(); ++vertex) {
    values.push_back(ofWhole[static_cast<std::size_t>(vertices.whole(vertex))]);
  }
  return values;
}

/// The tree of the whole with the vertices of a slice: who joins whom, and at what height, is as in
/// the whole.
MergeTree slicedTree(const MergeTree& tree, const ScalarGrid& whole, const Slice& slice) {
  MergeTree result;
  result.levels = tree.levels;
  result.connectivity = tree.connectivity;
  result.nodes = tree.nodes;
  for (TreeNode& node : result.nodes) {
    node.vertex = vertexOfSlice(whole, slice, node.vertex).value_or(-1);
  }
  result.minimaCount = tree.minimaCount;
  result.childOffsets = tree.childOffsets;
  result.childIndices = tree.childIndices;
  if (tree.arcOfVertex.size() == whole.size()) {
    result.arcOfVertex = sliced(SliceVertices(whole, slice), tree.arcOfVertex);
  }
  result.deathOfMinimum = tree.deathOfMinimum;
  result.spillOfMinimum = tree.spillOfMinimum;
  result.basinSizes = tree.basinSizes;
  return result;
}

/// "hessian:3 = 0.25", with commas between several.
std::string placeText(const LandscapeData& whole, const Slice& slice) {
  std::string text;
  for (std::size_t axis = 0; axis < whole.grid->dimension(); ++axis) {
    if (!slice.shows(axis)) {
      const Axis& along = whole.grid->axes()[axis];
      text += (text.empty() ? "" : ", ") + whole.axes.at(axis).name + " = " +
              formatNumber(along.coordinates[slice.at[axis]], 4);
    }
  }
  return text;
}

std::size_t requireAxis(const ScalarGrid& grid, const char* option, std::size_t number) {
  if (number < 1 || number > grid.dimension()) {
    throw Error(ErrorCode::usage,
                std::string("--") + option + " names axis " + std::to_string(number) +
                    ", and this landscape has " + std::to_string(grid.dimension()) + ".",
                "Axes are counted from 1, in the order of the directions.");
  }
  return number - 1;
}

/// What rounds to an end, by less than half a step, is on it.
void requireInside(const std::vector<double>& coordinates, std::size_t number, double coordinate) {
  const double low = coordinates.front();
  const double high = coordinates.back();
  const double steps = static_cast<double>(std::max<std::size_t>(coordinates.size(), 2) - 1);
  const double slack = coordinates.size() > 1 ? (high - low) / steps / 2 : std::abs(low) / 2;
  if (!(coordinate >= low - slack && coordinate <= high + slack)) {
    throw Error(ErrorCode::usage,
                std::format("--at places the slice at {:.4g} along axis {}, and that goes from "
                            "{:.4g} to {:.4g}.",
                            coordinate, number, low, high),
                "Choose a coordinate of the axis.");
  }
}

}  // namespace

Slice firstSlice(const ScalarGrid& grid) {
  Slice slice;
  std::vector<std::size_t> extended;
  for (std::size_t axis = 0; axis < grid.dimension(); ++axis) {
    const auto& coordinates = grid.axes()[axis].coordinates;
    slice.at.push_back(firstIndex(coordinates));
    if (coordinates.size() > 1) {
      extended.push_back(axis);
    }
  }
  if (extended.size() >= 2) {
    slice.y = extended[0];
    slice.x = extended[1];
  }
  return slice;
}

bool fits(const Slice& slice, const ScalarGrid& grid) {
  if (slice.at.size() != grid.dimension() || slice.x == slice.y || slice.x >= grid.dimension() ||
      slice.y >= grid.dimension()) {
    return false;
  }
  for (std::size_t axis = 0; axis < grid.dimension(); ++axis) {
    if (slice.at[axis] >= grid.axes()[axis].coordinates.size()) {
      return false;
    }
  }
  return true;
}

bool samePlane(const Slice& a, const Slice& b) {
  if (a.x != b.x || a.y != b.y || a.at.size() != b.at.size()) {
    return false;
  }
  for (std::size_t axis = 0; axis < a.at.size(); ++axis) {
    if (!a.shows(axis) && a.at[axis] != b.at[axis]) {
      return false;
    }
  }
  return true;
}

ScalarGrid slicedGrid(const ScalarGrid& whole, const Slice& slice) {
  const SliceVertices vertices(whole, slice);
  std::vector<double> values;
  values.reserve(static_cast<std::size_t>(vertices.count()));
  for (std::int64_t vertex = 0; vertex < vertices.count(); ++vertex) {
    values.push_back(whole.value(vertices.whole(vertex)));
  }
  return {{whole.axes()[slice.y], whole.axes()[slice.x]}, std::move(values)};
}

std::int64_t vertexOfWhole(const ScalarGrid& whole, const Slice& slice, std::int64_t vertex) {
  return SliceVertices(whole, slice).whole(vertex);
}

std::optional<std::int64_t> vertexOfSlice(const ScalarGrid& whole, const Slice& slice,
                                          std::int64_t vertex) {
  if (vertex < 0 || static_cast<std::size_t>(vertex) >= whole.size()) {
    return std::nullopt;
  }
  const auto indices = whole.indices(vertex);
  for (std::size_t axis = 0; axis < indices.size(); ++axis) {
    if (!slice.shows(axis) && indices[axis] != slice.at[axis]) {
      return std::nullopt;
    }
  }
  const std::size_t columns = whole.axes()[slice.x].coordinates.size();
  return static_cast<std::int64_t>(indices[slice.y] * columns + indices[slice.x]);
}

LandscapeData slicedLandscape(const LandscapeData& whole, const Slice& slice,
                              std::shared_ptr<const ScalarGrid> grid) {
  const ScalarGrid& all = *whole.grid;
  LandscapeData data;
  data.whole = whole.grid;
  data.grid = grid ? std::move(grid) : std::make_shared<const ScalarGrid>(slicedGrid(all, slice));
  data.x = whole.axes.at(slice.x);
  data.y = whole.axes.at(slice.y);
  data.place = placeText(whole, slice);
  data.quantity = whole.quantity;
  for (const Trajectory& run : whole.trajectories) {
    Trajectory projected{run.name, {}, run.loss, run.explainedVariance};
    for (const auto& coordinates : run.coordinates) {
      if (coordinates.size() == all.dimension()) {
        projected.points.push_back({coordinates[slice.x], coordinates[slice.y]});
      }
    }
    data.trajectories.push_back(std::move(projected));
  }
  if (whole.tree) {
    data.tree = std::make_shared<const MergeTree>(slicedTree(*whole.tree, all, slice));
  }
  if (whole.basins && whole.basins->size() == all.size()) {
    data.basins = std::make_shared<const std::vector<std::int32_t>>(
        sliced(SliceVertices(all, slice), *whole.basins));
  }
  data.selection = vertexOfSlice(all, slice, whole.selection.value_or(-1));
  return data;
}

Slice sliceOf(const ScalarGrid& grid, const SliceChoice& choice) {
  Slice slice = firstSlice(grid);
  if (choice.axes) {
    slice.x = requireAxis(grid, "axes", (*choice.axes)[0]);
    slice.y = requireAxis(grid, "axes", (*choice.axes)[1]);
    if (slice.x == slice.y) {
      throw Error(ErrorCode::usage, "--axes names the same axis twice.",
                  "Write two axes X,Y of the landscape.");
    }
  }
  for (const auto& [number, coordinate] : choice.at) {
    const std::size_t axis = requireAxis(grid, "at", number);
    const auto& coordinates = grid.axes()[axis].coordinates;
    requireInside(coordinates, number, coordinate);
    slice.at[axis] = nearestIndex(coordinates, coordinate);
  }
  return slice;
}

SliceChoice choiceOf(const ScalarGrid& grid, const Slice& slice) {
  const Slice first = firstSlice(grid);
  SliceChoice choice = placesOf(grid, slice);
  if (slice.x != first.x || slice.y != first.y) {
    choice.axes = {slice.x + 1, slice.y + 1};
  }
  std::erase_if(choice.at, [&](const auto& place) { return slice.shows(place.first - 1); });
  return choice;
}

SliceChoice placesOf(const ScalarGrid& grid, const Slice& slice) {
  const Slice first = firstSlice(grid);
  SliceChoice choice;
  for (std::size_t axis = 0; axis < grid.dimension(); ++axis) {
    if (slice.at[axis] != first.at[axis]) {
      choice.at.emplace_back(axis + 1, grid.axes()[axis].coordinates[slice.at[axis]]);
    }
  }
  return choice;
}

}  // namespace tarn::ui
