#include "engine/model/builtin_pinn.h"

#include <numbers>

#include <ATen/ATen.h>

#include "engine/model/builtin_layers.h"
#include "engine/model/builtin_model.h"
#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

class Pinn : public BuiltinModel {
 public:
  Pinn(Weights weights, std::size_t layers, double beta, const std::string& sha256)
      : BuiltinModel(std::move(weights), sha256), layers_(layers), beta_(beta) {}

  at::Tensor forward(const Inputs& inputs) override {
    requirePoints(inputs);
    return inputs.size() == 1 ? solution(inputs[0]) : loss(inputs[0], inputs[1]);
  }

 protected:
  std::unique_ptr<BuiltinModel> madeOf(Weights weights) const override {
    return std::make_unique<Pinn>(std::move(weights), layers_, beta_, sha256());
  }

 private:
  static void requirePoints(const Inputs& inputs) {
    const auto holds = [&](std::size_t i, std::int64_t columns) {
      return inputs[i].is_floating_point() && inputs[i].dim() == 2 && inputs[i].size(1) == columns;
    };
    if (inputs.size() > 2 || !holds(0, 2) || (inputs.size() == 2 && !holds(1, 3))) {
      throw Error(
          ErrorCode::badInput,
          "The network takes points (x, t) of shape samples×2, and for its own loss weights "
          "of shape samples×3, but the data is " +
              shapeText(inputs) + ".",
          "Use --data pinn-convection --loss model.");
    }
  }

  at::Tensor solution(const at::Tensor& points) const {
    at::Tensor x = points;
    for (std::size_t i = 0; i < layers_; ++i) {
      x = at::linear(i == 0 ? x : at::tanh(x), weight(2 * i), weight(2 * i + 1));
    }
    return x;
  }

  /// u at the points' x or t moved to a fixed place.
  at::Tensor solutionAt(const at::Tensor& points, std::int64_t column, double value) const {
    auto columns = at::unbind(points, 1);
    columns[static_cast<std::size_t>(column)] =
        at::full_like(columns[static_cast<std::size_t>(column)], value);
    return solution(at::stack(columns, 1)).squeeze(1);
  }

  /// u_t + βu_x, the slope of u along (β, 1), carried forward through the layers beside their
  /// values: a pass of slopes costs what one of values does, and nothing is differentiated to get
  /// it.
  at::Tensor residual(const at::Tensor& points) const {
    auto slope = at::linear(at::tensor({beta_, 1.0}, points.options()).unsqueeze(0), weight(0));
    auto value = at::tanh(at::linear(points, weight(0), weight(1)));
    for (std::size_t i = 1; i < layers_; ++i) {
      slope = at::linear(at::tanh_backward(slope.expand_as(value), value), weight(2 * i));
      if (i + 1 < layers_) {
        value = at::tanh(at::linear(value, weight(2 * i), weight(2 * i + 1)));
      }
    }
    return slope.squeeze(1);
  }

  at::Tensor loss(const at::Tensor& points, const at::Tensor& weights) const {
    auto sum = at::zeros({}, points.options());
    const auto add = [&](std::int64_t term, const auto& error) {
      const auto w = weights.select(1, term);
      const auto rows = at::nonzero(w).squeeze(1);
      if (rows.numel() > 0) {
        sum = sum + (w.index_select(0, rows) * error(points.index_select(0, rows)).square()).sum();
      }
    };
    add(0, [&](const at::Tensor& at) { return residual(at); });
    add(1, [&](const at::Tensor& at) { return solutionAt(at, 1, 0) - at.select(1, 0).sin(); });
    add(2, [&](const at::Tensor& at) {
      return solutionAt(at, 0, 0) - solutionAt(at, 0, 2 * std::numbers::pi);
    });
    return sum / static_cast<double>(points.size(0));
  }

  std::size_t layers_;
  double beta_;
};

}  // namespace

const std::string& pinnGrammar() {
  static const std::string grammar =
      "Write pinn-convection[:beta=30][,width=50][,depth=4][,dtype=f32|f64]"
      "[@init:SEED | @FILE.safetensors], and use --data pinn-convection --loss model with it.";
  return grammar;
}

std::unique_ptr<Model> makePinn(BuiltinSpec spec, const std::string& sha256) {
  const auto& grammar = pinnGrammar();
  if (!spec.shape.empty()) {
    throw Error(ErrorCode::usage, "The model 'pinn-convection' takes no shape.", grammar);
  }
  const double beta = takeNumber(spec, "beta", 30, grammar);
  const auto width = takeCount(spec, "width", 50, 1, 1'000'000, grammar);
  const auto depth = takeCount(spec, "depth", 4, 1, 1000, grammar);
  const auto dtype = takeDtype(spec, grammar);
  expectNoOptions(spec, grammar);
  std::vector<std::vector<std::int64_t>> shapes{{width, 2}};
  for (std::int64_t i = 1; i < depth; ++i) {
    shapes.push_back({width, width});
  }
  shapes.push_back({1, width});
  expectAffordable(shapes, grammar);
  at::Generator generator = seededGenerator(spec.seed);
  Weights weights;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    addUniformLayer(weights.parameters, "layer" + std::to_string(i + 1), shapes[i], true, dtype,
                    generator);
  }
  return std::make_unique<Pinn>(std::move(weights), shapes.size(), beta, sha256);
}

}  // namespace tarn::engine
