#pragma once

#include <Eigen/Dense>
#include <vector>

/// The matrix optimizers once more, for tests to compare the engine with: written from the
/// published rules and not from the engine's code; in double precision, with dense decompositions,
/// plain and slow. A weight matrix has m rows (outputs) and n columns (inputs).
///
/// No result here depends on the signs that a decomposition gives its vectors: each rule uses a
/// basis only in pairs (into it and back) or squared, and what else has to be generic for a result
/// to be determined is said at the rule.
namespace tarn::test::reference {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// What an update is multiplied with: 1, √max(1, m/n), 0.2·√max(m, n) or √(m/n).
enum class Shape { none, orig, rms, spec };
double shapeFactor(Shape shape, Eigen::Index m, Eigen::Index n);

/// A = left · diag(values) · rightᵀ with min(m, n) values that never rise.
struct ThinSvd {
  Matrix left;
  Vector values;
  Matrix right;
};
ThinSvd thinSvd(const Matrix& A);

/// The power of a symmetric matrix; eigenvalues below `floor` times the largest count as that much.
Matrix symmetricPower(const Matrix& A, double power, double floor = 0);

/// The eigenvectors of a symmetric matrix as columns, the largest eigenvalue first.
Matrix eigenvectorsFalling(const Matrix& A);

/// The factor Q of the thin QR decomposition.
Matrix orthonormalFactor(const Matrix& A);

/// M ← βM + (1 − β)G, from zero when M is still empty.
void average(Matrix& M, double beta, const Matrix& G);

/// M ← βM + (1 − β)G, then the look-ahead βM + (1 − β)G that Nesterov's momentum steps along.
Matrix averageNesterov(Matrix& M, double beta, const Matrix& G);

/// (1 − lr·weightDecay)·W: weight decay apart from the gradient.
Matrix decayed(const Matrix& W, double lr, double weightDecay);

/// The weights after each of the gradients: element t − 1 follows step t.
template <class Optimizer, class Weights>
std::vector<Weights> weightsAfterEach(Optimizer optimizer, Weights W,
                                      const std::vector<Weights>& gradients) {
  std::vector<Weights> after;
  for (const auto& G : gradients) {
    W = optimizer.step(W, G);
    after.push_back(W);
  }
  return after;
}

}  // namespace tarn::test::reference
