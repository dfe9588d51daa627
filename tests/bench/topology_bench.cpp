// The topology of grids: the join tree with its pairs and the weighted SMAD, and a persistence
// threshold that is moved. On one thread but for the threshold, against references timed in the
// same run.
// Usage: bench-topology [--large]; --large goes on to 10⁸ vertices.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <thread>
#include <vector>

#include <tbb/global_control.h>

#include "landscapes.h"
#include "measure.h"
#include "topology/base/numbers.h"
#include "topology/merge_tree/basins.h"
#include "topology/merge_tree/branches.h"
#include "topology/merge_tree/merge_tree.h"
#include "topology/merge_tree/simplify.h"
#include "topology/persistence/diagram.h"
#include "topology/persistence/persistence.h"
#include "topology/smad/smad.h"

using namespace tarn;
using namespace tarn::bench;

namespace {

struct Result {
  ZerothPersistence persistence;
  Smad smad;
};

Result treePairsAndSmad(const ScalarGrid& grid) {
  const MergeTree tree = joinTree(grid, Connectivity::axes2n);
  return {zerothPersistence(tree), smad(tree)};
}

/// std::sort of the (value, id) keys.
double sortSeconds(const ScalarGrid& grid) {
  struct Key {
    double value;
    std::int64_t id;
  };
  std::vector<Key> keys(grid.size());
  return quickest(
      [&] {
        std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
          return a.value < b.value || (a.value == b.value && a.id < b.id);
        });
      },
      [&] {
        for (std::size_t i = 0; i < keys.size(); ++i) {
          keys[i] = {grid.values()[i], static_cast<std::int64_t>(i)};
        }
      });
}

/// One row of the tables of tree, pairs and SMAD.
void measureTree(const char* name, const ScalarGrid& grid, bool withGudhi) {
  const double count = static_cast<double>(grid.size());
  Result result;
  const double bytes =
      static_cast<double>(peakBytes([&] { result = treePairsAndSmad(grid); })) / count;
  const double own = quickest([&] { result = treePairsAndSmad(grid); });
  const double sort = sortSeconds(grid);
  std::printf("%-15s %10zu %9zu %11.3f %9.2f %11.2f %8.1f", name, grid.size(),
              result.persistence.pairs.size() + result.persistence.essential.size(), 1e3 * own,
              1e9 * own / (count * std::log2(count)), own / sort, bytes);
  if (withGudhi) {
    ZerothPersistence found;
    const double gudhi =
        quickest([&] { found = zerothPersistenceFromGudhi(grid, Connectivity::axes2n); });
    const bool same = found.pairs == result.persistence.pairs;
    std::printf(" %11.4f %s", own / gudhi, same ? "same" : "DIFFERENT");
  }
  std::printf("\n");
  std::fflush(stdout);
}

void printTreeHeader(const char* title) {
  std::printf("\n%s\n%-15s %10s %9s %11s %9s %11s %8s %11s %s\n", title, "data", "vertices",
              "minima", "ms", "ns/nlog2n", "/ std::sort", "bytes/n", "/ GUDHI H0", "pairs");
}

void smallGrid() {
  const ScalarGrid grid = sample(kWhiteNoise, 41, 1);
  Smad result;
  const double own = quickest([&] { result = smad(joinTree(grid, Connectivity::axes2n)); });
  std::printf(
      "\n41 x 41, white noise: tree and SMAD (must be <= 2 ms)\n"
      "%.3f ms, %.2f x std::sort of the same keys, %zu arcs averaged\n",
      1e3 * own, own / sortSeconds(grid), result.pairs);
}

/// Thresholds one after the other, as somebody drags them. The tree is made ready for them; of each
/// come a tree and its basins.
void movingThreshold(const Landscape& landscape) {
  const ScalarGrid grid = sample(landscape, 1000, 1);
  const MergeTree tree = joinTree(grid, Connectivity::axes2n);
  const BranchDecomposition branches = branchDecomposition(tree);
  const Simplification simplification(tree, branches, basins(grid, Connectivity::axes2n));
  std::vector<double> persistence;
  persistence.reserve(branches.branches.size());
  for (const Branch& branch : branches.branches) {
    persistence.push_back(branch.persistence);
  }
  std::sort(persistence.begin(), persistence.end());
  double slowest = 0.0;
  std::size_t most = 0;
  constexpr std::size_t kSteps = 10;
  for (std::size_t step = 0; step <= kSteps; ++step) {
    const double threshold = persistence[step * (persistence.size() - 1) / kSteps];
    const double own =
        quickest([&] { most = std::max(most, simplification.above(threshold).tree.minimaCount); });
    slowest = std::max(slowest, own);
  }
  volatile double seen = 0.0;  // so that the copy is made
  const double copying = quickest([&] {
    const std::vector<double> copy(grid.values().begin(), grid.values().end());
    seen = copy[copy.size() / 2];
  });
  std::printf("%-15s %9zu minima %9.3f ms %9.2f x a new copy of the values\n", landscape.name, most,
              1e3 * slowest, slowest / copying);
}

bool sameForAnyThreads() {
  const ScalarGrid grid = sample(kWhiteNoise, 40, 40);
  const ZerothPersistence alone = treePairsAndSmad(grid).persistence;
  const auto diagramOn = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    return persistenceDiagram(grid, Connectivity::axes2n).intervals;
  };
  const std::size_t threads = std::max(4U, std::thread::hardware_concurrency());
  bool same = diagramOn(1) == diagramOn(threads);
  std::vector<ZerothPersistence> together(threads);
  {
    std::vector<std::jthread> running;
    running.reserve(threads);
    for (ZerothPersistence& one : together) {
      running.emplace_back([&] { one = treePairsAndSmad(grid).persistence; });
    }
  }
  for (const ZerothPersistence& one : together) {
    same = same && one.pairs == alone.pairs && one.essential == alone.essential;
  }
  std::printf("\nresults on 1 thread and on %zu threads: %s\n", threads,
              same ? "the same" : "DIFFERENT");
  return same;
}

}  // namespace

int main(int argc, char** argv) {
  const bool large = argc == 2 && std::string_view(argv[1]) == "--large";
  if (argc > 2 || (argc == 2 && !large)) {
    std::fputs("usage: bench-topology [--large]\n", stderr);
    return 2;
  }
  const bool same = sameForAnyThreads();
  std::printf(
      "\nmoving the persistence threshold on 1000 x 1000, on two threads: the slowest "
      "step (must be <= 16 ms, one frame)\n");
  movingThreshold(kSmoothAndNoise);
  movingThreshold(kWhiteNoise);
  const tbb::global_control oneThread(tbb::global_control::max_allowed_parallelism, 1);
  smallGrid();
  printTreeHeader(
      "join tree, pairs and weighted SMAD, 2n, 215 x 215 x 215 (must be <= 2.5 std::sort, <= 40 "
      "bytes a vertex beyond the values)");
  for (const Landscape& landscape : {kSmooth, kSmoothAndNoise, kWhiteNoise}) {
    measureTree(landscape.name, sample(landscape, 215, 215), false);
  }
  printTreeHeader("the same by size");
  for (const std::size_t n : {10, 22, 46, 100, 215, 464}) {
    if (n <= 215 || large) {
      measureTree(kSmoothAndNoise.name, sample(kSmoothAndNoise, n, n), n <= 100);
    }
  }
  return same ? 0 : 1;
}
