#pragma once

#include <random>
#include <vector>

#include "support/reference_matrix.h"

namespace tarn::test::reference {

inline Matrix gaussian(Eigen::Index rows, Eigen::Index columns, unsigned seed) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal;
  return Matrix::NullaryExpr(rows, columns, [&] { return normal(generator); });
}

inline std::vector<Matrix> gaussians(int count, Eigen::Index rows, Eigen::Index columns,
                                     unsigned seed) {
  std::vector<Matrix> all;
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    all.push_back(gaussian(rows, columns, seed + static_cast<unsigned>(i)));
  }
  return all;
}

inline Matrix orthogonal(Eigen::Index size, unsigned seed) {
  return orthonormalFactor(gaussian(size, size, seed));
}

/// A matrix with these singular values.
inline Matrix withSingularValues(Eigen::Index rows, Eigen::Index columns, const Vector& values,
                                 unsigned seed) {
  const auto k = values.size();
  return orthogonal(rows, seed).leftCols(k) * values.asDiagonal() *
         orthogonal(columns, seed + 1).leftCols(k).transpose();
}

/// ‖A − B‖_F/‖B‖_F.
inline double relativeDistance(const Matrix& A, const Matrix& B) {
  return (A - B).norm() / B.norm();
}

}  // namespace tarn::test::reference
