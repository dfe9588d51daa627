#include "topology/persistence/persistence.h"

#include <catch2/catch_test_macros.hpp>

#include "grids.h"
#include "topology/base/error.h"
#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/merge_tree.h"

using namespace tarn;
using namespace tarn::test;

TEST_CASE("in one dimension persistence is read off the profile") {
  //                                0  1  2  3  4  5  6
  const auto grid = gridOf({7}, {3, 0, 4, 1, 6, 2, 7});
  const auto result = zerothPersistence(joinTree(grid, Connectivity::axes2n));
  CHECK(result.essential == std::vector<std::int64_t>{1});
  REQUIRE(result.pairs.size() == 2);
  CHECK(result.pairs[0] == PersistencePair{3, 2, 1.0, 4.0});
  CHECK(result.pairs[1] == PersistencePair{5, 4, 2.0, 6.0});
}

TEST_CASE("branches cover the tree and end on older ones") {
  for (const auto& shape : kShapes) {
    const auto tree = joinTree(gridOf(shape, masked(steps(product(shape), 9, 5), 0.2, 6)),
                               Connectivity::freudenthal);
    const auto decomposition = branchDecomposition(tree);
    REQUIRE(decomposition.branches.size() == tree.minimaCount);
    std::size_t whole = 0;
    for (std::size_t i = 0; i < decomposition.branches.size(); ++i) {
      const Branch& branch = decomposition.branches[i];
      CHECK(branch.minimum == static_cast<std::int32_t>(i));
      CHECK(branch.persistence >= 0.0);
      if (branch.parent < 0) {
        ++whole;
        CHECK(tree.nodes[static_cast<std::size_t>(branch.top)].parent < 0);
      } else {
        CHECK(branch.parent < branch.minimum);
        CHECK(decomposition.branchOfNode[static_cast<std::size_t>(branch.top)] == branch.parent);
      }
    }
    CHECK(whole == tree.roots().size());
  }
}

TEST_CASE("complexes that GUDHI could not hold are refused before they are built") {
  const auto refusal = [](std::size_t length, Connectivity connectivity) {
    const std::vector<std::size_t> shape(12, length);
    try {
      zerothPersistenceFromGudhi(gridOf(shape, noise(product(shape), 1)), connectivity);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::internal;
  };
  CHECK(refusal(2, Connectivity::axes2n) == ErrorCode::unsupported);  // 5¹² cells
  CHECK(refusal(2, Connectivity::full) == ErrorCode::unsupported);
  CHECK(refusal(3, Connectivity::freudenthal) == ErrorCode::unsupported);  // 5¹² − 3¹² edges
}
