#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>

namespace tarn {

/// The least cost of assigning rows to columns, each to one at most, where row i may be left alone
/// for rowAlone[i] and column j for columnAlone[j]: the sum over assigned pairs of cost(i, j), and
/// over the others of what they cost alone. Exact, by shortest augmenting paths (Kuhn 1955, Munkres
/// 1957; in the form of Jonker and Volgenant 1987), O(rows² · (rows + columns)). Costs are finite.
/// Throws Error(cancelled).
double leastAssignment(std::span<const double> rowAlone, std::span<const double> columnAlone,
                       const std::function<double(std::size_t row, std::size_t column)>& cost,
                       const std::stop_token& stop = {});

}  // namespace tarn
