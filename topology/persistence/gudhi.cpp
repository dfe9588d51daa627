#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <gudhi/Bitmap_cubical_complex.h>
#include <gudhi/Persistent_cohomology.h>
#include <gudhi/Simplex_tree.h>

#include "topology/base/error.h"
#include "topology/base/numbers.h"
#include "topology/persistence/diagram.h"
#include "topology/persistence/freudenthal.h"
#include "topology/persistence/persistence.h"

namespace tarn {
namespace {

namespace cubical = Gudhi::cubical_complex;
namespace cohomology = Gudhi::persistent_cohomology;

constexpr std::size_t kMostSimplices = std::size_t{1} << 24U;
constexpr std::size_t kMostCells = std::size_t{1} << 27U;
/// The vertices in the order of a sweep, masked ones left out, and the place of each in it.
struct Ranks {
  std::vector<std::int64_t> vertexOf;
  std::vector<double> rankOf;  ///< infinity for a masked vertex
};

Ranks rank(const ScalarGrid& grid, Levels levels) {
  const auto before = [&](std::int64_t a, std::int64_t b) {
    const double first = grid.value(a);
    const double second = grid.value(b);
    return first < second || (first == second && a < b);
  };
  Ranks ranks;
  ranks.vertexOf.resize(grid.size());
  std::iota(ranks.vertexOf.begin(), ranks.vertexOf.end(), std::int64_t{0});
  std::erase_if(ranks.vertexOf, [&](std::int64_t v) { return !std::isfinite(grid.value(v)); });
  std::sort(ranks.vertexOf.begin(), ranks.vertexOf.end(), before);
  if (levels == Levels::superlevel) {
    std::reverse(ranks.vertexOf.begin(), ranks.vertexOf.end());
  }
  ranks.rankOf.assign(grid.size(), kInfinity);
  for (std::size_t i = 0; i < ranks.vertexOf.size(); ++i) {
    ranks.rankOf[static_cast<std::size_t>(ranks.vertexOf[i])] = static_cast<double>(i);
  }
  return ranks;
}

/// Runs GUDHI's cohomology and turns ranks back into vertices. What is born at infinity is masked;
/// what dies there never dies.
template <typename Complex>
std::vector<PersistenceInterval> intervalsOf(Complex& complex, const Ranks& ranks,
                                             const ScalarGrid& grid, Levels levels,
                                             int highestDegree) {
  const bool onlyVertices = complex.dimension() == 0;
  cohomology::Persistent_cohomology<Complex, cohomology::Field_Zp> persistence(complex,
                                                                               onlyVertices);
  persistence.init_coefficients(2);
  persistence.compute_persistent_cohomology(0.0);
  const auto vertexAt = [&](double rank) { return ranks.vertexOf[static_cast<std::size_t>(rank)]; };
  std::vector<PersistenceInterval> result;
  std::vector<double> birthRanks;
  for (const auto& pair : persistence.get_persistent_pairs()) {
    const auto birthCell = std::get<0>(pair);
    const auto deathCell = std::get<1>(pair);
    const int degree = static_cast<int>(complex.dimension(birthCell));
    const double birth = static_cast<double>(complex.filtration(birthCell));
    if (degree > highestDegree || std::isinf(birth)) {
      continue;
    }
    const double death = deathCell == complex.null_simplex()
                             ? kInfinity
                             : static_cast<double>(complex.filtration(deathCell));
    PersistenceInterval interval;
    interval.degree = degree;
    interval.birthVertex = vertexAt(birth);
    interval.birth = grid.value(interval.birthVertex);
    interval.death = levels == Levels::sublevel ? kInfinity : -kInfinity;
    if (!std::isinf(death)) {
      interval.deathVertex = vertexAt(death);
      interval.death = grid.value(interval.deathVertex);
    }
    result.push_back(interval);
  }
  const auto rankOf = [&](std::int64_t vertex) {
    return vertex < 0 ? kInfinity : ranks.rankOf[static_cast<std::size_t>(vertex)];
  };
  std::sort(result.begin(), result.end(),
            [&](const PersistenceInterval& a, const PersistenceInterval& b) {
              const auto key = [&](const PersistenceInterval& i) {
                return std::tuple(i.degree, rankOf(i.birthVertex), rankOf(i.deathVertex));
              };
              return key(a) < key(b);
            });
  return result;
}

[[noreturn]] void tooLarge(const std::string& what) {
  throw Error(ErrorCode::unsupported,
              "The grid is too large for GUDHI's persistence: it has " + what + ".",
              "Use the pairs of the merge trees, which have no such limit, or take fewer steps "
              "along each axis.");
}

std::vector<PersistenceInterval> cubicalIntervals(const ScalarGrid& grid, const Ranks& ranks,
                                                  Levels levels, int highestDegree,
                                                  bool ranksOfTopCells) {
  // GUDHI's first axis varies fastest, ours last: the same memory, the axes named backwards.
  std::vector<unsigned> shape;
  std::size_t cells = 1;
  for (const std::size_t length : grid.shape()) {
    cells *= 2 * length + 1;
    if (cells > kMostCells) {
      tooLarge("more than 2^27 cells in the cubical complex");
    }
    shape.insert(shape.begin(), static_cast<unsigned>(length));
  }
  using Complex = cubical::Bitmap_cubical_complex<cubical::Bitmap_cubical_complex_base<double>>;
  Complex complex(shape, ranks.rankOf, ranksOfTopCells);
  return intervalsOf(complex, ranks, grid, levels, highestDegree);
}

std::vector<PersistenceInterval> simplicialIntervals(const ScalarGrid& grid, const Ranks& ranks,
                                                     Levels levels, int highestDegree) {
  const FreudenthalSimplices simplices(grid.shape(), highestDegree + 1);
  if (simplices.upperBound() > kMostSimplices) {
    tooLarge("more than 2^24 simplices in the Freudenthal triangulation");
  }
  Gudhi::Simplex_tree<> complex;
  simplices.forEach([&](std::span<const std::int64_t> vertices) {
    double filtration = 0.0;
    std::vector<int> simplex;
    for (const std::int64_t vertex : vertices) {
      filtration = std::max(filtration, ranks.rankOf[static_cast<std::size_t>(vertex)]);
      simplex.push_back(static_cast<int>(vertex));
    }
    if (std::isfinite(filtration)) {
      complex.insert_simplex(simplex, filtration);
    }
  });
  return intervalsOf(complex, ranks, grid, levels, highestDegree);
}

}  // namespace

PersistenceDiagram persistenceDiagram(const ScalarGrid& grid, Connectivity connectivity,
                                      Levels levels, int highestDegree) {
  PersistenceDiagram diagram;
  diagram.levels = levels;
  diagram.connectivity = connectivity;
  const Ranks ranks = rank(grid, levels);
  if (ranks.vertexOf.empty()) {
    return diagram;
  }
  switch (connectivity) {
    case Connectivity::axes2n:
      diagram.intervals = cubicalIntervals(grid, ranks, levels, highestDegree, false);
      break;
    case Connectivity::freudenthal:
      diagram.intervals = simplicialIntervals(grid, ranks, levels, highestDegree);
      break;
    case Connectivity::full:
      diagram.intervals = cubicalIntervals(grid, ranks, levels, highestDegree, true);
      break;
  }
  return diagram;
}

ZerothPersistence zerothPersistenceFromGudhi(const ScalarGrid& grid, Connectivity connectivity) {
  ZerothPersistence result;
  for (const auto& i : persistenceDiagram(grid, connectivity, Levels::sublevel, 0).intervals) {
    if (i.isEssential()) {
      result.essential.push_back(i.birthVertex);
    } else {
      result.pairs.push_back({i.birthVertex, i.deathVertex, i.birth, i.death});
    }
  }
  return result;
}

}  // namespace tarn
