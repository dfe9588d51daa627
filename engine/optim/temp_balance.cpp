#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>
#include <vector>

#include <ATen/ATen.h>

#include "engine/diagnostics/power_law.h"
#include "engine/diagnostics/weight_spectrum.h"
#include "engine/optim/options.h"
#include "engine/optim/wrapper.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// A weight matrix and the tensors of one dimension after it: its bias, and the norm layers that
/// follow it.
struct TemperedLayer {
  bool atAnEnd = false;  ///< of the model
  std::vector<std::int64_t> shape;
  std::int64_t offset = 0;  ///< of the matrix
  std::int64_t size = 0;
  std::int64_t end = 0;  ///< of all
};

std::vector<TemperedLayer> temperedLayers(const std::vector<ParameterGroup>& groups) {
  std::vector<TemperedLayer> layers;
  for (const ParameterGroup& group : groups) {
    if (group.shape.size() >= 2) {
      layers.push_back({group.entry || group.head, group.shape, group.offset, group.size, 0});
    }
    if (!layers.empty()) {
      layers.back().end = group.offset + group.size;
    }
  }
  return layers;
}

/// How many squared singular values weight_spectrum.h pools for a layer.
std::int64_t eigenvaluesOf(const TemperedLayer& layer) {
  const std::int64_t smaller = std::min(layer.shape[0], layer.shape[1]);
  const std::int64_t matrix = layer.shape[0] * layer.shape[1];
  return matrix == 0 ? 0 : smaller * (layer.size / matrix);
}

/// Once an epoch each layer's step is scaled by a factor from `low` to `high`, linearly in the
/// layer's exponent α (median Hill) between the least and the largest α of all layers; the first
/// and the last layer, embeddings and layers of few eigenvalues keep the factor 1. To scale a step
/// is to scale the layer's learning rate, because the rules' steps are proportional to it.
class TempBalance : public Wrapper {
 public:
  TempBalance(const OptimizerValues& values, const std::vector<ParameterGroup>& groups,
              std::unique_ptr<Optimizer> inner)
      : Wrapper(std::move(inner)), low_(values.number("low")), high_(values.number("high")) {
    if (!this->inner().followsGradient()) {
      throw Error(ErrorCode::usage,
                  "temp-balance scales steps that are proportional to the learning rate, and this "
                  "optimizer's are not.",
                  "Put it around one that follows the gradient, as adamw+temp-balance.");
    }
    if (low_ > high_) {
      throw Error(ErrorCode::usage, "temp-balance: low is above high.",
                  "Write for example low=0.5,high=1.5.");
    }
    const auto fewest = values.integer("fewest");
    for (const TemperedLayer& layer : temperedLayers(groups)) {
      if (!layer.atAnEnd && eigenvaluesOf(layer) >= fewest) {
        layers_.push_back(layer);
      }
    }
    if (layers_.size() < 2) {
      throw Error(ErrorCode::unsupported,
                  "temp-balance balances layers with at least " + std::to_string(fewest) +
                      " eigenvalues other than the first and the last, and there are " +
                      std::to_string(layers_.size()) + " of them.",
                  "Use a deeper or wider model, set fewest (10 is the least that makes sense), or "
                  "leave temp-balance out.");
    }
    factors_ = at::ones({static_cast<std::int64_t>(layers_.size())}, at::kDouble);
  }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    if (step.startsEpoch) {
      measure(step.parameters);
    }
    const at::Tensor before = step.parameters.clone();
    inner().step(step);
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      const double factor = factors_[static_cast<std::int64_t>(i)].item<double>();
      const TemperedLayer& layer = layers_[i];
      const auto part = [&](const at::Tensor& flat) {
        return flat.narrow(0, layer.offset, layer.end - layer.offset);
      };
      if (factor != 1) {
        const at::Tensor moved = part(step.parameters) - part(before);
        part(step.parameters).copy_(part(before).add(moved, factor));
      }
    }
  }

  void exchangeState(StateArchive& archive) override {
    Wrapper::exchangeState(archive);
    archive.tensor("temp-balance.factors", factors_);
  }

 private:
  void measure(const at::Tensor& parameters) {
    const double precision = parameters.scalar_type() == at::kDouble
                                 ? std::numeric_limits<double>::epsilon()
                                 : std::numeric_limits<float>::epsilon();
    std::vector<std::optional<double>> exponents;
    double least = INFINITY;
    double largest = -INFINITY;
    for (const TemperedLayer& layer : layers_) {
      const at::Tensor weight = parameters.narrow(0, layer.offset, layer.size).view(layer.shape);
      const auto eigenvalues = pooledEigenvalues(layerMatrices(weight));
      exponents.push_back(hillExponent(withoutZeros(eigenvalues, precision)));
      least = std::min(least, exponents.back().value_or(least));
      largest = std::max(largest, exponents.back().value_or(largest));
    }
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      factors_[static_cast<std::int64_t>(i)] =
          exponents[i] && largest > least
              ? low_ + (high_ - low_) * (*exponents[i] - least) / (largest - least)
              : 1.0;
    }
  }

  double low_;
  double high_;
  std::vector<TemperedLayer> layers_;
  at::Tensor factors_;  ///< one a layer
};

}  // namespace

WrapperKind tempBalance() {
  WrapperKind kind;
  kind.name = "temp-balance";
  kind.summary = "layers with a heavier spectral tail take smaller steps";
  kind.source = "TempBalance, arXiv 2312.00359 and its authors' code (YefanZhou/TempBalance)";
  kind.options = {
      nonNegativeOption("low", 0.5, "factor of the layer with the least exponent"),
      nonNegativeOption("high", 1.5, "factor of the layer with the largest exponent"),
      countOption("fewest", 50, 10, 1'000'000, "eigenvalues a layer must have to be balanced"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>& groups,
                 const at::Tensor&, std::unique_ptr<Optimizer> inner) {
    return std::make_unique<TempBalance>(values, groups, std::move(inner));
  };
  return kind;
}

}  // namespace tarn::engine
