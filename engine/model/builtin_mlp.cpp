#include "engine/model/builtin_mlp.h"

#include <ATen/ATen.h>

#include "engine/model/builtin_layers.h"
#include "engine/model/builtin_model.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

class Mlp : public BuiltinModel {
 public:
  Mlp(Weights weights, std::size_t layers, std::int64_t inputs, Activation activation,
      const std::string& sha256)
      : BuiltinModel(std::move(weights), sha256),
        layers_(layers),
        inputs_(inputs),
        activation_(activation) {}

  at::Tensor forward(const Inputs& inputs) override {
    const auto& input = onlyInput(inputs);
    if (input.dim() < 1 || input.numel() != input.size(0) * inputs_) {
      throw Error(ErrorCode::badInput,
                  "The network takes " + std::to_string(inputs_) +
                      " numbers a sample, but the data has samples of another size: " +
                      std::to_string(input.dim() < 1 || input.size(0) == 0
                                         ? input.numel()
                                         : input.numel() / input.size(0)) +
                      ".",
                  "The first number of mlp:… must be the size of a sample.");
    }
    at::Tensor x = input.reshape({input.size(0), inputs_});
    for (std::size_t i = 0; i < layers_; ++i) {
      x = at::linear(i == 0 ? x : activate(x, activation_), weight(2 * i), weight(2 * i + 1));
    }
    return x;
  }

 protected:
  std::unique_ptr<BuiltinModel> madeOf(Weights weights) const override {
    return std::make_unique<Mlp>(std::move(weights), layers_, inputs_, activation_, sha256());
  }

 private:
  std::size_t layers_;
  std::int64_t inputs_;
  Activation activation_;
};

}  // namespace

const std::string& mlpGrammar() {
  static const std::string grammar =
      "Write mlp:IN-HIDDEN-…-OUT[,act=relu|tanh][,dtype=f32|f64][@init:SEED], for example "
      "mlp:64-32-32-10 or mlp:64-32-10,act=tanh@init:7.";
  return grammar;
}

std::unique_ptr<Model> makeMlp(BuiltinSpec spec, const std::string& sha256) {
  const auto widths = parseExtents(spec.shape, '-', mlpGrammar());
  if (widths.size() < 2) {
    throw Error(ErrorCode::usage,
                "The model's shape '" + spec.shape + "' has no output: two numbers are the least.",
                mlpGrammar());
  }
  const auto activation = activationFromWord(takeWord(spec, "act", {"relu", "tanh"}, mlpGrammar()));
  const auto dtype = takeDtype(spec, mlpGrammar());
  expectNoOptions(spec, mlpGrammar());
  std::vector<std::vector<std::int64_t>> shapes;
  for (std::size_t i = 1; i < widths.size(); ++i) {
    shapes.push_back({widths[i], widths[i - 1]});
  }
  expectAffordable(shapes, mlpGrammar());

  at::Generator generator = seededGenerator(spec.seed);
  Weights weights;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    addUniformLayer(weights.parameters, "layer" + std::to_string(i + 1), shapes[i], true, dtype,
                    generator);
  }
  return std::make_unique<Mlp>(std::move(weights), shapes.size(), widths.front(), activation,
                               sha256);
}

}  // namespace tarn::engine
