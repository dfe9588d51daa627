#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"
#include "ui/scene/height_map.h"
#include "ui/scene/style.h"

namespace tarn::ui {

/// One run on the plane of a landscape, from its start to its end.
struct Trajectory {
  std::string name;                           ///< "adamw"
  std::vector<std::array<double, 2>> points;  ///< plane coordinates (x, y) of the snapshots
  std::vector<double> loss;                   ///< true loss at each snapshot; same length
  /// The part of its variance that lies in the landscape's directions, NaN when it did not move;
  /// none: not known.
  std::optional<double> explainedVariance = std::nullopt;
  /// On a landscape of three or more axes, instead of points: one coordinate for each of them.
  std::vector<std::vector<double>> coordinates = {};

  /// Adds a snapshot: one coordinate for each axis of the landscape, of which the last is x.
  void add(const std::vector<double>& at, double trueLoss);
};

/// What is written at an axis.
struct AxisCaption {
  std::string name;                  ///< "hessian:1"
  std::optional<double> eigenvalue;  ///< of the direction, when it is an eigenvector
  std::string unit;                  ///< may be empty
  /// The part of the runs' variance that lies along the axis; none: not known.
  std::optional<double> share = std::nullopt;

  /// "hessian:1 (λ = 271.4)", with the unit and the share when there are any.
  std::string text() const;
};

/// Everything that the views show of a landscape; a plain value.
///
/// A surface and a contour plot want two axes: the grid's last axis is x, its first is y. NaN
/// values are points that are not computed (yet) or are masked: they are left out or hatched, never
/// filled in.
struct LandscapeData {
  std::shared_ptr<const ScalarGrid> grid;
  AxisCaption x;
  AxisCaption y;
  std::vector<AxisCaption> axes;  ///< of every axis of the grid; needed for three or more
  /// The grid that this is a slice of: its heights are those of the slice. Null: this is no slice.
  std::shared_ptr<const ScalarGrid> whole;
  std::string place;  ///< of a slice: "hessian:3 = 0.25"
  std::string quantity = "loss";
  std::vector<Trajectory> trajectories;
  std::shared_ptr<const MergeTree> tree;  ///< null: no minima and saddles are marked
  /// Per vertex the basin that it lies in, an index into the tree's minima; −1 for a masked vertex.
  /// Null: not known.
  std::shared_ptr<const std::vector<std::int32_t>> basins;
  std::optional<std::int64_t> selection;  ///< a vertex of the grid
};

/// Where values stand in pictures of a landscape: between the lowest and the highest of it, also in
/// pictures of a slice.
HeightMap heightsOf(const LandscapeData& data, const LandscapeStyle& style);

}  // namespace tarn::ui
