#include "engine/model/builtin_resnet.h"

#include <array>
#include <cmath>

#include <ATen/ATen.h>

#include "engine/model/builtin_layers.h"
#include "engine/model/builtin_model.h"
#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

struct ResnetPlan {
  std::int64_t blocks = 0;  ///< in each stage
  bool skip = true;
  bool batchNorm = true;
  at::ScalarType dtype = at::kFloat;
};

constexpr std::array<std::int64_t, 3> stageChannels{16, 32, 64};

class Resnet : public BuiltinModel {
 public:
  Resnet(Weights weights, const ResnetPlan& plan, const std::string& sha256)
      : BuiltinModel(std::move(weights), sha256), plan_(plan) {}

  at::Tensor forward(const Inputs& inputs) override {
    Place place;
    at::Tensor x = at::relu(convolution(image(onlyInput(inputs)), place, 1));
    for (std::size_t stage = 0; stage < stageChannels.size(); ++stage) {
      for (std::int64_t i = 0; i < plan_.blocks; ++i) {
        x = block(x, place, stage > 0 && i == 0);
      }
    }
    return at::linear(x.mean({2, 3}), weight(place.parameter), weight(place.parameter + 1));
  }

 protected:
  std::unique_ptr<BuiltinModel> madeOf(Weights weights) const override {
    return std::make_unique<Resnet>(std::move(weights), plan_, sha256());
  }

 private:
  /// What is next among the tensors.
  struct Place {
    std::size_t parameter = 0;
    std::size_t buffer = 0;
  };

  static at::Tensor image(const at::Tensor& input) {
    const bool fits = input.dim() == 4 && input.sizes().slice(1) == at::IntArrayRef({3, 32, 32});
    if (!fits) {
      throw Error(
          ErrorCode::badInput,
          "The network takes images of 3×32×32 (channels, height, width), but a sample is " +
              shapeText(input.dim() > 0 ? input.sizes().slice(1) : input.sizes()) + ".",
          "Use images of that size, and say their layout: --transform layout=nhwc when the "
          "channels come last in the file.");
    }
    return input;
  }

  at::Tensor convolution(const at::Tensor& x, Place& place, std::int64_t stride) const {
    const auto first = place.parameter;
    if (!plan_.batchNorm) {
      place.parameter += 2;
      return at::conv2d(x, weight(first), weight(first + 1), {stride, stride}, {1, 1});
    }
    place.parameter += 3;
    place.buffer += 3;
    return batchNorm(at::conv2d(x, weight(first), {}, {stride, stride}, {1, 1}), first + 1,
                     place.buffer - 3);
  }

  at::Tensor block(const at::Tensor& x, Place& place, bool halves) const {
    auto y = at::relu(convolution(x, place, halves ? 2 : 1));
    y = convolution(y, place, 1);
    if (!plan_.skip) {
      return at::relu(y);
    }
    if (!halves) {
      return at::relu(y + x);
    }
    const auto padding = (y.size(1) - x.size(1)) / 2;
    const auto half = x.slice(2, 0, c10::nullopt, 2).slice(3, 0, c10::nullopt, 2);
    return at::relu(y + at::constant_pad_nd(half, {0, 0, 0, 0, padding, padding}, 0));
  }

  ResnetPlan plan_;
};

void addConvolution(Weights& weights, const std::string& prefix, const std::string& number,
                    std::int64_t in, std::int64_t out, double factor, const ResnetPlan& plan,
                    at::Generator& generator) {
  const double spread = factor * std::sqrt(2.0 / static_cast<double>(9 * in));
  const auto name = prefix + "conv" + number;
  weights.parameters.emplace_back(
      name + ".weight", at::empty({out, in, 3, 3}, plan.dtype).normal_(0, spread, generator));
  if (plan.batchNorm) {
    addBatchNorm(weights, prefix + "bn" + number, out, plan.dtype);
  } else {
    weights.parameters.emplace_back(name + ".bias", at::zeros({out}, plan.dtype));
  }
}

Weights startResnet(const ResnetPlan& plan, std::uint64_t seed) {
  at::Generator generator = seededGenerator(seed);
  Weights weights;
  addConvolution(weights, "", "1", 3, stageChannels[0], 1, plan, generator);
  const bool grows = plan.skip && !plan.batchNorm;
  const double second = grows ? 1 / std::sqrt(static_cast<double>(stageChannels.size()) *
                                              static_cast<double>(plan.blocks))
                              : 1;
  auto in = stageChannels[0];
  for (std::size_t stage = 0; stage < stageChannels.size(); ++stage) {
    const auto out = stageChannels[stage];
    for (std::int64_t i = 0; i < plan.blocks; ++i) {
      const auto prefix = "layer" + std::to_string(stage + 1) + "." + std::to_string(i) + ".";
      addConvolution(weights, prefix, "1", in, out, 1, plan, generator);
      addConvolution(weights, prefix, "2", out, out, second, plan, generator);
      in = out;
    }
  }
  const double spread = std::sqrt(2.0 / static_cast<double>(in));
  const double bound = 1 / std::sqrt(static_cast<double>(in));
  weights.parameters.emplace_back("linear.weight",
                                  at::empty({10, in}, plan.dtype).normal_(0, spread, generator));
  weights.parameters.emplace_back("linear.bias",
                                  at::empty({10}, plan.dtype).uniform_(-bound, bound, generator));
  return weights;
}

}  // namespace

const std::string& resnetGrammar() {
  static const std::string grammar =
      "Write resnet20, resnet32 or resnet56, then [:skip=on|off][,bn=on|off][,dtype=f32|f64]"
      "[@init:SEED | @FILE.safetensors], for example resnet56:skip=off@init:1.";
  return grammar;
}

std::unique_ptr<Model> makeResnet(BuiltinSpec spec, const std::string& sha256) {
  if (!spec.shape.empty()) {
    throw Error(ErrorCode::usage, "The model '" + spec.name + "' takes no shape.", resnetGrammar());
  }
  ResnetPlan plan;
  plan.blocks = (std::stoll(spec.name.substr(std::string("resnet").size())) - 2) / 6;
  plan.skip = takeWord(spec, "skip", {"on", "off"}, resnetGrammar()) == "on";
  plan.batchNorm = takeWord(spec, "bn", {"on", "off"}, resnetGrammar()) == "on";
  plan.dtype = takeDtype(spec, resnetGrammar());
  expectNoOptions(spec, resnetGrammar());
  return std::make_unique<Resnet>(startResnet(plan, spec.seed), plan, sha256);
}

}  // namespace tarn::engine
