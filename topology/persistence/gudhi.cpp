#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gudhi/Bitmap_cubical_complex.h>
#include <gudhi/Persistent_cohomology.h>
#include <gudhi/Simplex_tree.h>

#include "topology/base/error.h"
#include "topology/merge_tree/flow.h"
#include "topology/merge_tree/neighbourhood.h"
#include "topology/persistence/persistence.h"

namespace tarn {
namespace {

namespace cubical = Gudhi::cubical_complex;
namespace cohomology = Gudhi::persistent_cohomology;

constexpr std::int64_t kMostEdges = std::int64_t{1} << 24U;
constexpr std::size_t kMostCells = std::size_t{1} << 27U;

/// The vertices in the order (value, id), masked ones left out, and the place of each in it.
struct Ranks {
  std::vector<std::int64_t> vertexOf;
  std::vector<double> rankOf;  ///< infinity for a masked vertex
};

Ranks rank(const ScalarGrid& grid, const MaskedValues& values) {
  Ranks ranks;
  ranks.vertexOf.resize(grid.size());
  std::iota(ranks.vertexOf.begin(), ranks.vertexOf.end(), std::int64_t{0});
  std::erase_if(ranks.vertexOf, [&](std::int64_t v) { return std::isnan(values[v]); });
  std::sort(ranks.vertexOf.begin(), ranks.vertexOf.end(),
            [&](std::int64_t a, std::int64_t b) { return values.before(a, b); });
  ranks.rankOf.assign(grid.size(), std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < ranks.vertexOf.size(); ++i) {
    ranks.rankOf[static_cast<std::size_t>(ranks.vertexOf[i])] = static_cast<double>(i);
  }
  return ranks;
}

/// Runs GUDHI's cohomology in dimension 0 and turns ranks back into vertices. What is born at
/// infinity is masked; what dies there never dies.
template <typename Complex>
ZerothPersistence pairsOf(Complex& complex, const Ranks& ranks, const MaskedValues& values) {
  const bool onlyVertices = complex.dimension() == 0;
  cohomology::Persistent_cohomology<Complex, cohomology::Field_Zp> persistence(complex,
                                                                               onlyVertices);
  persistence.init_coefficients(2);
  persistence.compute_persistent_cohomology(0.0);
  const auto vertexAt = [&](double filtration) {
    return ranks.vertexOf[static_cast<std::size_t>(filtration)];
  };
  ZerothPersistence result;
  for (const auto& pair : persistence.get_persistent_pairs()) {
    const auto birthCell = std::get<0>(pair);
    const auto deathCell = std::get<1>(pair);
    const double birth = static_cast<double>(complex.filtration(birthCell));
    if (complex.dimension(birthCell) != 0 || std::isinf(birth)) {
      continue;
    }
    const double death = deathCell == complex.null_simplex()
                             ? std::numeric_limits<double>::infinity()
                             : static_cast<double>(complex.filtration(deathCell));
    if (std::isinf(death)) {
      result.essential.push_back(vertexAt(birth));
    } else {
      const auto born = vertexAt(birth);
      const auto dead = vertexAt(death);
      result.pairs.push_back({born, dead, values[born], values[dead]});
    }
  }
  std::sort(result.essential.begin(), result.essential.end(),
            [&](std::int64_t a, std::int64_t b) { return values.before(a, b); });
  std::sort(result.pairs.begin(), result.pairs.end(),
            [&](const PersistencePair& a, const PersistencePair& b) {
              return values.before(a.birthVertex, b.birthVertex);
            });
  return result;
}

[[noreturn]] void tooLarge(const std::string& what) {
  throw Error(ErrorCode::unsupported, "the grid is too large for GUDHI's persistence: " + what,
              "use the pairs of the join tree, which have no such limit");
}

ZerothPersistence cubicalPairs(const ScalarGrid& grid, const Ranks& ranks,
                               const MaskedValues& values, bool ranksOfTopCells) {
  // GUDHI's first axis varies fastest, ours last: the same memory, the axes named backwards.
  std::vector<unsigned> shape;
  std::size_t cells = 1;
  for (const std::size_t length : grid.shape()) {
    cells *= 2 * length + 1;
    if (cells > kMostCells) {
      tooLarge("more than 2^27 cells of the cubical complex");
    }
    shape.insert(shape.begin(), static_cast<unsigned>(length));
  }
  using Complex = cubical::Bitmap_cubical_complex<cubical::Bitmap_cubical_complex_base<double>>;
  Complex complex(shape, ranks.rankOf, ranksOfTopCells);
  return pairsOf(complex, ranks, values);
}

ZerothPersistence simplicialPairs(const ScalarGrid& grid, const Ranks& ranks,
                                  const MaskedValues& values) {
  const Neighbourhood neighbourhood(grid.shape(), Connectivity::freudenthal);
  std::int64_t edges = 0;
  neighbourhood.forEachVertex({}, [&](std::int64_t, const NeighbourOffsets& offsets) {
    edges += static_cast<std::int64_t>(offsets.above.size());
  });
  if (edges > kMostEdges) {
    tooLarge(std::to_string(edges) + " edges of the Freudenthal triangulation, more than 2^24");
  }
  Gudhi::Simplex_tree<> complex;
  for (std::size_t i = 0; i < ranks.vertexOf.size(); ++i) {
    const int vertex[] = {static_cast<int>(ranks.vertexOf[i])};
    complex.insert_simplex(vertex, static_cast<double>(i));
  }
  neighbourhood.forEachVertex({}, [&](std::int64_t vertex, const NeighbourOffsets& offsets) {
    for (const std::int64_t offset : offsets.above) {
      const double filtration = std::max(ranks.rankOf[static_cast<std::size_t>(vertex)],
                                         ranks.rankOf[static_cast<std::size_t>(vertex + offset)]);
      if (std::isfinite(filtration)) {
        const int edge[] = {static_cast<int>(vertex), static_cast<int>(vertex + offset)};
        complex.insert_simplex(edge, filtration);
      }
    }
  });
  return pairsOf(complex, ranks, values);
}

}  // namespace

ZerothPersistence zerothPersistenceFromGudhi(const ScalarGrid& grid, Connectivity connectivity) {
  const MaskedValues values(grid);
  const Ranks ranks = rank(grid, values);
  if (ranks.vertexOf.empty()) {
    return {};
  }
  switch (connectivity) {
    case Connectivity::axes2n:
      return cubicalPairs(grid, ranks, values, false);
    case Connectivity::freudenthal:
      return simplicialPairs(grid, ranks, values);
    case Connectivity::full:
      return cubicalPairs(grid, ranks, values, true);
  }
  throw Error(ErrorCode::internal, "a connectivity without a complex");
}

}  // namespace tarn
