#include "topology/merge_tree/layout.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <set>

#include "grids.h"

using namespace tarn;
using namespace tarn::test;

namespace {

struct Line {
  double x0, x1;        ///< x0 < x1: horizontal at height y0
  std::int32_t y0, y1;  ///< node indices as heights: they rise along every branch
};

/// Whether a horizontal line passes through a vertical one. Where three components meet, branches
/// end on the same line: touching it from below is no crossing.
bool cross(const Line& across, const Line& up) {
  return across.x0 < up.x0 && up.x0 < across.x1 && up.y0 <= across.y0 && across.y0 < up.y1;
}

}  // namespace

TEST_CASE("no two lines of a drawn tree cross and no two branches share a place") {
  for (unsigned seed = 1; seed < 30; ++seed) {
    for (const auto& shape : kShapes) {
      const auto tree =
          joinTree(gridOf(shape, masked(noise(product(shape), seed), 0.05, seed + 50)),
                   Connectivity::axes2n);
      const auto decomposition = branchDecomposition(tree);
      const auto layout = layoutTree(tree, decomposition);
      REQUIRE(layout.x.size() == tree.nodes.size());

      std::set<double> places;
      std::vector<Line> across;
      std::vector<Line> up;
      for (std::size_t i = 0; i < decomposition.branches.size(); ++i) {
        const Branch& branch = decomposition.branches[i];
        const double x = layout.x[static_cast<std::size_t>(branch.minimum)];
        places.insert(x);
        up.push_back({x, x, branch.minimum, branch.top});
        const double end = layout.x[static_cast<std::size_t>(branch.top)];
        across.push_back({std::min(x, end), std::max(x, end), branch.top, branch.top});
      }
      REQUIRE(places.size() == tree.minimaCount);
      if (!places.empty()) {
        CHECK(*places.begin() == 0.0);
        CHECK(*places.rbegin() == layout.width);
      }
      std::size_t crossings = 0;
      for (const Line& a : across) {
        crossings += static_cast<std::size_t>(
            std::count_if(up.begin(), up.end(), [&](const Line& u) { return cross(a, u); }));
      }
      CHECK(crossings == 0);
    }
  }
}
