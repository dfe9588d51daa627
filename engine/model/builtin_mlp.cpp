#include "engine/model/builtin_mlp.h"

#include <ATen/ATen.h>

#include "engine/model/builtin_layers.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

class Mlp : public Model {
 public:
  Mlp(const std::vector<NamedTensor>& parameters, std::int64_t inputs, Activation activation,
      const std::string& sha256)
      : Model(parameters, {}, sha256), inputs_(inputs), activation_(activation) {}

  at::Tensor forward(const at::Tensor& inputs) override {
    if (inputs.dim() < 1 || inputs.numel() != inputs.size(0) * inputs_) {
      throw Error(ErrorCode::badInput,
                  "The network takes " + std::to_string(inputs_) +
                      " numbers a sample, but the data has samples of another size: " +
                      std::to_string(inputs.dim() < 1 || inputs.size(0) == 0
                                         ? inputs.numel()
                                         : inputs.numel() / inputs.size(0)) +
                      ".",
                  "The first number of mlp:… must be the size of a sample.");
    }
    const auto& leaves = parameters().leaves();
    at::Tensor x = inputs.reshape({inputs.size(0), inputs_});
    for (std::size_t i = 0; i < leaves.size(); i += 2) {
      x = at::linear(i == 0 ? x : activate(x, activation_), leaves[i], leaves[i + 1]);
    }
    return x;
  }

  void setTraining(bool) override {}

  std::unique_ptr<Model> clone() const override {
    std::vector<NamedTensor> copies;
    for (const ParameterGroup& group : parameters().groups()) {
      copies.emplace_back(group.name, parameters().view(parameters().flat(), group).clone());
    }
    return std::make_unique<Mlp>(copies, inputs_, activation_, sha256());
  }

 private:
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
  const auto dtype =
      takeWord(spec, "dtype", {"f32", "f64"}, mlpGrammar()) == "f64" ? at::kDouble : at::kFloat;
  expectNoOptions(spec, mlpGrammar());
  std::vector<std::vector<std::int64_t>> shapes;
  for (std::size_t i = 1; i < widths.size(); ++i) {
    shapes.push_back({widths[i], widths[i - 1]});
  }
  expectAffordable(shapes, mlpGrammar());

  at::Generator generator = seededGenerator(spec.seed);
  std::vector<NamedTensor> parameters;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    addUniformLayer(parameters, "layer" + std::to_string(i + 1), shapes[i], true, dtype, generator);
  }
  return std::make_unique<Mlp>(parameters, widths.front(), activation, sha256);
}

}  // namespace tarn::engine
