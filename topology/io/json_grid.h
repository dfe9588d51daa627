#pragma once

#include <string>
#include <string_view>

#include "topology/grid/scalar_grid.h"

namespace tarn {

/// The grid in a JSON document: `tarn export`'s, an object with
/// - `values` (or `loss`, or the member named `field`): numbers in C order, or lists of lists of
///   them; null is a masked cell
/// - `shape`, when the numbers are one list and there are no axes
/// - `axes`, optional: objects with `coordinates`, `label` and `unit`, the slowest first
/// or lists of lists alone. `name` stands in the messages. Throws Error(badInput), and
/// Error(notFound) when there is no member `field`.
ScalarGrid parseJsonGrid(std::string_view text, const std::string& name,
                         const std::string& field = {});

}  // namespace tarn
