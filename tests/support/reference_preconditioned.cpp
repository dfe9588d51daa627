#include "support/reference_preconditioned.h"

#include <algorithm>
#include <cmath>

#include "support/reference_polar.h"

namespace tarn::test::reference {

namespace {

/// Whether something that is renewed at the steps 1, 1 + interval, … is renewed at step t.
bool isDue(int t, int interval) {
  return (t - 1) % interval == 0;
}

Matrix identity(Eigen::Index size) {
  return Matrix::Identity(size, size);
}

Matrix traceNormalized(const Matrix& A) {
  const Matrix scaled = static_cast<double>(A.rows()) / A.trace() * A;
  return (scaled + scaled.transpose()) / 2;
}

}  // namespace

Matrix Conda::step(const Matrix& W, const Matrix& G) {
  ++t;
  average(m, options.beta1, G);
  const bool tall = W.rows() >= W.cols();
  if (isDue(t, options.interval)) {
    const auto [U, S, V] = thinSvd(m);
    basis = tall ? V : U;
  }
  const auto proj = [&](const Matrix& X) {
    return tall ? Matrix(X * basis) : Matrix(basis.transpose() * X);
  };
  const auto back = [&](const Matrix& X) {
    return tall ? Matrix(X * basis.transpose()) : Matrix(basis * X);
  };
  average(v, options.beta2, proj(G).cwiseAbs2());
  const Matrix N = proj(m).array() / (v.array().sqrt() + options.eps);
  const double correction =
      std::sqrt(1 - std::pow(options.beta2, t)) / (1 - std::pow(options.beta1, t));
  return decayed(W - options.lr * correction * options.scale * back(N), options.lr,
                 options.weightDecay);
}

void Fismo::updateFactors(const Matrix& G, bool powersToo) {
  const auto m = static_cast<double>(G.rows());
  const auto n = static_cast<double>(G.cols());
  const double gamma = options.gamma;
  P = traceNormalized(gamma * P + (1 - gamma) * (G * inverseQ * G.transpose() / n +
                                                 options.mu * P.trace() / m * identity(G.rows())));
  if (powersToo) {
    inverseP = symmetricPower(P, -1, options.floor);
    rootP = symmetricPower(P, -.5, options.floor);
  }
  Q = traceNormalized(gamma * Q + (1 - gamma) * (G.transpose() * inverseP * G / m +
                                                 options.mu * Q.trace() / n * identity(G.cols())));
  if (powersToo) {
    inverseQ = symmetricPower(Q, -1, options.floor);
    rootQ = symmetricPower(Q, -.5, options.floor);
  }
}

Matrix Fismo::step(const Matrix& W, const Matrix& G) {
  ++t;
  if (t == 1) {
    P = identity(G.rows());
    Q = identity(G.cols());
    inverseQ = Q;
  }
  const bool due = isDue(t, options.interval);
  if (due || options.factorsEveryStep) {
    updateFactors(G, due);
  }
  average(M, options.momentum, rootP * G * rootQ);
  return decayed(W, options.lr, options.weightDecay) - options.lr * rootP * svdPolar(M) * rootQ;
}

Matrix sinkhorn(Matrix X, int rounds) {
  const auto m = static_cast<double>(X.rows());
  const auto n = static_cast<double>(X.cols());
  for (int round = 0; round < rounds; ++round) {
    for (Eigen::Index i = 0; i < X.rows(); ++i) {
      X.row(i) *= std::sqrt(n) / X.row(i).norm();
    }
    for (Eigen::Index j = 0; j < X.cols(); ++j) {
      X.col(j) *= std::sqrt(m) / X.col(j).norm();
    }
  }
  return X;
}

Matrix Aro::step(const Matrix& W, const Matrix& G) {
  if (W.rows() > W.cols()) {
    return step(W.transpose(), G.transpose()).transpose();
  }
  average(M, options.momentum, G);
  if (R.size() == 0) {
    R = identity(W.rows());
  }
  R = orthonormalFactor(M * sinkhorn(R.transpose() * M, options.rounds).transpose());
  const Matrix U = R * sinkhorn(R.transpose() * M, options.rounds);
  const double rms = U.norm() / std::sqrt(static_cast<double>(U.size()));
  return decayed(W, options.lr, options.weightDecay) - options.lr * .2 * U / rms;
}

Lanton::Layers Lanton::step(const Layers& W, const Layers& G) {
  const std::size_t layers = W.size();
  const bool first = H.empty();
  if (first) {
    B.resize(layers);
    H.assign(layers, 0);
  }
  std::vector<double> a(layers);
  for (std::size_t l = 0; l < layers; ++l) {
    average(B[l], options.beta1, G[l]);
    if (!first || options.firstAgainstZero) {
      const Matrix change = first ? G[l] : Matrix(G[l] - previous[l]);
      const double norm =
          options.kinds[l] == Kind::hidden ? thinSvd(change).values.sum() : change.cwiseAbs().sum();
      H[l] = options.beta2 * H[l] + (1 - options.beta2) * norm * norm;
    }
    a[l] = options.alpha / std::sqrt(options.alpha * options.alpha + H[l]);
  }
  previous = G;
  Layers after;
  for (std::size_t l = 0; l < layers; ++l) {
    double greatest = 0;
    for (std::size_t other = 0; other < layers; ++other) {
      if (options.kinds[other] == options.kinds[l]) {
        greatest = std::max(greatest, a[other]);
      }
    }
    const Matrix O =
        options.kinds[l] == Kind::hidden ? svdPolar(B[l]) : Matrix(B[l].array().sign());
    after.emplace_back(decayed(W[l], options.lr, options.weightDecay) -
                       options.lr * std::sqrt(a[l] / greatest) * O);
  }
  return after;
}

void Soap::initialize(const Matrix& G) {
  average(L, options.beta2, G * G.transpose());
  average(R, options.beta2, G.transpose() * G);
  const auto firstBasis = [&](const std::optional<Matrix>& given, const Matrix& A) {
    if (A.rows() > options.maxDimension) {
      return identity(A.rows());
    }
    return given ? *given : eigenvectorsFalling(A);
  };
  leftBasis = firstBasis(options.left, L);
  rightBasis = firstBasis(options.right, R);
  m = Matrix::Zero(G.rows(), G.cols());
  v = m;
}

void Soap::refreshBases() {
  const auto refreshed = [](const Matrix& A, Matrix& basis) {
    const Vector estimates = (basis.transpose() * A * basis).diagonal();
    std::vector<Eigen::Index> order(static_cast<std::size_t>(A.rows()));
    for (std::size_t i = 0; i < order.size(); ++i) {
      order[i] = static_cast<Eigen::Index>(i);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](Eigen::Index a, Eigen::Index b) { return estimates[a] > estimates[b]; });
    basis = orthonormalFactor(A * Matrix(basis(Eigen::all, order)));
    return order;
  };
  if (L.rows() <= options.maxDimension) {
    v = Matrix(v(refreshed(L, leftBasis), Eigen::all));
  }
  if (R.rows() <= options.maxDimension) {
    v = Matrix(v(Eigen::all, refreshed(R, rightBasis)));
  }
}

Matrix Soap::step(const Matrix& W, const Matrix& G) {
  ++k;
  if (k == 0) {
    initialize(G);
    return W;
  }
  const Matrix projected = leftBasis.transpose() * G * rightBasis;
  average(m, options.beta1, projected);
  average(v, options.beta2, projected.cwiseAbs2());
  const double correction =
      std::sqrt(1 - std::pow(options.beta2, k)) / (1 - std::pow(options.beta1, k));
  const Matrix adam = m.array() / (v.array().sqrt() + options.eps);
  const Matrix stepped = W - options.lr * correction * leftBasis * adam * rightBasis.transpose();

  const Matrix unprojected = leftBasis * m * rightBasis.transpose();
  average(L, options.beta2, G * G.transpose());
  average(R, options.beta2, G.transpose() * G);
  if (k % options.interval == 0) {
    refreshBases();
  }
  m = leftBasis.transpose() * unprojected * rightBasis;
  return decayed(stepped, options.lr, options.weightDecay);
}

Matrix Shampoo::step(const Matrix& W, const Matrix& G) {
  ++t;
  if (t == 1) {
    L = Matrix::Zero(G.rows(), G.rows());
    R = Matrix::Zero(G.cols(), G.cols());
  }
  const double kept = options.statisticsDecay;
  const double taken = kept < 1 ? 1 - kept : 1;
  L = kept * L + taken * G * G.transpose();
  R = kept * R + taken * G.transpose() * G;
  if (isDue(t, options.interval)) {
    rootL = symmetricPower(L + options.eps * identity(L.rows()), -.25);
    rootR = symmetricPower(R + options.eps * identity(R.rows()), -.25);
  }
  average(M, options.momentum, G);
  Matrix direction = rootL * (M / (1 - std::pow(options.momentum, t))) * rootR;
  if (options.grafting) {
    average(m, options.beta1, G);
    average(v, options.beta2, G.cwiseAbs2());
    const Matrix mean = m / (1 - std::pow(options.beta1, t));
    const Matrix square = v / (1 - std::pow(options.beta2, t));
    const Matrix adam = mean.array() / (square.array().sqrt() + options.adamEps);
    direction *= adam.norm() / direction.norm();
  }
  return decayed(W, options.lr, options.weightDecay) - options.lr * direction;
}

}  // namespace tarn::test::reference
