#include "topology/distances/assignment.h"

#include <limits>
#include <vector>

#include "topology/base/numbers.h"
#include "topology/base/stop.h"

namespace tarn {
namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

/// Columns 0 … m−1 are the real ones; column m + i is "row i alone", which no other row can take.
/// What a column costs alone is charged beforehand and given back when a row takes it.
class Solver {
 public:
  Solver(std::span<const double> rowAlone, std::span<const double> columnAlone,
         const std::function<double(std::size_t, std::size_t)>& cost)
      : rowAlone_(rowAlone),
        columnAlone_(columnAlone),
        cost_(cost),
        rowPotential_(rowAlone.size(), 0.0),
        columnPotential_(rowAlone.size() + columnAlone.size(), 0.0),
        rowOf_(rowAlone.size() + columnAlone.size(), kNone) {}

  double run(const std::stop_token& stop) {
    for (std::size_t row = 0; row < rowAlone_.size(); ++row) {
      throwIfStopped(stop, "the least assignment");
      augment(row);
    }
    double total = 0.0;
    for (std::size_t column = 0; column < rowOf_.size(); ++column) {
      if (rowOf_[column] == kNone) {
        total += column < columnAlone_.size() ? columnAlone_[column] : 0.0;
      } else if (column < columnAlone_.size()) {
        total += cost_(rowOf_[column], column);
      } else {
        total += rowAlone_[rowOf_[column]];
      }
    }
    return total;
  }

 private:
  double reduced(std::size_t row, std::size_t column) const {
    const double raw =
        column < columnAlone_.size() ? cost_(row, column) - columnAlone_[column] : rowAlone_[row];
    return raw - rowPotential_[row] - columnPotential_[column];
  }

  /// Finds the shortest way from a row that has no column to a column that has no row, and shifts
  /// the rows along it (Dijkstra on reduced costs).
  void augment(std::size_t start) {
    const std::size_t columns = rowOf_.size();
    std::vector<double> distance(columns, kInfinity);
    std::vector<std::size_t> before(columns, kNone);  // the column whose row leads here
    std::vector<bool> reached(columns, false);
    std::vector<std::size_t> order;
    std::size_t row = start;
    std::size_t from = kNone;
    double far = 0.0;
    for (;;) {
      const auto look = [&](std::size_t column) {
        if (!reached[column] && far + reduced(row, column) < distance[column]) {
          distance[column] = far + reduced(row, column);
          before[column] = from;
        }
      };
      for (std::size_t column = 0; column < columnAlone_.size(); ++column) {
        look(column);
      }
      look(columnAlone_.size() + row);
      std::size_t nearest = kNone;
      for (std::size_t column = 0; column < columns; ++column) {
        if (!reached[column] && distance[column] < kInfinity &&
            (nearest == kNone || distance[column] < distance[nearest])) {
          nearest = column;
        }
      }
      reached[nearest] = true;
      order.push_back(nearest);
      far = distance[nearest];
      if (rowOf_[nearest] == kNone) {
        break;
      }
      row = rowOf_[nearest];
      from = nearest;
    }
    rowPotential_[start] += far;
    for (const std::size_t column : order) {
      const double shift = far - distance[column];
      columnPotential_[column] -= shift;
      if (rowOf_[column] != kNone) {
        rowPotential_[rowOf_[column]] += shift;
      }
    }
    for (std::size_t column = order.back(); column != kNone;) {
      const std::size_t previous = before[column];
      rowOf_[column] = previous == kNone ? start : rowOf_[previous];
      column = previous;
    }
  }

  std::span<const double> rowAlone_;
  std::span<const double> columnAlone_;
  const std::function<double(std::size_t, std::size_t)>& cost_;
  std::vector<double> rowPotential_;
  std::vector<double> columnPotential_;
  std::vector<std::size_t> rowOf_;  ///< per column
};

}  // namespace

double leastAssignment(std::span<const double> rowAlone, std::span<const double> columnAlone,
                       const std::function<double(std::size_t, std::size_t)>& cost,
                       const std::stop_token& stop) {
  return Solver(rowAlone, columnAlone, cost).run(stop);
}

}  // namespace tarn
