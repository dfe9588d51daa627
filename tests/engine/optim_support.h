#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "engine/optim/batch_function.h"
#include "engine/optim/registry.h"

namespace tarn::test {

/// Where optimizers begin that are compared with another statement of their rule.
inline at::Tensor optimStart() {
  return torch::tensor({1.5, -0.7, 0.02, 3.0, -2.2, 0.4}, torch::kDouble).reshape({2, 3});
}

/// A loss that is neither quadratic nor convex, for θ of any shape with 6 numbers.
inline at::Tensor wavyLoss(const at::Tensor& x) {
  const at::Tensor scale = torch::tensor({4.0, 1.0, 0.1, 2.0, 0.5, 8.0}, torch::kDouble);
  const at::Tensor flat = x.flatten();
  return (scale * flat.sin().square()).sum() + 0.05 * flat.square().sum();
}

/// Its gradient.
inline at::Tensor wavySlope(const at::Tensor& x) {
  const at::Tensor scale = torch::tensor({4.0, 1.0, 0.1, 2.0, 0.5, 8.0}, torch::kDouble);
  return scale.reshape(x.sizes()) * torch::sin(2 * x) + 0.1 * x;
}

inline engine::ParameterSpace spaceAt(const at::Tensor& values) {
  return engine::ParameterSpace({{"layer.weight", values.clone()}});
}

/// A batch whose samples' losses are a formula of the flat θ (a vector, or a number for one
/// sample), and so, if asked for, its outputs. Differentiated by LibTorch in float64.
class FormulaBatch : public engine::BatchFunction {
 public:
  using Formula = std::function<at::Tensor(const at::Tensor& theta)>;

  FormulaBatch(const engine::ParameterSpace& space, Formula losses, Formula outputs = {})
      : space_(space), losses_(std::move(losses)), outputs_(std::move(outputs)) {}

  std::int64_t samples() const override { return losses_(space_.flat()).numel(); }
  double loss(const at::Tensor& parameters) override {
    return losses_(parameters).mean().item<double>();
  }
  engine::LossAndGradient gradient(const at::Tensor& parameters) override {
    const at::AutoGradMode on(true);
    ++gradients;
    const at::Tensor theta = parameters.detach().clone().requires_grad_();
    const at::Tensor mean = losses_(theta).mean();
    return {mean.item<double>(), torch::autograd::grad({mean}, {theta})[0]};
  }
  at::Tensor product(const at::Tensor& v, engine::CurvatureMatrix) override {
    const at::AutoGradMode on(true);
    const at::Tensor theta = space_.flat().detach().clone().requires_grad_();
    const auto slope =
        torch::autograd::grad({losses_(theta).mean()}, {theta}, {}, true, /*create_graph=*/true);
    return torch::autograd::grad(slope, {theta}, {v.to(theta.scalar_type())})[0].to(at::kDouble);
  }
  engine::SampleRows sampleRows(engine::SampleNumbers) override {
    const at::AutoGradMode on(true);
    const at::Tensor theta = space_.flat().detach().clone().requires_grad_();
    const at::Tensor values = losses_(theta).flatten();
    std::vector<at::Tensor> rows;
    rows.reserve(static_cast<std::size_t>(values.numel()));
    for (std::int64_t i = 0; i < values.numel(); ++i) {
      rows.push_back(torch::autograd::grad({values[i]}, {theta}, {}, true)[0]);
    }
    return {values.detach().to(at::kDouble), at::stack(rows)};
  }
  /// By a central difference, exact for outputs that are linear or quadratic in θ.
  at::Tensor outputsAlong(const at::Tensor& v) override {
    return (outputs_(space_.flat() + v) - outputs_(space_.flat() - v)) / 2;
  }

  int gradients = 0;  ///< evaluations

 private:
  const engine::ParameterSpace& space_;
  Formula losses_;
  Formula outputs_;
};

/// One step from where θ is.
inline void stepOn(engine::Optimizer& optimizer, const engine::ParameterSpace& space,
                   FormulaBatch& batch, double rateFactor = 1) {
  const auto found = batch.gradient(space.flat());
  engine::OptimizerStep step{space.flat(), found.gradient, rateFactor, found.loss};
  step.batch = &batch;
  optimizer.step(step);
}

using ReferenceOptimizer =
    std::function<std::unique_ptr<torch::optim::Optimizer>(std::vector<at::Tensor>)>;

template <typename Optimizer, typename Options>
ReferenceOptimizer libtorch(const Options& options) {
  return [options](std::vector<at::Tensor> parameters) -> std::unique_ptr<torch::optim::Optimizer> {
    return std::make_unique<Optimizer>(std::move(parameters), options);
  };
}

/// The largest difference between our optimizer and LibTorch's after any of so many steps.
inline double largestDifference(const std::string& spec, const ReferenceOptimizer& theirs,
                                int steps = 60) {
  engine::ParameterSpace space = spaceAt(optimStart());
  const auto ours = engine::makeOptimizer(parseOptimizerSpec(spec), space);
  FormulaBatch batch(space, wavyLoss);
  at::Tensor x = optimStart().clone().set_requires_grad(true);
  const auto reference = theirs({x});
  double largest = 0;
  for (int step = 0; step < steps; ++step) {
    stepOn(*ours, space, batch);
    reference->step([&] {
      x.mutable_grad() = at::Tensor();
      at::Tensor loss = wavyLoss(x);
      loss.backward();
      return loss;
    });
    largest = std::max(largest, (space.flat() - x.detach().flatten()).abs().max().item<double>());
  }
  return largest;
}

}  // namespace tarn::test
