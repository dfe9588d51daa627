#pragma once

#include <span>

#include "topology/grid/scalar_grid.h"

namespace tarn {

/// Linear interpolation along every axis within a cell (multilinear), at one coordinate an axis.
/// NaN outside the axes, for a coordinate that is no number, and where a corner that counts is
/// masked.
double interpolateAt(const ScalarGrid& grid, std::span<const double> place);

}  // namespace tarn
