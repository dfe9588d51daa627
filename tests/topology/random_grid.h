#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <ostream>
#include <vector>

#include <rapidcheck.h>

#include "grids.h"

namespace tarn::test {

/// A grid as RapidCheck makes it, shows it and shrinks it. NaN stands for a masked vertex.
struct RandomGrid {
  std::vector<std::size_t> shape;
  std::vector<double> values;

  ScalarGrid grid() const { return gridOf(shape, values); }
};

inline std::ostream& operator<<(std::ostream& stream, const RandomGrid& random) {
  stream << "shape";
  for (const std::size_t length : random.shape) {
    stream << ' ' << length;
  }
  stream << ", values";
  stream.precision(std::numeric_limits<double>::max_digits10);
  for (const double value : random.values) {
    stream << ' ' << value;
  }
  return stream;
}

/// 1 to `mostAxes` axes, at most 5, with fewer steps each the more there are: about 100 vertices.
inline rc::Gen<std::vector<std::size_t>> shapes(std::size_t mostAxes) {
  return rc::gen::mapcat(rc::gen::inRange<std::size_t>(1, mostAxes + 1), [](std::size_t dimension) {
    constexpr std::array<std::size_t, 5> kLongest{60, 20, 8, 5, 4};
    return rc::gen::container<std::vector<std::size_t>>(
        dimension, rc::gen::inRange<std::size_t>(1, kLongest[dimension - 1] + 1));
  });
}

/// Numbers of any size and sign.
inline rc::Gen<double> realValues() {
  return rc::gen::suchThat(rc::gen::arbitrary<double>(),
                           [](double value) { return std::isfinite(value); });
}

/// Numbers between −3 and 3.
inline rc::Gen<double> smallValues() {
  return rc::gen::map(rc::gen::inRange(-300, 300), [](int k) { return 0.01 * k; });
}

/// One of four levels: many vertices share one.
inline rc::Gen<double> levelValues() {
  return rc::gen::map(rc::gen::inRange(-1, 3), [](int k) { return static_cast<double>(k); });
}

/// About a quarter of the vertices masked.
inline rc::Gen<double> orMasked(const rc::Gen<double>& values) {
  return rc::gen::weightedOneOf<double>(
      {{3, values}, {1, rc::gen::just(std::numeric_limits<double>::quiet_NaN())}});
}

inline rc::Gen<RandomGrid> gridsOf(std::size_t mostAxes,
                                   const std::vector<rc::Gen<double>>& kindsOfValues) {
  // Sizes of its own: RapidCheck starts with single vertices.
  return rc::gen::resize(
      rc::kNominalSize,
      rc::gen::mapcat(shapes(mostAxes), [=](const std::vector<std::size_t>& shape) {
        return rc::gen::mapcat(
            rc::gen::elementOf(kindsOfValues), [=](const rc::Gen<double>& values) {
              return rc::gen::map(
                  rc::gen::container<std::vector<double>>(product(shape), values),
                  [=](const std::vector<double>& some) { return RandomGrid{shape, some}; });
            });
      }));
}

/// Grids without masked vertices: hardly any ties, or many.
inline rc::Gen<RandomGrid> wholeGrids(std::size_t mostAxes = 5) {
  return gridsOf(mostAxes, {realValues(), smallValues(), levelValues()});
}

/// The same and those with masked vertices.
inline rc::Gen<RandomGrid> anyGrids(std::size_t mostAxes = 5) {
  return gridsOf(mostAxes, {realValues(), smallValues(), levelValues(), orMasked(realValues()),
                            orMasked(levelValues())});
}

/// The grid with every value replaced by its place in the order (value, id): no two alike.
inline RandomGrid withoutTies(RandomGrid random) {
  std::vector<std::size_t> order(random.values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t vertex) { return std::isnan(random.values[vertex]); });
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return random.values[a] < random.values[b];
  });
  for (std::size_t place = 0; place < order.size(); ++place) {
    random.values[order[place]] = static_cast<double>(place);
  }
  return random;
}

}  // namespace tarn::test
