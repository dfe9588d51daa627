#include "engine/model/builtin_transformer.h"

#include <cmath>
#include <limits>

#include <ATen/ATen.h>

#include "engine/model/builtin_layers.h"
#include "engine/model/builtin_model.h"
#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

struct TransformerPlan {
  std::int64_t vocabulary = 0;
  std::int64_t context = 0;
  std::int64_t width = 0;
  std::int64_t heads = 0;
  std::int64_t depth = 0;
  bool tied = false;
  at::ScalarType dtype = at::kFloat;
};

class Transformer : public BuiltinModel {
 public:
  Transformer(Weights weights, const TransformerPlan& plan, const std::string& sha256)
      : BuiltinModel(std::move(weights), sha256), plan_(plan) {}

  at::Tensor forward(const Inputs& inputs) override {
    requireTokens(inputs);
    const auto& tokens = inputs[0];
    const auto length = tokens.size(1);
    const auto allowed = attended(inputs);
    at::Tensor x = at::embedding(weight(0), tokens) + weight(1).narrow(0, 0, length);
    std::size_t next = 2;
    for (std::int64_t i = 0; i < plan_.depth; ++i) {
      x = x + attention(norm(x, next), next + 2, allowed);
      const auto hidden = at::linear(norm(x, next + 6), weight(next + 8), weight(next + 9));
      x = x + at::linear(at::gelu(hidden, "tanh"), weight(next + 10), weight(next + 11));
      next += 12;
    }
    return at::linear(norm(x, next), weight(plan_.tied ? 0 : next + 2));
  }

 protected:
  std::unique_ptr<BuiltinModel> madeOf(Weights weights) const override {
    return std::make_unique<Transformer>(std::move(weights), plan_, sha256());
  }

 private:
  void requireTokens(const Inputs& inputs) const {
    const auto& tokens = inputs[0];
    const bool masked = inputs.size() == 2;
    const bool fits =
        (inputs.size() == 1 || masked) && tokens.scalar_type() == at::kLong && tokens.dim() == 2 &&
        tokens.size(1) >= 1 && tokens.size(1) <= plan_.context &&
        (!masked || (inputs[1].scalar_type() == at::kBool && inputs[1].sizes() == tokens.sizes()));
    if (!fits) {
      throw Error(ErrorCode::badInput,
                  "The transformer takes integer tokens of shape samples×length, length at most " +
                      std::to_string(plan_.context) +
                      ", and perhaps a bool mask of that shape, but the data is " +
                      at::toString(tokens.scalar_type()) + " of shape " + shapeText(inputs) + ".",
                  "Save tokens with .astype(numpy.int64), or raise context=….");
    }
    const auto least = tokens.min().item<std::int64_t>();
    const auto most = tokens.max().item<std::int64_t>();
    if (least < 0 || most >= plan_.vocabulary) {
      throw Error(ErrorCode::badInput,
                  "The inputs hold the token " + std::to_string(least < 0 ? least : most) +
                      ", but the vocabulary is 0 to " + std::to_string(plan_.vocabulary - 1) + ".",
                  "Give the data's own vocabulary as char-transformer:vocab=….");
    }
  }

  /// N or 1 × 1 × T × T: who may look at whom. Every token may look at itself, so that no row is
  /// empty.
  static at::Tensor attended(const Inputs& inputs) {
    const auto length = inputs[0].size(1);
    const auto square = at::ones({length, length}, inputs[0].options().dtype(at::kBool));
    const auto causal = square.tril().unsqueeze(0).unsqueeze(0);
    if (inputs.size() == 1) {
      return causal;
    }
    const auto self = at::eye(length, inputs[0].options().dtype(at::kBool));
    return causal.logical_and(inputs[1].unsqueeze(1).unsqueeze(1).logical_or(self));
  }

  at::Tensor norm(const at::Tensor& x, std::size_t place) const {
    return at::layer_norm(x, {plan_.width}, weight(place), weight(place + 1));
  }

  at::Tensor attention(const at::Tensor& x, std::size_t place, const at::Tensor& allowed) const {
    const auto samples = x.size(0);
    const auto length = x.size(1);
    const auto size = plan_.width / plan_.heads;
    const auto parts = at::linear(x, weight(place), weight(place + 1))
                           .view({samples, length, 3, plan_.heads, size})
                           .permute({2, 0, 3, 1, 4});
    const auto scores =
        parts[0].matmul(parts[1].transpose(-2, -1)) / std::sqrt(static_cast<double>(size));
    const auto shares =
        scores.masked_fill(allowed.logical_not(), -std::numeric_limits<double>::infinity())
            .softmax(-1);
    const auto mixed = shares.matmul(parts[2]).transpose(1, 2).reshape({samples, length, -1});
    return at::linear(mixed, weight(place + 2), weight(place + 3));
  }

  TransformerPlan plan_;
};

Weights startTransformer(const TransformerPlan& plan, std::uint64_t seed) {
  constexpr double spread = 0.02;
  at::Generator generator = seededGenerator(seed);
  Weights weights;
  const auto add = [&](const std::string& name, std::int64_t out, std::int64_t in, double factor) {
    weights.parameters.emplace_back(
        name + ".weight", at::empty({out, in}, plan.dtype).normal_(0, factor * spread, generator));
  };
  const auto addLinear = [&](const std::string& name, std::int64_t out, std::int64_t in,
                             double factor) {
    add(name, out, in, factor);
    weights.parameters.emplace_back(name + ".bias", at::zeros({out}, plan.dtype));
  };
  const auto addNorm = [&](const std::string& name) {
    weights.parameters.emplace_back(name + ".weight", at::ones({plan.width}, plan.dtype));
    weights.parameters.emplace_back(name + ".bias", at::zeros({plan.width}, plan.dtype));
  };
  const double residual = 1 / std::sqrt(2 * static_cast<double>(plan.depth));
  add("tokens", plan.vocabulary, plan.width, 1);
  add("positions", plan.context, plan.width, 1);
  for (std::int64_t i = 1; i <= plan.depth; ++i) {
    const auto block = "block" + std::to_string(i) + ".";
    addNorm(block + "norm1");
    addLinear(block + "qkv", 3 * plan.width, plan.width, 1);
    addLinear(block + "projection", plan.width, plan.width, residual);
    addNorm(block + "norm2");
    addLinear(block + "mlp1", 4 * plan.width, plan.width, 1);
    addLinear(block + "mlp2", plan.width, 4 * plan.width, residual);
  }
  addNorm("norm");
  if (!plan.tied) {
    add("head", plan.vocabulary, plan.width, 1);
  }
  return weights;
}

}  // namespace

const std::string& transformerGrammar() {
  static const std::string grammar =
      "Write char-transformer:vocab=V[,context=64][,width=64][,heads=4][,depth=2][,tied=off|on]"
      "[,dtype=f32|f64][@init:SEED | @FILE.safetensors]; heads divides width.";
  return grammar;
}

std::unique_ptr<Model> makeTransformer(BuiltinSpec spec, const std::string& sha256) {
  constexpr std::int64_t largest = 1'000'000;
  const auto& grammar = transformerGrammar();
  TransformerPlan plan;
  plan.vocabulary = takeCount(spec, "vocab", 0, 1, largest, grammar);
  plan.context = takeCount(spec, "context", 64, 1, largest, grammar);
  plan.width = takeCount(spec, "width", 64, 1, largest, grammar);
  plan.heads = takeCount(spec, "heads", 4, 1, largest, grammar);
  plan.depth = takeCount(spec, "depth", 2, 1, 1000, grammar);
  plan.tied = takeWord(spec, "tied", {"off", "on"}, grammar) == "on";
  plan.dtype = takeDtype(spec, grammar);
  expectNoOptions(spec, grammar);
  if (!spec.shape.empty() || plan.vocabulary == 0 || plan.width % plan.heads != 0) {
    throw Error(ErrorCode::usage,
                plan.vocabulary == 0 ? "The transformer's vocabulary is not given."
                                     : "The transformer's heads do not divide its width.",
                grammar);
  }
  std::vector<std::vector<std::int64_t>> shapes{{plan.vocabulary, plan.width},
                                                {plan.vocabulary, plan.width},
                                                {plan.context, plan.width},
                                                {plan.depth, 12 * plan.width, plan.width}};
  expectAffordable(shapes, grammar);
  return std::make_unique<Transformer>(startTransformer(plan, spec.seed), plan, sha256);
}

}  // namespace tarn::engine
