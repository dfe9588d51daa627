#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"
#include "engine/optim/matrix_momentum.h"
#include "engine/optim/matrix_optimizer.h"
#include "engine/optim/options.h"
#include "engine/optim/polar.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr const char* kSignRule = "lanton-sign";

/// First layer, embeddings and head are LANTON's own, too, by the sign.
std::vector<TensorRoute> lantonRoutes(const OptimizerValues& values,
                                      const std::vector<ParameterGroup>& groups) {
  std::vector<TensorRoute> routes = routeMatrices("lanton", values, groups);
  for (TensorRoute& route : routes) {
    if (!route.matrix && route.group.shape.size() >= 2 && route.group.size > 0) {
      route.rule = kSignRule;
      route.matrix = true;
      route.rows = route.group.shape.front();
      route.columns = route.group.size / route.rows;
    }
  }
  return routes;
}

/// What LANTON keeps of one matrix. By the sign: O = sign(B), of the largest entry's norm, whose
/// dual is the sum of sizes. Else: O = polar(B), of the spectral norm, whose dual is the nuclear.
class LantonMatrix {
 public:
  LantonMatrix(const OptimizerValues& values, TensorRoute route, const at::Tensor& flat)
      : route_(std::move(route)),
        beta2_(values.number("beta2")),
        polar_(values),
        momentum_(values, view(flat)),
        before_(at::zeros_like(view(flat))) {}

  bool bySign() const { return route_.rule == kSignRule; }
  at::Tensor view(const at::Tensor& flat) const { return matrixOf(flat, route_); }

  /// B ← β₁B + (1 − β₁)G and H ← β₂H + (1 − β₂)‖G − G_prev‖², in the dual norm; returns O. There
  /// is no G_prev at the first step.
  at::Tensor direction(const at::Tensor& gradient, bool first) {
    if (!first) {
      const double distance = dualNorm(gradient - before_);
      noise_ = beta2_ * noise_ + (1 - beta2_) * distance * distance;
    }
    before_.copy_(gradient);
    const at::Tensor& average = momentum_.average(gradient);
    return bySign() ? average.sign() : polar_(average);
  }

  double noise() const { return noise_; }

  void exchangeState(StateArchive& archive) {
    archive.number("lanton.noise", noise_);
    archive.tensor("lanton.before", before_);
    momentum_.exchangeState(archive);
  }

 private:
  double dualNorm(const at::Tensor& matrix) const {
    return (bySign() ? matrix.abs() : thinSvd(matrix).s).sum().item<double>();
  }

  TensorRoute route_;
  double beta2_;
  PolarMethod polar_;
  double noise_ = 0;
  MatrixMomentum momentum_;
  at::Tensor before_;
};

/// a = α/√(α² + H) of each matrix; W ← (1 − lr·wd)W − lr·√(a/max a)·O, the maximum over the
/// matrices of the same norm: the noisier a layer is beside the others, the smaller its step.
class Lanton : public Optimizer {
 public:
  Lanton(const OptimizerValues& values, const std::vector<TensorRoute>& routes,
         const at::Tensor& like)
      : rate_(values.number("lr")),
        alpha_(values.number("alpha")),
        decay_(values.number("weight_decay")),
        rest_(values, routes, like) {
    if (alpha_ == 0) {
      throw Error(ErrorCode::usage, "lanton: alpha must be above 0.", "Write alpha=1 for example.");
    }
    for (const TensorRoute& route : routes) {
      if (route.matrix) {
        matrices_.emplace_back(values, route, like);
      }
    }
  }

  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    const double rate = rate_ * step.rateFactor;
    std::vector<at::Tensor> directions;
    double largest[2] = {0, 0};
    for (LantonMatrix& matrix : matrices_) {
      directions.push_back(matrix.direction(matrix.view(step.gradient), steps_ == 0));
      double& group = largest[matrix.bySign() ? 1 : 0];
      group = std::max(group, share(matrix));
    }
    for (std::size_t i = 0; i < matrices_.size(); ++i) {
      const LantonMatrix& matrix = matrices_[i];
      at::Tensor weights = matrix.view(step.parameters);
      decayWeights(weights, rate, decay_);
      weights.add_(directions[i],
                   -rate * std::sqrt(share(matrix) / largest[matrix.bySign() ? 1 : 0]));
    }
    rest_.step(step);
    ++steps_;
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("lanton.steps", steps_);
    for (LantonMatrix& matrix : matrices_) {
      matrix.exchangeState(archive);
    }
    rest_.exchangeState(archive);
  }

 private:
  double share(const LantonMatrix& matrix) const {
    return alpha_ / std::sqrt(alpha_ * alpha_ + matrix.noise());
  }

  double rate_;
  double alpha_;
  double decay_;
  std::int64_t steps_ = 0;
  std::vector<LantonMatrix> matrices_;
  RestOptimizer rest_;
};

}  // namespace

OptimizerKind lanton() {
  OptimizerKind kind;
  kind.name = "lanton";
  kind.summary =
      "polar factor of the momentum, layers with noisier gradients more slowly (reconstructed)";
  kind.source = "reconstructed from memory of LANTON, arXiv 2510.14009; defaults are Tarn's";
  kind.options = {
      learningRateOption(0.02),
      momentumOption(),
      weightDecayOption(0),
      decayRateOption("beta2", 0.9, "decay of the noise's average"),
      nonNegativeOption("alpha", 1, "the noise from which on a layer is slowed down"),
  };
  for (OptimizerOption& option : polarOptions()) {
    kind.options.push_back(std::move(option));
  }
  kind.options = withRoutingOptions(std::move(kind.options));
  kind.route = lantonRoutes;
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>& groups,
                 const at::Tensor& like) {
    return std::make_unique<Lanton>(values, lantonRoutes(values, groups), like);
  };
  return kind;
}

}  // namespace tarn::engine
