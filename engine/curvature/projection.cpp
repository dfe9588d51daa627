#include "engine/curvature/projection.h"

#include <algorithm>
#include <cmath>

namespace tarn::engine {

void Projection::restart(std::vector<double> values, std::vector<double> couplings) {
  diagonal_ = std::move(values);
  beside_.assign(diagonal_.size(), 0);
  arrow_ = std::move(couplings);
}

void Projection::append(double quotient, double beyond) {
  diagonal_.push_back(quotient);
  beside_.push_back(beyond);
}

Eigen::VectorXd Projection::couplings() const {
  if (atArrow()) {
    return Eigen::Map<const Eigen::VectorXd>(arrow_.data(), size());
  }
  Eigen::VectorXd result = Eigen::VectorXd::Zero(size());
  if (size() > 0) {
    result(size() - 1) = beside_.back();
  }
  return result;
}

double Projection::bound() const {
  double result = 0;
  double arrow = 0;
  for (std::size_t i = 0; i < diagonal_.size(); ++i) {
    double row = std::abs(diagonal_[i]) + std::abs(beside_[i]);
    if (i < arrow_.size()) {
      row += std::abs(arrow_[i]);
      arrow += std::abs(arrow_[i]);
    } else {
      row += i == arrow_.size() ? arrow : std::abs(beside_[i - 1]);
    }
    result = std::max(result, row);
  }
  return result;
}

Projection::Solution Projection::solve() const {
  const Eigen::Map<const Eigen::VectorXd> diagonal(diagonal_.data(), size());
  Solution solution;
  if (arrow_.empty()) {
    solution.computeFromTridiagonal(
        diagonal,
        Eigen::Map<const Eigen::VectorXd>(beside_.data(), std::max<Eigen::Index>(size(), 1) - 1));
    return solution;
  }
  Eigen::MatrixXd matrix = diagonal.asDiagonal();
  const auto kept = static_cast<Eigen::Index>(arrow_.size());
  for (Eigen::Index i = 0; i + 1 < size(); ++i) {
    matrix(i + 1, i) = beside_[static_cast<std::size_t>(i)];
  }
  if (kept < size()) {
    for (Eigen::Index i = 0; i < kept; ++i) {
      matrix(kept, i) = arrow_[static_cast<std::size_t>(i)];
    }
  }
  solution.compute(matrix);  // reads the lower triangle
  return solution;
}

}  // namespace tarn::engine
