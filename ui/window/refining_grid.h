#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "engine/project/records.h"
#include "engine/protocol/tile_order.h"
#include "topology/grid/scalar_grid.h"
#include "ui/views/landscape_view.h"

namespace tarn::ui {

/// A landscape whose values come tile by tile, coarse to fine.
struct RefiningGrid {
  std::vector<Axis> axes;
  std::shared_ptr<const TileOrder> order;
  std::vector<double> values;  ///< NaN where nothing has come yet
  std::vector<bool> computed;
  std::size_t computedCount = 0;

  bool complete() const { return computedCount == values.size() && !values.empty(); }
};

/// A grid without a value, or with those that are there (NaN: not yet).
RefiningGrid beginRefining(const StoredLandscape& landscape, std::span<const double> present);

/// Puts the tiles' loss where it belongs. Tiles that do not fit are ignored.
void addTiles(RefiningGrid& grid, std::span<const StoredTile> tiles);
/// Puts other quantities of the tiles where they belong, each among as many values as the grid has.
void addTiles(const RefiningGrid& grid, PointQuantities& quantities,
              std::span<const StoredTile> tiles);

/// The grid as it can be shown: computed values as they are, the rest interpolated linearly from
/// the finest regular lattice that is computed throughout. Cells stay masked before the first one
/// is there.
ScalarGrid preview(const RefiningGrid& grid);
/// The same from that lattice alone: what is computed off it is left out, because it makes minima
/// among neighbours that are interpolated.
ScalarGrid evenPreview(const RefiningGrid& grid);

}  // namespace tarn::ui
