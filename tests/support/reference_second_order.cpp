#include "support/reference_second_order.h"

#include <algorithm>
#include <cmath>

namespace tarn::test::reference {

namespace {

/// How many of the falling singular values a step uses.
Eigen::Index usedRank(const Vector& values, Eigen::Index samples, const SvenOptions& options) {
  const Eigen::Index limit =
      options.rank > 0 ? options.rank : std::max<Eigen::Index>(1, samples / 2);
  Eigen::Index used = 0;
  while (used < std::min(limit, values.size()) && values[used] >= options.rtol * values[0]) {
    ++used;
  }
  return used;
}

}  // namespace

SvenResiduals svenResiduals(const Vector& losses, const Matrix& gradients, double kappa) {
  const Vector slopes = kappa / 2 * losses.array().pow(kappa / 2 - 1);
  return {losses.array().pow(kappa / 2), slopes.asDiagonal() * gradients};
}

Vector svenStep(const SvenResiduals& at, const SvenOptions& options) {
  const auto [U, S, V] = thinSvd(at.J);
  const auto k = usedRank(S, at.R.size(), options);
  const Vector inverse = S.head(k).cwiseInverse();
  return -options.lr * V.leftCols(k) * inverse.asDiagonal() * U.leftCols(k).transpose() * at.R;
}

Vector svenStepByGram(const SvenResiduals& at, const SvenOptions& options) {
  const Matrix K = at.J * at.J.transpose();
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(K);
  const Matrix U = solver.eigenvectors().rowwise().reverse();
  const Vector S = solver.eigenvalues().reverse().cwiseMax(0).cwiseSqrt();
  const auto k = usedRank(S, at.R.size(), options);
  const Vector inverse = S.head(k).cwiseAbs2().cwiseInverse();
  const Vector w = U.leftCols(k) * inverse.asDiagonal() * U.leftCols(k).transpose() * at.R;
  return -options.lr * at.J.transpose() * w;
}

Vector mfacDense(const Matrix& G, double m, double lambda, const Vector& x) {
  const Matrix F = lambda * Matrix::Identity(G.cols(), G.cols()) + G.transpose() * G / m;
  return F.inverse() * x;
}

Vector mfacClosed(const Matrix& G, double m, double lambda, const Vector& x) {
  const Matrix inner = m * lambda * Matrix::Identity(G.rows(), G.rows()) + G * G.transpose();
  return (x - G.transpose() * inner.llt().solve(G * x)) / lambda;
}

Vector mfacRecursive(const Matrix& G, double m, double lambda, const Vector& x) {
  Matrix inverse = Matrix::Identity(G.cols(), G.cols()) / lambda;
  for (Eigen::Index i = 0; i < G.rows(); ++i) {
    const Vector g = G.row(i).transpose();
    const Vector h = inverse * g;
    inverse -= h * h.transpose() / (m + g.dot(h));
  }
  return inverse * x;
}

Matrix Mfac::step(const Matrix& W, const Matrix& G) {
  const Vector g = G.reshaped();
  buffer.push_back(g);
  if (buffer.size() > options.m) {
    buffer.erase(buffer.begin());
  }
  Matrix rows(static_cast<Eigen::Index>(buffer.size()), G.size());
  for (std::size_t i = 0; i < buffer.size(); ++i) {
    rows.row(static_cast<Eigen::Index>(i)) = buffer[i].transpose();
  }
  const auto divisor = static_cast<double>(options.warmUp ? buffer.size() : options.m);
  average(V, options.momentum, mfacDense(rows, divisor, options.lambda, g));
  return decayed(W, options.lr, options.weightDecay) - options.lr * V.reshaped(W.rows(), W.cols());
}

}  // namespace tarn::test::reference
