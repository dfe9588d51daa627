#pragma once

#include <string>
#include <string_view>

#include "topology/grid/scalar_grid.h"

namespace tarn {

/// The grid in a CSV table; see parseCsv for what is a table.
/// - Without a heading the table is the array itself: one row a row, coordinates 0, 1, 2, …
/// - With a heading every row is a vertex, in any order. Its value is in the column `field`, else
///   in `value`, `loss` or `train_loss`, else in the last. The coordinates are in `axis.0`,
///   `axis.1`, … (the first is the slowest), else in `x`, `y`, `z` (x is the fastest), else in all
///   columns before the value's. Vertices without a row are masked.
/// Throws Error(badInput) also when a vertex has two rows, or fewer than half of the grid that the
/// coordinates span are there, Error(notFound) when there is no column `field`.
ScalarGrid parseCsvGrid(std::string_view text, const std::string& name,
                        const std::string& field = {});

}  // namespace tarn
