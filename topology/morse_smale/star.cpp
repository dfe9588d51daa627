#include "topology/morse_smale/star.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "topology/base/error.h"

namespace tarn {
namespace {

using Step = std::vector<int>;
/// The vertices of a cell, that of the star among them.
using Vertices = std::set<Step>;

std::vector<std::size_t> longAxes(const std::vector<std::size_t>& shape) {
  std::vector<std::size_t> axes;
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    if (shape[axis] > 1) {
      axes.push_back(axis);
    }
  }
  return axes;
}

/// The blocks from the vertex towards every direction in {−1, 0, 1}ⁿ.
std::set<Vertices> blocks(std::size_t dimension, const std::vector<std::size_t>& axes) {
  std::set<Vertices> cells{{Step(dimension, 0)}};
  for (const std::size_t axis : axes) {
    std::set<Vertices> longer = cells;
    for (const Vertices& cell : cells) {
      for (const int sign : {-1, 1}) {
        Vertices wider = cell;
        for (Step vertex : cell) {
          vertex[axis] = sign;
          wider.insert(vertex);
        }
        longer.insert(wider);
      }
    }
    cells = std::move(longer);
  }
  return cells;
}

/// All chains of the triangulation that run through the vertex. A chain goes up along more and more
/// axes, down along the last axis of the grid.
std::set<Vertices> simplices(std::size_t dimension, const std::vector<std::size_t>& axes) {
  std::vector<std::vector<unsigned>> chains{{0}};  // subsets of axes, from the first vertex
  const unsigned all = (1U << axes.size()) - 1;
  for (std::size_t i = 0; i < chains.size(); ++i) {
    for (unsigned subset = 1; subset <= all; ++subset) {
      const unsigned last = chains[i].back();
      if ((subset & last) == last && subset != last) {
        auto longer = chains[i];
        longer.push_back(subset);
        chains.push_back(std::move(longer));
      }
    }
  }
  const auto stepOf = [&](unsigned subset) {
    Step step(dimension, 0);
    for (std::size_t i = 0; i < axes.size(); ++i) {
      if ((subset >> i & 1U) != 0) {
        step[axes[i]] = axes[i] + 1 == dimension ? -1 : 1;
      }
    }
    return step;
  };
  std::set<Vertices> cells;
  for (const auto& chain : chains) {
    for (const unsigned here : chain) {
      Vertices cell;
      for (const unsigned subset : chain) {
        Step step = stepOf(subset);
        const Step origin = stepOf(here);
        for (std::size_t axis = 0; axis < dimension; ++axis) {
          step[axis] -= origin[axis];
        }
        cell.insert(step);
      }
      cells.insert(cell);
    }
  }
  return cells;
}

Vertices seenFrom(const Vertices& cell, const Step& origin) {
  Vertices result;
  for (Step step : cell) {
    for (std::size_t axis = 0; axis < step.size(); ++axis) {
      step[axis] -= origin[axis];
    }
    result.insert(step);
  }
  return result;
}

int dimensionOf(const Vertices& cell, bool isSimplex) {
  int dimension = 0;
  for (std::size_t count = cell.size(); count > 1; count = isSimplex ? count - 1 : count / 2) {
    ++dimension;
  }
  return dimension;
}

}  // namespace

Star::Star(const std::vector<std::size_t>& shape, Connectivity connectivity) {
  const bool isSimplicial = connectivity == Connectivity::freudenthal;
  const auto axes = longAxes(shape);
  const std::size_t most = isSimplicial ? 3 : 4;
  if (axes.size() > most) {
    throw Error(ErrorCode::unsupported,
                "A Morse–Smale complex of " + std::to_string(axes.size()) +
                    " dimensions is too large in the connectivity " +
                    std::string(toString(connectivity)) + " (at most " + std::to_string(most) +
                    ").",
                "Take a slice of fewer axes.");
  }
  dimension = static_cast<int>(axes.size());
  std::vector<Vertices> all;
  for (const Vertices& cell :
       isSimplicial ? simplices(shape.size(), axes) : blocks(shape.size(), axes)) {
    all.push_back(cell);
  }
  std::ranges::stable_sort(all, {}, [](const Vertices& cell) { return cell.size(); });
  std::map<Vertices, std::size_t> indexOf;
  for (std::size_t i = 0; i < all.size(); ++i) {
    indexOf[all[i]] = i;
  }
  const Step origin(shape.size(), 0);
  cells.resize(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    StarCell& cell = cells[i];
    cell.dimension = dimensionOf(all[i], isSimplicial);
    cell.centre.assign(shape.size(), 0.0);
    for (const Step& step : all[i]) {
      std::int64_t ids = 0;
      for (std::size_t axis = 0; axis < shape.size(); ++axis) {
        ids = ids * static_cast<std::int64_t>(shape[axis]) + step[axis];
        cell.centre[axis] += static_cast<double>(step[axis]) / static_cast<double>(all[i].size());
      }
      if (step != origin) {
        cell.steps.push_back(step);
        cell.offsets.push_back(ids);
        cell.seenAs.push_back(indexOf.at(seenFrom(all[i], step)));
      }
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (cells[j].dimension + 1 == cell.dimension && std::ranges::includes(all[i], all[j])) {
        cell.faces.push_back(j);
        cells[j].cofaces.push_back(i);
      }
    }
  }
}

}  // namespace tarn
