#include "topology/morse_smale/morse_smale.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "topology/base/numbers.h"
#include "topology/morse_smale/gradient.h"

namespace tarn {
namespace {

constexpr std::int32_t kNowhere = -1;

/// Everything in the terms of Gradient: for `full`, lows are the maxima and tops the minima.
class Complex {
 public:
  Complex(const ScalarGrid& grid, Connectivity connectivity, const std::stop_token& stop)
      : grid_(grid), gradient_(grid, connectivity, stop), star_(gradient_.star()) {
    result_.connectivity = connectivity;
    for (std::size_t i = 0; i < star_.cells.size(); ++i) {
      if (star_.cells[i].dimension == star_.dimension) {
        topPlace_.push_back(static_cast<std::int32_t>(topStars_.size()));
        topStars_.push_back(i);
      } else {
        topPlace_.push_back(kNowhere);
      }
    }
  }

  MorseSmale run() {
    findCriticalCells();
    labelVertices();
    labelTops();
    const bool reversed = gradient_.isReversed();
    (reversed ? result_.descendingOf : result_.ascendingOf) = lowOf_;
    (reversed ? result_.ascendingOf : result_.descendingOf) = topsOfVertices();
    measure(0, result_.ascendingOf, result_.ascending);
    if (star_.dimension > 0) {
      measure(star_.dimension, result_.descendingOf, result_.descending);
    }
    tracePaths();
    return std::move(result_);
  }

 private:
  int indexOf(const Cell& cell) const {
    const int dimension = star_.cells[cell.star].dimension;
    return gradient_.isReversed() ? star_.dimension - dimension : dimension;
  }

  void findCriticalCells() {
    for (std::int64_t vertex = 0; vertex < gradient_.vertexCount(); ++vertex) {
      for (std::size_t i = 0; !gradient_.isMasked(vertex) && i < star_.cells.size(); ++i) {
        if (gradient_.isCritical({vertex, i})) {
          critical_.push_back({vertex, i});
        }
      }
    }
    const int sign = gradient_.isReversed() ? -1 : 1;
    std::ranges::sort(critical_, {}, [&](const Cell& cell) {
      return std::tuple(indexOf(cell), sign * gradient_.rank(cell.owner), cell.star);
    });
    for (const Cell& cell : critical_) {
      result_.criticalCells.push_back(
          {indexOf(cell), cell.owner, grid_.value(cell.owner), centre(cell)});
    }
  }

  std::int32_t criticalIndex(const Cell& cell) const {
    const int sign = gradient_.isReversed() ? -1 : 1;
    const auto key = [&](const Cell& c) {
      return std::tuple(indexOf(c), sign * gradient_.rank(c.owner), c.star);
    };
    const auto found = std::ranges::lower_bound(critical_, key(cell), {}, key);
    return static_cast<std::int32_t>(found - critical_.begin());
  }

  std::vector<double> centre(const Cell& cell) const {
    const auto indices = grid_.indices(cell.owner);
    std::vector<double> result = star_.cells[cell.star].centre;
    for (std::size_t axis = 0; axis < result.size(); ++axis) {
      result[axis] += static_cast<double>(indices[axis]);
    }
    return result;
  }

  /// The other end of an edge; none where it lies outside the grid.
  std::optional<std::int64_t> otherEnd(const Cell& edge) const {
    const auto indices = grid_.indices(edge.owner);
    const auto& step = star_.cells[edge.star].steps[0];
    for (std::size_t axis = 0; axis < step.size(); ++axis) {
      const std::int64_t index = static_cast<std::int64_t>(indices[axis]) + step[axis];
      if (index < 0 || index >= static_cast<std::int64_t>(grid_.axes()[axis].coordinates.size())) {
        return std::nullopt;
      }
    }
    const std::int64_t vertex = gradient_.otherEnd(edge);
    return gradient_.isMasked(vertex) ? std::nullopt : std::optional(vertex);
  }

  /// The critical vertex that every vertex flows to. In order, so that the next one is known.
  void labelVertices() {
    std::vector<std::int64_t> order;
    for (std::int64_t vertex = 0; vertex < gradient_.vertexCount(); ++vertex) {
      if (!gradient_.isMasked(vertex)) {
        order.push_back(vertex);
      }
    }
    std::ranges::sort(order, {}, [&](std::int64_t vertex) { return gradient_.rank(vertex); });
    lowOf_.assign(at(gradient_.vertexCount()), kNowhere);
    for (const std::int64_t vertex : order) {
      const Cell cell{vertex, 0};
      if (gradient_.isCritical(cell)) {
        lowOf_[at(vertex)] = criticalIndex(cell);
      } else if (const auto next = otherEnd(gradient_.partner(cell))) {
        lowOf_[at(vertex)] = lowOf_[at(*next)];
      }
    }
  }

  std::size_t topSlot(const Cell& top) const {
    return at(top.owner) * topStars_.size() + at(topPlace_[top.star]);
  }

  /// The top cell on the other side of the one that a top cell is paired with; none at the
  /// boundary.
  std::optional<Cell> across(const Cell& top) const {
    const Cell wall = gradient_.partner(top);
    for (const std::size_t coface : star_.cells[wall.star].cofaces) {
      if (coface != top.star && gradient_.exists(wall.owner, coface)) {
        return gradient_.canonical(wall.owner, coface);
      }
    }
    return std::nullopt;
  }

  /// The critical top cell that every top cell comes from.
  void labelTops() {
    constexpr std::int32_t kUnknown = -2;
    topOf_.assign(at(gradient_.vertexCount()) * topStars_.size(), kUnknown);
    std::vector<std::size_t> way;
    for (std::int64_t vertex = 0; vertex < gradient_.vertexCount(); ++vertex) {
      for (const std::size_t star : topStars_) {
        if (gradient_.isMasked(vertex) || !gradient_.exists(vertex, star)) {
          continue;
        }
        way.clear();
        std::optional<Cell> top = gradient_.canonical(vertex, star);
        std::int32_t label = kNowhere;
        for (; top; top = across(*top)) {
          const std::size_t slot = topSlot(*top);
          if (topOf_[slot] != kUnknown) {
            label = topOf_[slot];
            break;
          }
          way.push_back(slot);
          if (gradient_.isCritical(*top)) {
            label = criticalIndex(*top);
            break;
          }
        }
        for (const std::size_t slot : way) {
          topOf_[slot] = label;
        }
      }
    }
  }

  std::vector<std::int32_t> topsOfVertices() const {
    std::vector<std::int32_t> result(at(gradient_.vertexCount()), kNowhere);
    for (std::int64_t vertex = 0; vertex < gradient_.vertexCount(); ++vertex) {
      std::optional<Cell> highest;
      for (const std::size_t star : topStars_) {
        if (!gradient_.isMasked(vertex) && gradient_.exists(vertex, star)) {
          const Cell top = gradient_.canonical(vertex, star);
          if (!highest || gradient_.rank(top.owner) > gradient_.rank(highest->owner)) {
            highest = top;
          }
        }
      }
      if (highest) {
        result[at(vertex)] = topOf_[topSlot(*highest)];
      }
    }
    return result;
  }

  /// Turns labels from indices of critical cells into indices of manifolds, and adds these up.
  void measure(int index, std::vector<std::int32_t>& labels,
               std::vector<Manifold>& manifolds) const {
    const auto first =
        std::ranges::lower_bound(result_.criticalCells, index, {}, &CriticalCell::index);
    const auto start = static_cast<std::int32_t>(first - result_.criticalCells.begin());
    for (auto cell = first; cell != result_.criticalCells.end() && cell->index == index; ++cell) {
      manifolds.push_back({start + static_cast<std::int32_t>(manifolds.size()), 0, 0.0});
    }
    for (std::size_t vertex = 0; vertex < labels.size(); ++vertex) {
      if (labels[vertex] >= 0) {
        labels[vertex] -= start;
        Manifold& manifold = manifolds[at(labels[vertex])];
        ++manifold.vertices;
        manifold.volume += volumeAround(static_cast<std::int64_t>(vertex));
      }
    }
  }

  double volumeAround(std::int64_t vertex) const {
    double volume = 1.0;
    const auto indices = grid_.indices(vertex);
    for (std::size_t axis = 0; axis < indices.size(); ++axis) {
      const auto& x = grid_.axes()[axis].coordinates;
      const std::size_t i = indices[axis];
      if (x.size() > 1) {
        volume *= 0.5 * (x[std::min(i + 1, x.size() - 1)] - x[i == 0 ? 0 : i - 1]);
      }
    }
    return volume;
  }

  void append(Separatrix& separatrix, const Cell& cell) const {
    const auto position = centre(cell);
    separatrix.path.insert(separatrix.path.end(), position.begin(), position.end());
    separatrix.vertices.push_back(cell.owner);
  }

  void tracePaths() {
    std::vector<Separatrix> toLows;
    std::vector<Separatrix> toTops;
    for (std::size_t i = 0; i < critical_.size(); ++i) {
      const Cell& saddle = critical_[i];
      const StarCell& cell = star_.cells[saddle.star];
      Separatrix start;
      start.saddle = static_cast<std::int32_t>(i);
      append(start, saddle);
      // On a line both would be the ways from maxima to minima.
      const bool isLine = star_.dimension == 1;
      if (cell.dimension == 1 && !(isLine && gradient_.isReversed())) {
        toLows.push_back(pathDown(start, saddle.owner));
        toLows.push_back(pathDown(start, otherEnd(saddle)));
      }
      if (cell.dimension == star_.dimension - 1 && !(isLine && !gradient_.isReversed())) {
        for (const std::size_t coface : cell.cofaces) {
          if (gradient_.exists(saddle.owner, coface)) {
            toTops.push_back(pathUp(start, gradient_.canonical(saddle.owner, coface)));
          }
        }
      }
    }
    if (gradient_.isReversed()) {
      std::swap(toLows, toTops);
    }
    result_.separatrices = std::move(toLows);
    std::ranges::move(toTops, std::back_inserter(result_.separatrices));
  }

  Separatrix pathDown(Separatrix path, std::optional<std::int64_t> vertex) const {
    while (vertex) {
      const Cell cell{*vertex, 0};
      append(path, cell);
      if (gradient_.isCritical(cell)) {
        path.extremum = criticalIndex(cell);
        break;
      }
      const Cell edge = gradient_.partner(cell);
      append(path, edge);
      vertex = otherEnd(edge);
    }
    return path;
  }

  Separatrix pathUp(Separatrix path, std::optional<Cell> top) const {
    while (top) {
      append(path, *top);
      if (gradient_.isCritical(*top)) {
        path.extremum = criticalIndex(*top);
        break;
      }
      append(path, gradient_.partner(*top));
      top = across(*top);
    }
    return path;
  }

  const ScalarGrid& grid_;
  Gradient gradient_;
  const Star& star_;
  std::vector<std::size_t> topStars_;   ///< the cells of the star that have the full dimension
  std::vector<std::int32_t> topPlace_;  ///< per cell of the star: its place among them
  std::vector<Cell> critical_;          ///< as MorseSmale::criticalCells
  std::vector<std::int32_t> lowOf_;     ///< per vertex
  std::vector<std::int32_t> topOf_;     ///< per vertex and top cell of its star, where it owns that
  MorseSmale result_;
};

}  // namespace

MorseSmale morseSmale(const ScalarGrid& grid, Connectivity connectivity,
                      const std::stop_token& stop) {
  return Complex(grid, connectivity, stop).run();
}

}  // namespace tarn
