#include "support/reference_polar.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace tarn::test::reference {

namespace {

double valueAt(const Quintic& p, double x) {
  return p.a * x + p.b * std::pow(x, 3) + p.c * std::pow(x, 5);
}

Quintic scaled(const Quintic& p, double output, double input) {
  return {output * p.a * input, output * p.b * std::pow(input, 3),
          output * p.c * std::pow(input, 5)};
}

/// The odd quintic with the least greatest distance from 1 on [l, u]: its error alternates between
/// −E and E at l, two points within, and u. Remez: solve for the polynomial at four such points,
/// then move the two to where it is stationary.
Quintic nearestToOne(double l, double u) {
  double q = (3 * l + u) / 4;
  double r = (l + 3 * u) / 4;
  Quintic p{};
  for (int exchange = 0; exchange < 100; ++exchange) {
    const std::array<double, 4> points{l, q, r, u};
    Eigen::Matrix4d system;
    for (int i = 0; i < 4; ++i) {
      const double x = points[static_cast<std::size_t>(i)];
      system.row(i) << x, std::pow(x, 3), std::pow(x, 5), (i % 2 == 0 ? 1 : -1);
    }
    const Eigen::Vector4d solution = system.fullPivLu().solve(Eigen::Vector4d::Ones());
    p = {solution[0], solution[1], solution[2]};
    const double root = std::sqrt(9 * p.b * p.b - 20 * p.a * p.c);
    q = std::sqrt((-3 * p.b - root) / (10 * p.c));
    r = std::sqrt((-3 * p.b + root) / (10 * p.c));
  }
  return p;
}

}  // namespace

Matrix apply(const Quintic& p, const Matrix& X) {
  const Matrix A = X * X.transpose();
  return p.a * X + p.b * A * X + p.c * A * A * X;
}

Matrix newtonSchulz(const Matrix& A, int steps, const Quintic& p) {
  Matrix X = A / (A.norm() + 1e-7);
  for (int i = 0; i < steps; ++i) {
    X = apply(p, X);
  }
  return X;
}

std::vector<Quintic> polarExpressQuintics(int steps, double safety) {
  constexpr double cushion = 0.02407327424182761;
  constexpr int distinct = 7;
  std::vector<Quintic> quintics;
  double l = 1e-3;
  double u = 1;
  for (int i = 0; i < steps; ++i) {
    if (i >= distinct) {
      quintics.push_back({15.0 / 8, -10.0 / 8, 3.0 / 8});
      continue;
    }
    const Quintic nearest = nearestToOne(std::max(l, cushion * u), u);
    const double centre = 2 / (valueAt(nearest, l) + valueAt(nearest, u));
    const Quintic p = scaled(nearest, centre, 1);
    quintics.push_back(scaled(p, 1, 1 / safety));
    l = valueAt(p, l);
    u = 2 - l;
  }
  return quintics;
}

Matrix polarExpress(const Matrix& A, int steps, double safety) {
  Matrix X = A / (safety * A.norm() + 1e-7);
  for (const auto& p : polarExpressQuintics(steps, safety)) {
    X = apply(p, X);
  }
  return X;
}

QdwhWeights qdwhWeights(double l) {
  const double d = std::cbrt(4 * (1 - l * l) / std::pow(l, 4));
  const double a =
      std::sqrt(1 + d) + std::sqrt(8 - 4 * d + 8 * (2 - l * l) / (l * l * std::sqrt(1 + d))) / 2;
  const double b = (a - 1) * (a - 1) / 4;
  const double c = a + b - 1;
  // Rounding must not take the bound above 1, where there is no real d.
  return {a, b, c, std::min(1.0, l * (a + b * l * l) / (1 + c * l * l))};
}

Matrix qdwh(const Matrix& A, int steps, double lower) {
  if (A.rows() < A.cols()) {
    return qdwh(A.transpose(), steps, lower).transpose();
  }
  const double columnSum = A.cwiseAbs().colwise().sum().maxCoeff();
  const double rowSum = A.cwiseAbs().rowwise().sum().maxCoeff();
  const auto m = A.rows();
  const auto n = A.cols();
  const Matrix I = Matrix::Identity(n, n);
  Matrix X = A / std::sqrt(columnSum * rowSum);
  double l = lower;
  for (int i = 0; i < steps; ++i) {
    const auto [a, b, c, next] = qdwhWeights(l);
    if (c > 100) {
      Matrix stacked(m + n, n);
      stacked << std::sqrt(c) * X, I;
      const Matrix Q = orthonormalFactor(stacked);
      X = b / c * X + (a - b / c) / std::sqrt(c) * Q.topRows(m) * Q.bottomRows(n).transpose();
    } else {
      const Matrix Z = I + c * X.transpose() * X;
      X = b / c * X + (a - b / c) * Z.llt().solve(X.transpose()).transpose();
    }
    l = next;
  }
  return X;
}

Matrix svdPolar(const Matrix& A) {
  const auto [left, values, right] = thinSvd(A);
  return left * right.transpose();
}

Matrix polar(PolarMethod method, const Matrix& A, int steps) {
  switch (method) {
    case PolarMethod::newtonSchulz:
      return newtonSchulz(A, steps);
    case PolarMethod::polarExpress:
      return polarExpress(A, steps);
    case PolarMethod::qdwh:
      return qdwh(A, steps);
    case PolarMethod::svd:
      return svdPolar(A);
  }
  throw std::invalid_argument("no such polar method");
}

}  // namespace tarn::test::reference
