#include "engine/optim/polar_express.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

constexpr int kMostExchanges = 100;
constexpr double kSafety = 1.01;
constexpr std::size_t kUnsafeFrom = 7;
/// The quintic with p(1) = 1 and p'(1) = p''(1) = 0, which the nearest one becomes.
constexpr Quintic kLimit{1.875, -1.25, 0.375};

Quintic scaled(const Quintic& q, double factor) {
  return {q.a * factor, q.b * factor, q.c * factor};
}

/// p(x/width).
Quintic widened(const Quintic& q, double width) {
  return {q.a / width, q.b / std::pow(width, 3), q.c / std::pow(width, 5)};
}

}  // namespace

Quintic nearestQuintic(double lower, double upper) {
  if (lower / upper >= 1 - 5e-6) {  // below this width the system is singular to rounding
    return widened(kLimit, upper);
  }
  // Exact as the interval shrinks: the extrema of a Chebyshev polynomial of degree 3.
  double inner = (3 * lower + upper) / 4;
  double outer = (lower + 3 * upper) / 4;
  Eigen::Vector4d solution = Eigen::Vector4d::Zero();  // a, b, c and the error
  for (int round = 0; round < kMostExchanges; ++round) {
    const double before = solution[3];
    Eigen::Matrix4d system;
    int row = 0;
    for (const double x : {lower, inner, outer, upper}) {
      system.row(row) << x, std::pow(x, 3), std::pow(x, 5), row % 2 == 0 ? 1 : -1;
      ++row;
    }
    solution = system.partialPivLu().solve(Eigen::Vector4d::Ones());
    if (std::abs(solution[3] - before) <= 1e-15) {
      break;
    }
    const double a = solution[0];
    const double b = solution[1];
    const double c = solution[2];
    const double root = std::sqrt(9 * b * b - 20 * a * c);
    inner = std::sqrt((-3 * b - root) / (10 * c));
    outer = std::sqrt((-3 * b + root) / (10 * c));
  }
  return {solution[0], solution[1], solution[2]};
}

std::vector<Quintic> polarExpressQuintics(std::int64_t steps, double lower, double cushion) {
  std::vector<Quintic> quintics;
  double upper = 1;
  for (std::int64_t i = 0; i < steps; ++i) {
    Quintic nearest = nearestQuintic(std::max(lower, cushion * upper), upper);
    if (lower < cushion * upper) {
      nearest = scaled(nearest, 2 / (nearest(lower) + nearest(upper)));
    }
    quintics.push_back(nearest);
    lower = nearest(lower);
    upper = 2 - lower;
  }
  return quintics;
}

at::Tensor polarExpress(const at::Tensor& matrix, std::int64_t steps) {
  std::vector<Quintic> quintics = polarExpressQuintics(steps);
  for (std::size_t i = 0; i < std::min(kUnsafeFrom, quintics.size()); ++i) {
    quintics[i] = widened(quintics[i], kSafety);
  }
  return applyQuintics(matrix / (matrix.norm() * kSafety + 1e-7), quintics);
}

}  // namespace tarn::engine
