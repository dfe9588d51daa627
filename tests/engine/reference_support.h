#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "engine/optim/registry.h"
#include "references/matrices.h"
#include "support/reference_matrix.h"
#include "torch_catch.h"

namespace tarn::test {

/// How far the engine may be from a reference, as a share of how far the weights have moved.
inline constexpr double kReferenceTolerance = 1e-10;

/// Tall, wide, square and a convolution's kernel.
inline const std::vector<std::vector<std::int64_t>>& referenceShapes() {
  static const std::vector<std::vector<std::int64_t>> shapes{{7, 3}, {3, 7}, {5, 5}, {4, 2, 3, 3}};
  return shapes;
}

/// Row-major and flat, in float64.
inline at::Tensor flatOf(const reference::Matrix& matrix) {
  const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows = matrix;
  return at::tensor(std::vector<double>(rows.data(), rows.data() + rows.size()), at::kDouble);
}

inline reference::Matrix matrixFrom(const at::Tensor& flat, Eigen::Index rows) {
  using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const at::Tensor numbers = flat.contiguous();
  return Eigen::Map<const Rows>(numbers.const_data_ptr<double>(), rows, numbers.numel() / rows);
}

/// Out × all else.
inline reference::Matrix referenceStart(const std::vector<std::int64_t>& shape, unsigned seed = 7) {
  Eigen::Index columns = 1;
  for (std::size_t i = 1; i < shape.size(); ++i) {
    columns *= shape[i];
  }
  return reference::gaussian(shape[0], columns, seed);
}

/// A gradient of no symmetry that depends on the weights. The multiple of the identity keeps it
/// well conditioned, so that Newton's roots and steep powers do not blow rounding up.
inline reference::Matrix referenceSlope(const reference::Matrix& W, int step,
                                        unsigned seed = 1000) {
  return reference::gaussian(W.rows(), W.cols(), seed + static_cast<unsigned>(step)) +
         4 * reference::Matrix::Identity(W.rows(), W.cols()) +
         reference::Matrix((2 * W).array().sin());
}

/// ‖ours − theirs‖_F over how far theirs went from `start`.
inline double shareOfWay(const reference::Matrix& ours, const reference::Matrix& theirs,
                         const reference::Matrix& start) {
  const double difference = (ours - theirs).norm();
  return difference == 0 ? 0 : difference / (theirs - start).norm();
}

/// The greater of both; what is not a number is greater than all.
inline double worse(double a, double b) {
  return std::isnan(b) ? std::numeric_limits<double>::infinity() : std::max(a, b);
}

/// An optimizer of the engine on tensors that lie in θ one after the other.
class EngineWalk {
 public:
  using Shapes = std::vector<std::vector<std::int64_t>>;

  EngineWalk(const std::string& spec, const Shapes& shapes,
             const std::vector<reference::Matrix>& start, bool ends = false) {
    std::vector<at::Tensor> parts;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
      engine::ParameterGroup group;
      group.name = "layer" + std::to_string(i) + ".weight";
      group.shape = shapes[i];
      group.size = start[i].size();
      group.offset = groups_.empty() ? 0 : groups_.back().offset + groups_.back().size;
      group.entry = ends && i == 0;
      group.head = ends && i + 1 == shapes.size();
      groups_.push_back(group);
      parts.push_back(flatOf(start[i]));
    }
    theta_ = at::cat(parts);
    const OptimizerSpec parsed = parseOptimizerSpec(spec);
    const engine::OptimizerKind& kind = engine::findOptimizer(parsed.name);
    optimizer_ = kind.make(engine::checkOptions(kind, parsed.options), groups_, theta_);
  }

  reference::Matrix weights(std::size_t tensor = 0) const {
    const engine::ParameterGroup& group = groups_[tensor];
    return matrixFrom(theta_.narrow(0, group.offset, group.size), group.shape[0]);
  }

  /// With one gradient for each tensor.
  void step(const std::vector<reference::Matrix>& gradients) {
    std::vector<at::Tensor> parts;
    parts.reserve(gradients.size());
    for (const reference::Matrix& gradient : gradients) {
      parts.push_back(flatOf(gradient));
    }
    optimizer_->step({theta_, at::cat(parts), 1});
  }

 private:
  std::vector<engine::ParameterGroup> groups_;
  at::Tensor theta_;
  std::unique_ptr<engine::Optimizer> optimizer_;
};

/// The largest share of the way after any of 20 steps, each with the slope at its own weights.
template <class Reference>
double awayFrom(Reference rule, const std::string& spec, const std::vector<std::int64_t>& shape) {
  const reference::Matrix start = referenceStart(shape);
  EngineWalk walk(spec, {shape}, {start});
  reference::Matrix W = start;
  double most = 0;
  for (int t = 0; t < 20; ++t) {
    walk.step({referenceSlope(walk.weights(), t)});
    W = rule.step(W, referenceSlope(W, t));
    most = worse(most, shareOfWay(walk.weights(), W, start));
  }
  return most;
}

/// On all shapes, or on those that are given.
template <class Reference>
void checkWalks(const Reference& rule, const std::string& spec,
                const EngineWalk::Shapes& shapes = referenceShapes()) {
  for (const auto& shape : shapes) {
    INFO(spec << " on " << at::IntArrayRef(shape));
    CHECK(awayFrom(rule, spec, shape) < kReferenceTolerance);
  }
}

}  // namespace tarn::test
