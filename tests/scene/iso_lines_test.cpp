#include "ui/figures/iso_lines.h"

#include <algorithm>
#include <array>
#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

namespace {

using Catch::Approx;
using tarn::ui::Plane;
using tarn::ui::Polyline;

/// Values on a square grid.
struct Samples {
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> values;

  template <typename Function>
  Samples(std::size_t n, double from, double to, Function f) {
    for (std::size_t i = 0; i < n; ++i) {
      x.push_back(from + (to - from) * static_cast<double>(i) / static_cast<double>(n - 1));
    }
    y = x;
    for (const double b : y) {
      for (const double a : x) {
        values.push_back(f(a, b));
      }
    }
  }
  Plane plane() const { return {x, y, values}; }
};

double bowl(double x, double y) {
  return x * x + y * y;
}

double lengthOf(const Polyline& line) {
  double length = 0;
  for (std::size_t i = 0; i + 1 < line.points.size(); ++i) {
    length += std::hypot(line.points[i + 1][0] - line.points[i][0],
                         line.points[i + 1][1] - line.points[i][1]);
  }
  if (line.closed) {
    length += std::hypot(line.points.front()[0] - line.points.back()[0],
                         line.points.front()[1] - line.points.back()[1]);
  }
  return length;
}

/// Signed area of closed lines by the shoelace formula.
double areaOf(const std::vector<Polyline>& lines) {
  double area = 0;
  for (const Polyline& line : lines) {
    for (std::size_t i = 0; i < line.points.size(); ++i) {
      const auto& a = line.points[i];
      const auto& b = line.points[(i + 1) % line.points.size()];
      area += (a[0] * b[1] - a[1] * b[0]) / 2;
    }
  }
  return std::abs(area);
}

/// The indices of the two coordinates a value lies between, equal when it is on one.
std::array<std::size_t, 2> around(const std::vector<double>& axis, double at) {
  const auto above = std::ranges::lower_bound(axis, at - 1e-12);
  const auto index = static_cast<std::size_t>(above - axis.begin());
  return std::abs(axis[index] - at) < 1e-9 ? std::array{index, index}
                                           : std::array{index - 1, index};
}

bool cellIsKnown(const Samples& s, std::ptrdiff_t i, std::ptrdiff_t j) {
  const auto n = static_cast<std::ptrdiff_t>(s.x.size());
  if (i < 0 || j < 0 || i + 1 >= n || j + 1 >= n) {
    return false;
  }
  const auto v = static_cast<std::size_t>(j * n + i);
  return std::isfinite(s.values[v]) && std::isfinite(s.values[v + 1]) &&
         std::isfinite(s.values[v + s.x.size()]) && std::isfinite(s.values[v + s.x.size() + 1]);
}

/// Whether a point on an edge of the grid has a cell without values, or nothing, on one side.
bool onBorderOfKnown(const Samples& s, const std::array<double, 2>& point) {
  const auto column = around(s.x, point[0]);
  const auto row = around(s.y, point[1]);
  const auto i = static_cast<std::ptrdiff_t>(column[0]);
  const auto j = static_cast<std::ptrdiff_t>(row[0]);
  if (column[0] == column[1] && row[0] == row[1]) {
    return !(cellIsKnown(s, i, j) && cellIsKnown(s, i - 1, j) && cellIsKnown(s, i, j - 1) &&
             cellIsKnown(s, i - 1, j - 1));
  }
  return column[0] == column[1] ? !(cellIsKnown(s, i - 1, j) && cellIsKnown(s, i, j))
                                : !(cellIsKnown(s, i, j - 1) && cellIsKnown(s, i, j));
}

}  // namespace

TEST_CASE("an iso-line of x² + y² is a circle, to the accuracy of linear interpolation") {
  // Between neighbours at distance h a function of second derivative 2 is off by at most h²/4.
  const double radius = 0.7;
  for (const std::size_t n : {21U, 81U}) {
    const Samples samples(n, -1, 1, bowl);
    const double h = 2.0 / static_cast<double>(n - 1);
    const auto lines = isoLines(samples.plane(), radius * radius);
    REQUIRE(lines.size() == 1);
    CHECK(lines.front().closed);
    for (const auto& [x, y] : lines.front().points) {
      CHECK(std::abs(bowl(x, y) - radius * radius) <= h * h / 4 + 1e-12);
    }
    CHECK(lengthOf(lines.front()) == Approx(2 * std::numbers::pi * radius).epsilon(2 * h * h));
    CHECK(areaOf(lines) == Approx(std::numbers::pi * radius * radius).epsilon(2 * h * h));
  }
}

TEST_CASE("an iso-line of a tilted plane is one straight line from border to border") {
  const Samples samples(9, 0, 1, [](double x, double y) { return 2 * x + y; });
  const auto lines = isoLines(samples.plane(), 1.13);
  REQUIRE(lines.size() == 1);
  CHECK_FALSE(lines.front().closed);
  for (const auto& [x, y] : lines.front().points) {
    CHECK(2 * x + y == Approx(1.13).epsilon(1e-12));
  }
}

TEST_CASE("higher values lie on the left of an iso-line") {
  const auto lines = isoLines(Samples(9, 0, 1, [](double x, double) { return x; }).plane(), 0.4);
  // To the left of the direction of −y is +x.
  CHECK(lines.front().points.front()[1] > lines.front().points.back()[1]);
}

TEST_CASE("iso-lines end only at the border or at cells without values, whatever the values") {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int trial = 0; trial < 40; ++trial) {
    const Samples samples(12, 0, 11, [&](double, double) {
      const double value = uniform(random);
      return value < 0.06 ? std::numeric_limits<double>::quiet_NaN() : value;
    });
    for (const double level : {0.3, 0.5, 0.8}) {
      for (const Polyline& line : isoLines(samples.plane(), level)) {
        if (!line.closed) {
          CHECK(onBorderOfKnown(samples, line.points.front()));
          CHECK(onBorderOfKnown(samples, line.points.back()));
        }
      }
    }
  }
}

TEST_CASE("iso-lines cross every edge whose ends lie on both sides of the level, once") {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform(0, 1);
  const Samples samples(15, 0, 14, [&](double, double) { return uniform(random); });
  const double level = 0.5;
  std::size_t crossed = 0;
  for (std::size_t j = 0; j < 15; ++j) {
    for (std::size_t i = 0; i < 15; ++i) {
      const bool here = samples.values[j * 15 + i] >= level;
      crossed += i + 1 < 15 && here != (samples.values[j * 15 + i + 1] >= level) ? 1 : 0;
      crossed += j + 1 < 15 && here != (samples.values[(j + 1) * 15 + i] >= level) ? 1 : 0;
    }
  }
  std::size_t points = 0;
  for (const Polyline& line : isoLines(samples.plane(), level)) {
    points += line.points.size();
  }
  CHECK(points == crossed);
}

TEST_CASE("the region above a level of a tilted plane has the area the plane says") {
  const Samples samples(11, 0, 1, [](double x, double) { return x; });
  for (const double level : {-1.0, 0.0, 0.25, 0.37, 0.9}) {
    CHECK(areaOf(isoRegion(samples.plane(), level)) ==
          Approx(1 - std::max(level, 0.0)).epsilon(1e-12));
  }
  CHECK(isoRegion(samples.plane(), 1.5).empty());
}

TEST_CASE("nothing is drawn where nothing is known") {
  const Samples samples(6, 0, 1, [](double, double) { return std::nan(""); });
  CHECK(isoLines(samples.plane(), 0.5).empty());
  CHECK(isoRegion(samples.plane(), 0.5).empty());
}
