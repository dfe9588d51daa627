#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <random>
#include <utility>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"
#include "ui/scene/landscape_data.h"

namespace tarn::test {

inline ui::LandscapeData landscapeOf(ScalarGrid grid) {
  ui::LandscapeData data;
  data.x = {"hessian:1", 271.4, ""};
  data.y = {"hessian:2", 215.7, ""};
  data.tree = std::make_shared<const MergeTree>(joinTree(grid, Connectivity::axes2n));
  data.grid = std::make_shared<const ScalarGrid>(std::move(grid));
  return data;
}

/// Two wells at (a, b, c) = (∓0.5, 0, ±0.5) of a cube from −1 to 1, the second one deeper.
inline ScalarGrid wellsInCube(std::size_t points) {
  std::vector<double> axis;
  axis.reserve(points);
  for (std::size_t i = 0; i < points; ++i) {
    axis.push_back(2.0 * static_cast<double>(i) / static_cast<double>(points - 1) - 1.0);
  }
  std::vector<double> values;
  for (const double a : axis) {
    for (const double b : axis) {
      for (const double c : axis) {
        const auto well = [&](double atA, double atC) {
          return (a - atA) * (a - atA) + b * b + (c - atC) * (c - atC);
        };
        values.push_back(std::min(well(-0.5, 0.5) + 0.1, well(0.5, -0.5)));
      }
    }
  }
  return {{{axis, "", ""}, {axis, "", ""}, {axis, "", ""}}, std::move(values)};
}

/// f(x, y) for x from −1 to 1 and y from −2 to 2.
template <typename Function>
ui::LandscapeData sampled(std::size_t nx, std::size_t ny, Function f) {
  std::vector<Axis> axes(2);
  for (std::size_t j = 0; j < ny; ++j) {
    axes[0].coordinates.push_back(-2 + 4.0 * static_cast<double>(j) / static_cast<double>(ny - 1));
  }
  for (std::size_t i = 0; i < nx; ++i) {
    axes[1].coordinates.push_back(-1 + 2.0 * static_cast<double>(i) / static_cast<double>(nx - 1));
  }
  std::vector<double> values;
  for (const double y : axes[0].coordinates) {
    for (const double x : axes[1].coordinates) {
      values.push_back(f(x, y));
    }
  }
  return landscapeOf(ScalarGrid(std::move(axes), std::move(values)));
}

inline ui::LandscapeData noisy(std::size_t nx, std::size_t ny, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0.5, 1.0);
  return sampled(nx, ny, [&](double, double) { return uniform(random); });
}

/// A bowl with two runs that spiral into it.
inline ui::LandscapeData bowlWithRuns() {
  ui::LandscapeData data = sampled(31, 41, [](double x, double y) { return 0.1 + x * x + y * y; });
  for (int run = 0; run < 2; ++run) {
    ui::Trajectory trajectory{run == 0 ? "sgd" : "adamw", {}, {}};
    for (int step = 0; step < 40; ++step) {
      const double radius = 0.9 * std::exp(-step / 15.0);
      const double angle = 0.1 * step + 2 * run;
      trajectory.points.push_back({radius * std::cos(angle), radius * std::sin(angle)});
      trajectory.loss.push_back(radius * radius);
    }
    data.trajectories.push_back(std::move(trajectory));
  }
  return data;
}

}  // namespace tarn::test
