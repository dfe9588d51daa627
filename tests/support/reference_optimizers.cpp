#include "support/reference_optimizers.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tarn::test::reference {

namespace {

double rmsOfCosh(const Matrix& X) {
  return std::sqrt(X.array().cosh().square().mean());
}

double inner(const Matrix& A, const Matrix& B) {
  return A.cwiseProduct(B).sum();
}

}  // namespace

Matrix Muon::step(const Matrix& W, const Matrix& G) {
  const Matrix U = averageNesterov(M, options.momentum, G);
  return decayed(W, options.lr, options.weightDecay) -
         options.lr * shapeFactor(options.shape, W.rows(), W.cols()) *
             newtonSchulz(U, options.newtonSchulzSteps);
}

Matrix Rmnp::step(const Matrix& W, const Matrix& G) {
  b = b.size() == 0 ? G : Matrix(options.momentum * b + G);
  Matrix u = G + options.momentum * b;
  for (Eigen::Index i = 0; i < u.rows(); ++i) {
    u.row(i) /= std::max(u.row(i).norm(), 1e-12);
  }
  return decayed(W, options.lr, options.weightDecay) -
         options.lr * shapeFactor(options.shape, W.rows(), W.cols()) * u;
}

Matrix HtMuon::streamed(const Matrix& U) {
  if (U.rows() < U.cols()) {
    return streamed(U.transpose()).transpose();
  }
  if (V.size() == 0) {
    V = Matrix::Identity(U.cols(), U.cols());
  }
  V = orthonormalFactor(U.transpose() * U * V);
  const Matrix UV = U * V;
  const Vector s = UV.colwise().norm().transpose();
  return UV * Vector(s.array().pow(options.power - 1)).asDiagonal() * V.transpose();
}

Matrix HtMuon::update(const Matrix& U) {
  auto [P, S, Q] = thinSvd(U);
  switch (options.variant) {
    case Variant::everyFifth:
      if (t % 5 != options.phase % 5) {
        return newtonSchulz(U, options.newtonSchulzSteps);
      }
      [[fallthrough]];
    case Variant::exact:
      return P * Vector(S.array().pow(options.power)).asDiagonal() * Q.transpose();
    case Variant::rankBased:
      for (Eigen::Index k = 0; k < S.size(); ++k) {
        S[k] = std::pow(static_cast<double>(k + 1), -options.power);
      }
      return P * S.asDiagonal() * Q.transpose();
    case Variant::squareRoots:
      return newtonSchulz(U, options.newtonSchulzSteps) *
             symmetricPower(U.transpose() * U, options.power / 2);
    case Variant::streaming:
      return streamed(U);
  }
  throw std::invalid_argument("no such variant of HTMuon");
}

Matrix HtMuon::step(const Matrix& W, const Matrix& G) {
  ++t;
  const Matrix U = averageNesterov(M, options.momentum, G);
  return decayed(W, options.lr, options.weightDecay) -
         options.lr * shapeFactor(options.shape, W.rows(), W.cols()) * update(U);
}

Matrix Auon::step(const Matrix& W, const Matrix& G) {
  Matrix U = averageNesterov(M, options.momentum, G);
  if (options.newtonSchulzSteps > 0) {
    U = newtonSchulz(U, options.newtonSchulzSteps);
  }
  const Matrix X = U / (U.norm() + 1e-7);
  const Matrix update = options.rule == Rule::paper
                            ? Matrix(X / (rmsOfCosh(X) + 1e-8))
                            : Matrix(U / (rmsOfCosh(options.gamma * X) + 1e-8));
  return decayed(W, options.lr, options.weightDecay) - options.lr * update;
}

Matrix PolarGrad::step(const Matrix& W, const Matrix& G) {
  const Matrix kept = decayed(W, options.lr, options.weightDecay);
  if (options.order == Order::polarFirst) {
    const Matrix U = polar(options.method, G, options.innerSteps);
    average(M, options.momentum, U);
    return kept - options.lr * inner(G, U) * M;
  }
  average(M, options.momentum, G);
  const Matrix U = polar(options.method, M, options.innerSteps);
  return kept - options.lr * inner(M, U) * U;
}

}  // namespace tarn::test::reference
