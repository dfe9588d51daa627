// What holds on every grid, on grids that RapidCheck makes up: 1 to 5 axes, with and without ties
// and masked vertices. It tries other grids every time; a failure shows a small grid that fails and
// the RC_PARAMS that repeat it.
#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "euler_characteristic.h"
#include "grids.h"
#include "merge_arcs.h"
#include "random_grid.h"
#include "reference_sweep.h"
#include "topology/base/numbers.h"
#include "topology/contour_tree/contour_tree.h"
#include "topology/distances/diagram_distance.h"
#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/merge_tree/simplify.h"
#include "topology/morse_smale/morse_smale.h"
#include "topology/persistence/diagram.h"
#include "topology/persistence/persistence.h"
#include "topology/profile/profile.h"
#include "topology/smad/smad.h"
#include "union_find.h"

using namespace tarn;
using namespace tarn::test;

namespace {

constexpr Levels kBothLevels[] = {Levels::sublevel, Levels::superlevel};

/// Checks a property of a grid and a connectivity in each connectivity.
template <typename Property>
void holdsInEveryConnectivity(const Property& property) {
  for (const Connectivity connectivity : kConnectivities) {
    const std::string name(toString(connectivity));
    CHECK(rc::check(name, [&] { property(connectivity); }));
  }
}

MergeTree levelTree(const ScalarGrid& grid, Connectivity connectivity, Levels levels) {
  return levels == Levels::sublevel ? joinTree(grid, connectivity) : splitTree(grid, connectivity);
}

/// The components of the vertices that `usable` accepts, straight from the definition.
template <typename Usable>
UnionFind componentsOf(const ScalarGrid& grid, Connectivity connectivity, const Usable& usable) {
  std::vector<std::vector<std::size_t>> places;
  for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
    places.push_back(grid.indices(static_cast<std::int64_t>(vertex)));
  }
  UnionFind components(grid.size());
  for (std::size_t a = 0; a < grid.size(); ++a) {
    for (std::size_t b = 0; b < a && usable(a); ++b) {
      if (usable(b) && areNeighbours(places[a], places[b], connectivity)) {
        components.join(a, b);
      }
    }
  }
  return components;
}

/// A way to lay a grid's axes out anew: axis i of the result is axis from[i], backwards if so said.
struct Rearrangement {
  std::vector<std::size_t> from;
  std::vector<bool> backwards;
};

/// One under which the connectivity is what it was: any for `2n` and `full`. Of the Freudenthal
/// triangulation all axes can be flipped together, and the two axes of a plane be exchanged.
Rearrangement anyRearrangement(std::size_t dimension, Connectivity connectivity) {
  Rearrangement result;
  for (std::size_t axis = 0; axis < dimension; ++axis) {
    result.from.push_back(axis);
  }
  if (connectivity == Connectivity::freudenthal) {
    result.backwards.assign(dimension, *rc::gen::arbitrary<bool>());
    if (dimension == 2 && *rc::gen::arbitrary<bool>()) {
      std::swap(result.from[0], result.from[1]);
    }
    return result;
  }
  for (std::size_t axis = 0; axis < dimension; ++axis) {
    std::swap(result.from[axis], result.from[*rc::gen::inRange<std::size_t>(axis, dimension)]);
    result.backwards.push_back(*rc::gen::arbitrary<bool>());
  }
  return result;
}

/// Where every vertex of the grid comes to lie.
std::vector<std::int64_t> rearrangedIds(const ScalarGrid& grid, const Rearrangement& how) {
  std::vector<std::int64_t> result;
  const auto shape = grid.shape();
  for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
    const auto place = grid.indices(static_cast<std::int64_t>(vertex));
    std::size_t id = 0;
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      const std::size_t from = how.from[axis];
      id = id * shape[from] + (how.backwards[axis] ? shape[from] - 1 - place[from] : place[from]);
    }
    result.push_back(static_cast<std::int64_t>(id));
  }
  return result;
}

using VertexPairs = std::vector<std::pair<std::int64_t, std::int64_t>>;

/// Births and deaths of all components, in the order of the births; −1 for no death. With `ids`,
/// what has become of the vertices.
VertexPairs vertexPairs(const MergeTree& tree, const std::vector<std::int64_t>* ids = nullptr) {
  const auto renamed = [&](std::int64_t vertex) {
    return ids == nullptr ? vertex : (*ids)[at(vertex)];
  };
  VertexPairs pairs;
  for (std::size_t i = 0; i < tree.minimaCount; ++i) {
    const std::int32_t death = tree.deathOfMinimum[i];
    pairs.emplace_back(renamed(tree.nodes[i].vertex),
                       death < 0 ? -1 : renamed(tree.nodes[at(death)].vertex));
  }
  return pairs;
}

}  // namespace

TEST_CASE("the pairs of the join and split trees are GUDHI's") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const ScalarGrid grid = (*anyGrids()).grid();
    for (const Levels levels : kBothLevels) {
      const auto own = zerothPersistence(levelTree(grid, connectivity, levels));
      ZerothPersistence gudhi;
      for (const auto& found : persistenceDiagram(grid, connectivity, levels, 0).intervals) {
        if (found.isEssential()) {
          gudhi.essential.push_back(found.birthVertex);
        } else {
          gudhi.pairs.push_back({found.birthVertex, found.deathVertex, found.birth, found.death});
        }
      }
      RC_ASSERT(own.pairs == gudhi.pairs);
      RC_ASSERT(own.essential == gudhi.essential);
    }
  });
}

TEST_CASE("every component has one minimum more than its saddles have children beyond the first") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const ScalarGrid grid = (*anyGrids()).grid();
    const auto usable = [&](std::size_t vertex) { return std::isfinite(grid.values()[vertex]); };
    UnionFind components = componentsOf(grid, connectivity, usable);
    std::set<std::size_t> distinct;
    for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
      if (usable(vertex)) {
        distinct.insert(components.find(vertex));
      }
    }
    for (const Levels levels : kBothLevels) {
      const MergeTree tree = levelTree(grid, connectivity, levels);
      std::map<std::size_t, std::ptrdiff_t> minimaBeyondMerges;
      for (std::size_t i = 0; i < tree.nodes.size(); ++i) {
        const auto children = tree.children(static_cast<std::int32_t>(i)).size();
        minimaBeyondMerges[components.find(at(tree.nodes[i].vertex))] +=
            1 - static_cast<std::ptrdiff_t>(children);
        // Of a minimum: 1. Of a saddle: 1 − children. Of a root: 0.
      }
      RC_ASSERT(minimaBeyondMerges.size() == distinct.size());
      for (const auto& [component, count] : minimaBeyondMerges) {
        RC_ASSERT(count == 1);
      }
    }
  });
}

TEST_CASE("a monotone map of the values changes no tree and no pair") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const RandomGrid before = *anyGrids();
    std::map<double, double> image;
    for (const double value : before.values) {
      if (std::isfinite(value)) {
        image[value] = 0.0;
      }
    }
    const auto steps =
        *rc::gen::container<std::vector<int>>(image.size(), rc::gen::inRange(1, 1000));
    double height = *rc::gen::inRange(-50'000, 50'000);
    std::size_t place = 0;
    for (auto& [from, to] : image) {
      to = height += steps[place++];
    }
    RandomGrid after = before;
    for (double& value : after.values) {
      value = std::isfinite(value) ? image.at(value) : value;
    }
    for (const Levels levels : kBothLevels) {
      const MergeTree one = levelTree(before.grid(), connectivity, levels);
      const MergeTree other = levelTree(after.grid(), connectivity, levels);
      RC_ASSERT(vertexPairs(one) == vertexPairs(other));
      RC_ASSERT(one.arcOfVertex == other.arcOfVertex);
      RC_ASSERT(one.childIndices == other.childIndices);
      RC_ASSERT(one.basinSizes == other.basinSizes);
    }
  });
}

TEST_CASE("without ties, a grid laid out another way has the same tree") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const ScalarGrid grid = withoutTies(*anyGrids()).grid();
    const Rearrangement how = anyRearrangement(grid.dimension(), connectivity);
    const auto ids = rearrangedIds(grid, how);
    RandomGrid moved{{}, std::vector<double>(grid.size())};
    for (const std::size_t axis : how.from) {
      moved.shape.push_back(grid.shape()[axis]);
    }
    for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
      moved.values[at(ids[vertex])] = grid.values()[vertex];
    }
    for (const Levels levels : kBothLevels) {
      const MergeTree before = levelTree(grid, connectivity, levels);
      const MergeTree after = levelTree(moved.grid(), connectivity, levels);
      RC_ASSERT(vertexPairs(before, &ids) == vertexPairs(after));
      RC_ASSERT(before.childIndices == after.childIndices);
      RC_ASSERT(before.basinSizes == after.basinSizes);
      for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
        RC_ASSERT(before.arcOfVertex[vertex] == after.arcOfVertex[at(ids[vertex])]);
      }
    }
  });
}

TEST_CASE("the contour tree's own join and split trees are the ones it was made of") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const ScalarGrid grid = (*wholeGrids()).grid();
    const MergeTree join = joinTree(grid, connectivity);
    const MergeTree split = splitTree(grid, dual(connectivity));
    const ContourTree tree = contourTree(grid, join, split);
    RC_ASSERT(mergeArcsOf(tree, Levels::sublevel) == arcsOf(join));
    RC_ASSERT(mergeArcsOf(tree, Levels::superlevel) == arcsOf(split));
  });
}

TEST_CASE("the contour tree is a tree, and every vertex is in one place of it") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const ScalarGrid grid = (*wholeGrids()).grid();
    const ContourTree tree = contourTree(grid, connectivity);
    RC_ASSERT(tree.arcs.size() + 1 == tree.nodes.size());
    UnionFind parts(tree.nodes.size());
    std::vector<int> above(tree.nodes.size(), 0);
    std::vector<int> below(tree.nodes.size(), 0);
    for (const auto& [lower, upper] : tree.arcs) {
      RC_ASSERT(lower < upper);
      RC_ASSERT(parts.find(at(lower)) != parts.find(at(upper)));
      parts.join(at(lower), at(upper));
      ++above[at(lower)];
      ++below[at(upper)];
    }
    std::set<std::size_t> nodeVertices;
    for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
      RC_ASSERT(tree.nodes[node].arcsAbove == above[node]);
      RC_ASSERT(tree.nodes[node].arcsBelow == below[node]);
      RC_ASSERT((above[node] != 1 || below[node] != 1));
      nodeVertices.insert(at(tree.nodes[node].vertex));
    }
    for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
      RC_ASSERT((tree.arcOfVertex[vertex] < 0) == nodeVertices.contains(vertex));
      if (tree.arcOfVertex[vertex] >= 0) {
        const auto& [lower, upper] = tree.arcs[at(tree.arcOfVertex[vertex])];
        RC_ASSERT(tree.nodes[at(lower)].value <= grid.values()[vertex]);
        RC_ASSERT(tree.nodes[at(upper)].value >= grid.values()[vertex]);
      }
    }
  });
}

TEST_CASE("critical cells alternate to the Euler characteristic of what is not masked") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const ScalarGrid grid = (*anyGrids(connectivity == Connectivity::freudenthal ? 3 : 4)).grid();
    int sum = 0;
    for (const CriticalCell& cell : morseSmale(grid, connectivity).criticalCells) {
      sum += cell.index % 2 == 0 ? 1 : -1;
    }
    RC_ASSERT(sum == eulerCharacteristic(grid, connectivity, std::numeric_limits<double>::max()));
  });
}

TEST_CASE("noise of size e moves the diagrams by at most e") {
  // The stability theorem (Cohen-Steiner, Edelsbrunner, Harer 2007).
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const RandomGrid before = *gridsOf(3, {smallValues(), levelValues(), orMasked(smallValues())});
    const auto shifts =
        *rc::gen::container<std::vector<double>>(before.values.size(), smallValues());
    RandomGrid after = before;
    double largest = 0.0;
    for (std::size_t i = 0; i < shifts.size(); ++i) {
      after.values[i] += 0.1 * shifts[i];
      largest = std::max(largest, std::abs(0.1 * shifts[i]));
    }
    for (const Levels levels : kBothLevels) {
      const auto one = persistenceDiagram(before.grid(), connectivity, levels);
      const auto other = persistenceDiagram(after.grid(), connectivity, levels);
      for (int degree = 0; degree < 3; ++degree) {
        RC_ASSERT(bottleneckDistance(pointsOf(one, degree), pointsOf(other, degree)) <=
                  largest + 1e-9);
      }
    }
  });
}

TEST_CASE("a tilted plane has one minimum and SMAD 0") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    RandomGrid plane{*rc::gen::resize(rc::kNominalSize, shapes(5)), {}};
    const auto slopes =
        *rc::gen::container<std::vector<int>>(plane.shape.size(), rc::gen::inRange(-9, 10));
    plane.values.assign(product(plane.shape), 0.0);
    for (std::size_t id = 0; id < plane.values.size(); ++id) {
      std::size_t rest = id;
      for (std::size_t axis = plane.shape.size(); axis-- > 0;) {
        plane.values[id] += slopes[axis] * static_cast<double>(rest % plane.shape[axis]);
        rest /= plane.shape[axis];
      }
    }
    const auto lowest = std::min_element(plane.values.begin(), plane.values.end());
    const MergeTree tree = joinTree(plane.grid(), connectivity);
    RC_ASSERT(tree.minimaCount == 1U);
    RC_ASSERT(tree.saddleCount() == 0U);
    RC_ASSERT(tree.nodes[0].vertex == lowest - plane.values.begin());
    RC_ASSERT(tree.basinSizes[0] == static_cast<std::int64_t>(plane.values.size()));
    const Smad result = smad(tree);
    RC_ASSERT(result.pairs == 0U);
    RC_ASSERT(result.plain == 0.0);
    RC_ASSERT(result.weighted == 0.0);
    RC_ASSERT(result.normalized == 0.0);
    RC_ASSERT(result.normalizedWeighted == 0.0);
  });
}

TEST_CASE("a profile is as wide at a vertex as its component of the sublevel set has vertices") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const ScalarGrid grid = withoutTies(*anyGrids(3)).grid();
    const MergeTree tree = joinTree(grid, connectivity);
    const TopologicalProfile profile = topologicalProfile(grid, tree);
    RC_ASSERT(profile.width == static_cast<double>(grid.size() - grid.maskedCount()));
    if (profile.width == 0.0) {
      return;
    }
    const double level = *rc::gen::inRange(0, static_cast<int>(profile.width));
    const auto isBelow = [&](std::size_t vertex) { return grid.values()[vertex] <= level; };
    UnionFind components = componentsOf(grid, connectivity, isBelow);
    std::map<std::size_t, std::int64_t> sizes;
    for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
      sizes[components.find(vertex)] += isBelow(vertex) ? 1 : 0;
    }
    // Every arc that crosses the level, or starts there, stands on one component of what is below.
    std::size_t crossing = 0;
    for (const ProfilePart& part : profile.parts) {
      const bool isTop = tree.nodes[at(part.node)].parent < 0;
      if (part.bottom <= level && (level < part.top || isTop)) {
        const auto component = components.find(at(tree.nodes[at(part.node)].vertex));
        RC_ASSERT(profile.widthAt(part, level) == sizes.at(component));
        ++crossing;
      }
    }
    RC_ASSERT(crossing == static_cast<std::size_t>(std::ranges::count_if(
                              sizes, [](const auto& entry) { return entry.second > 0; })));
  });
}

TEST_CASE("a profile is as wide at any height as its subtree has vertices up to there") {
  holdsInEveryConnectivity([](Connectivity connectivity) {
    const ScalarGrid grid = (*anyGrids()).grid();
    const bool sublevel = *rc::gen::arbitrary<bool>();
    const MergeTree whole = sublevel ? joinTree(grid, connectivity) : splitTree(grid, connectivity);
    const double threshold = 0.1 * *rc::gen::inRange(0, 20);
    const MergeTree tree = Simplification(whole, branchDecomposition(whole)).above(threshold).tree;
    const auto reaches = [&](double height, double value) {
      return sublevel ? value <= height : value >= height;
    };
    const TopologicalProfile profile = topologicalProfile(grid, tree);
    RC_ASSERT(profile.parts.size() == tree.nodes.size());
    for (const ProfilePart& part : profile.parts) {
      for (const double height : {part.bottom, 0.5 * part.bottom + 0.5 * part.top, part.top}) {
        std::int64_t reached = 0;
        for (std::size_t vertex = 0; vertex < grid.size(); ++vertex) {
          const std::int32_t arc = tree.arcOfVertex[vertex];
          std::int32_t node = arc;
          while (node >= 0 && node != part.node) {
            node = tree.nodes[at(node)].parent;
          }
          // A filled basin counts from where the arc begins that it was given to.
          reached += node >= 0 && reaches(height, grid.values()[vertex]) &&
                             reaches(height, tree.nodes[at(arc)].value)
                         ? 1
                         : 0;
        }
        RC_ASSERT(profile.widthAt(part, height) == reached);
        RC_ASSERT(profile.widthAt(part, part.top) == part.totalWidth ||
                  tree.nodes[at(part.node)].parent < 0);
      }
    }
  });
}
