#include "support/reference_matrix.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace tarn::test::reference {

double shapeFactor(Shape shape, Eigen::Index m, Eigen::Index n) {
  const auto rows = static_cast<double>(m);
  const auto columns = static_cast<double>(n);
  switch (shape) {
    case Shape::none:
      return 1;
    case Shape::orig:
      return std::sqrt(std::max(1.0, rows / columns));
    case Shape::rms:
      return 0.2 * std::sqrt(std::max(rows, columns));
    case Shape::spec:
      return std::sqrt(rows / columns);
  }
  throw std::invalid_argument("no such shape factor");
}

ThinSvd thinSvd(const Matrix& A) {
  const Eigen::JacobiSVD<Matrix> svd(A, Eigen::ComputeThinU | Eigen::ComputeThinV);
  return {svd.matrixU(), svd.singularValues(), svd.matrixV()};
}

Matrix symmetricPower(const Matrix& A, double power, double floor) {
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(A);
  const double least = floor * solver.eigenvalues().maxCoeff();
  const Vector powers = solver.eigenvalues().array().max(least).pow(power);
  return solver.eigenvectors() * powers.asDiagonal() * solver.eigenvectors().transpose();
}

Matrix eigenvectorsFalling(const Matrix& A) {
  return Eigen::SelfAdjointEigenSolver<Matrix>(A).eigenvectors().rowwise().reverse();
}

Matrix orthonormalFactor(const Matrix& A) {
  const Matrix Q = Eigen::HouseholderQR<Matrix>(A).householderQ();
  return Q.leftCols(std::min(A.rows(), A.cols()));
}

void average(Matrix& M, double beta, const Matrix& G) {
  if (M.size() == 0) {
    M = Matrix::Zero(G.rows(), G.cols());
  }
  M = beta * M + (1 - beta) * G;
}

Matrix averageNesterov(Matrix& M, double beta, const Matrix& G) {
  average(M, beta, G);
  return beta * M + (1 - beta) * G;
}

Matrix decayed(const Matrix& W, double lr, double weightDecay) {
  return (1 - lr * weightDecay) * W;
}

}  // namespace tarn::test::reference
