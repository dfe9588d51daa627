#pragma once

#include <Eigen/Eigenvalues>
#include <vector>

namespace tarn::engine {

/// The projection of a symmetric operator on a Lanczos basis. Behind a thick restart it begins with
/// Ritz values on the diagonal, each coupled to the vector after the last of them (an arrow); from
/// there on it is tridiagonal, in blocks where the space closed.
class Projection {
 public:
  using Solution = Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>;

  /// Begins anew with Ritz values and their couplings to the vector that comes next.
  void restart(std::vector<double> values, std::vector<double> couplings);
  /// Adds a vector: its own Rayleigh quotient, and how strongly it leads out of the basis.
  void append(double quotient, double beyond);
  /// Replaces the couplings by measured ones.
  void setCouplings(std::vector<double> couplings) { arrow_ = std::move(couplings); }
  /// Nothing leads out of the basis any more.
  void close() { beside_.back() = 0; }

  Eigen::Index size() const { return static_cast<Eigen::Index>(diagonal_.size()); }
  /// Whether the next vector to be added is the one that the arrow points to.
  bool atArrow() const { return !arrow_.empty() && arrow_.size() == diagonal_.size(); }
  double beyond() const { return beside_.back(); }
  /// How strongly each basis vector is coupled to the first vector beyond the basis.
  Eigen::VectorXd couplings() const;
  /// No eigenvalue is larger in absolute value (Gershgorin).
  double bound() const;
  Solution solve() const;

 private:
  std::vector<double> diagonal_;
  std::vector<double> beside_;  ///< as many: each to the next vector, the last one out of the basis
  std::vector<double> arrow_;   ///< of the kept Ritz vectors
};

}  // namespace tarn::engine
