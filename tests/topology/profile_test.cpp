#include "topology/profile/profile.h"

#include <algorithm>
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <vector>

#include "grids.h"
#include "topology/base/numbers.h"

using namespace tarn;
using namespace tarn::test;

TEST_CASE("the parts of a profile stand inside their parents and beside their siblings") {
  const ScalarGrid grid = gridOf({15, 16}, noise(240, 9));
  const MergeTree tree = joinTree(grid, Connectivity::axes2n);
  const TopologicalProfile profile = topologicalProfile(grid, tree);
  const auto left = [&](const ProfilePart& part) {
    return part.centre - 0.5 * static_cast<double>(part.totalWidth);
  };
  for (std::size_t node = 0; node < tree.nodes.size(); ++node) {
    const ProfilePart& parent = profile.parts[node];
    double edge = parent.centre - 0.5 * static_cast<double>(parent.childWidth);
    std::vector<std::int32_t> children(tree.children(static_cast<std::int32_t>(node)).begin(),
                                       tree.children(static_cast<std::int32_t>(node)).end());
    std::ranges::sort(children, {},
                      [&](std::int32_t child) { return profile.parts[at(child)].centre; });
    std::int64_t widest = parent.totalWidth;
    for (const std::int32_t child : children) {
      const ProfilePart& part = profile.parts[at(child)];
      CHECK_THAT(left(part), Catch::Matchers::WithinAbs(edge, 1e-9));
      CHECK(part.totalWidth <= widest);
      CHECK(part.top == parent.bottom);
      widest = part.totalWidth;
      edge += static_cast<double>(part.totalWidth);
    }
  }
}
