#include "engine/optim/matrix_optimizer.h"

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

class MatrixOptimizer : public Optimizer {
 public:
  MatrixOptimizer(const OptimizerValues& values, const std::vector<TensorRoute>& routes,
                  const at::Tensor& like, const MakeMatrixRule& makeRule)
      : rate_(values.number("lr")), rest_(values, routes, like) {
    for (const TensorRoute& route : routes) {
      if (route.matrix) {
        matrices_.push_back({route, nullptr});
        matrices_.back().rule = makeRule(values, matrices_.back().view(like));
      }
    }
  }

  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    for (const Matrix& matrix : matrices_) {
      matrix.rule->step(matrix.view(step.parameters), matrix.view(step.gradient),
                        rate_ * step.rateFactor);
    }
    rest_.step(step);
  }

  void exchangeState(StateArchive& archive) override {
    for (const Matrix& matrix : matrices_) {
      matrix.rule->exchangeState(archive);
    }
    rest_.exchangeState(archive);
  }

 private:
  struct Matrix {
    TensorRoute route;
    std::unique_ptr<MatrixRule> rule;

    at::Tensor view(const at::Tensor& flat) const { return matrixOf(flat, route); }
  };

  double rate_;
  std::vector<Matrix> matrices_;
  RestOptimizer rest_;
};

}  // namespace

void useMatrixRule(OptimizerKind& kind, MakeMatrixRule makeRule) {
  kind.options = withRoutingOptions(std::move(kind.options));
  kind.route = [name = kind.name](const OptimizerValues& values,
                                  const std::vector<ParameterGroup>& groups) {
    return routeMatrices(name, values, groups);
  };
  kind.make = [route = kind.route, makeRule = std::move(makeRule)](
                  const OptimizerValues& values, const std::vector<ParameterGroup>& groups,
                  const at::Tensor& like) {
    return std::make_unique<MatrixOptimizer>(values, route(values, groups), like, makeRule);
  };
}

void decayWeights(const at::Tensor& weights, double rate, double decay) {
  if (decay != 0) {
    at::Tensor moved = weights;
    moved.mul_(1 - rate * decay);
  }
}

}  // namespace tarn::engine
