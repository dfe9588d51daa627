#include "engine/model/builtin_deep_linear.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

#include "engine/model/builtin_layers.h"
#include "engine/model/builtin_model.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

class DeepLinear : public BuiltinModel {
 public:
  DeepLinear(Weights weights, std::size_t layers, std::int64_t inputs, const std::string& sha256)
      : BuiltinModel(std::move(weights), sha256), layers_(layers), inputs_(inputs) {}

  at::Tensor forward(const Inputs& inputs) override {
    const auto& input = onlyInput(inputs);
    if (input.dim() < 1 || input.numel() != input.size(0) * inputs_) {
      throw Error(ErrorCode::badInput,
                  "The network takes " + std::to_string(inputs_) +
                      " numbers a sample, but the data has samples of another size.",
                  "Give the size of a sample as deep-linear:in=….");
    }
    at::Tensor x = input.reshape({input.size(0), inputs_});
    for (std::size_t i = 0; i < layers_; ++i) {
      x = at::linear(x, weight(i));
    }
    return x;
  }

 protected:
  std::unique_ptr<BuiltinModel> madeOf(Weights weights) const override {
    return std::make_unique<DeepLinear>(std::move(weights), layers_, inputs_, sha256());
  }

 private:
  std::size_t layers_;
  std::int64_t inputs_;
};

/// Columns that are orthonormal: the Q of a Gaussian matrix.
at::Tensor orthonormal(std::int64_t rows, std::int64_t columns, at::Generator& generator) {
  return std::get<0>(
      at::linalg_qr(at::empty({rows, columns}, at::kDouble).normal_(0, 1, generator)));
}

}  // namespace

const std::string& deepLinearGrammar() {
  static const std::string grammar =
      "Write deep-linear:L=4,width=6,in=7,out=5[,start=normal|aligned][,rank=R,scale=M]"
      "[,dtype=f32|f64][@init:SEED | @FILE.safetensors]; rank and scale are of start=aligned.";
  return grammar;
}

std::unique_ptr<Model> makeDeepLinear(BuiltinSpec spec, const std::string& sha256) {
  constexpr std::int64_t widest = 1'000'000;
  const auto& grammar = deepLinearGrammar();
  if (!spec.shape.empty()) {
    throw Error(ErrorCode::usage, "The model 'deep-linear' takes no shape.", grammar);
  }
  const auto layers = takeCount(spec, "L", 4, 1, 1000, grammar);
  const auto width = takeCount(spec, "width", 6, 1, widest, grammar);
  const auto in = takeCount(spec, "in", 7, 1, widest, grammar);
  const auto out = takeCount(spec, "out", 5, 1, widest, grammar);
  const bool aligned = takeWord(spec, "start", {"normal", "aligned"}, grammar) == "aligned";
  const auto narrowest = layers == 1 ? std::min(in, out) : std::min({width, in, out});
  const auto rank = aligned ? takeCount(spec, "rank", narrowest, 1, narrowest, grammar) : 0;
  const double scale = aligned ? takeNumber(spec, "scale", 1, grammar) : 1;
  const auto dtype = takeDtype(spec, grammar);
  expectNoOptions(spec, grammar);

  std::vector<std::int64_t> widths(static_cast<std::size_t>(layers) + 1, width);
  widths.front() = in;
  widths.back() = out;
  std::vector<std::vector<std::int64_t>> shapes;
  for (std::size_t i = 1; i < widths.size(); ++i) {
    shapes.push_back({widths[i], widths[i - 1]});
  }
  expectAffordable(shapes, grammar);

  at::Generator generator = seededGenerator(spec.seed);
  Weights weights;
  at::Tensor right = aligned ? orthonormal(in, rank, generator) : at::Tensor();
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    at::Tensor layer;
    if (aligned) {
      const auto left = orthonormal(shapes[i][0], rank, generator);
      layer = (scale * left.matmul(right.t())).to(dtype);
      right = left;
    } else {
      layer = at::empty(shapes[i], dtype)
                  .normal_(0, 1 / std::sqrt(static_cast<double>(shapes[i][1])), generator);
    }
    weights.parameters.emplace_back("layer" + std::to_string(i + 1) + ".weight", layer);
  }
  return std::make_unique<DeepLinear>(std::move(weights), shapes.size(), in, sha256);
}

}  // namespace tarn::engine
