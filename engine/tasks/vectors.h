#pragma once

#include <Eigen/Dense>
#include <span>
#include <vector>

#include "topology/io/nd_array.h"

namespace tarn {

/// A stored array as one vector of doubles, for what is computed in parameter space.
inline Eigen::VectorXd vectorOf(const NdArray& array) {
  const std::vector<double> values = array.toDoubles();
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

inline NdArray arrayOf(const Eigen::VectorXd& vector) {
  const auto size = static_cast<std::size_t>(vector.size());
  return NdArray::fromDoubles({size}, std::span(vector.data(), size));
}

}  // namespace tarn
