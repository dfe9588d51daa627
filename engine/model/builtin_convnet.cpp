#include "engine/model/builtin_convnet.h"

#include <ATen/ATen.h>

#include "engine/model/builtin_layers.h"
#include "engine/model/builtin_model.h"
#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

struct ConvnetPlan {
  std::int64_t channels = 0;  ///< of the image
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::vector<std::int64_t> filters;  ///< one number per convolution
  std::int64_t outputs = 0;
  Activation activation = Activation::relu;
  bool batchNorm = false;
  bool maximumPooling = false;
  at::ScalarType dtype = at::kFloat;
};

Error wrong(const std::string& sentence) {
  return {ErrorCode::usage, sentence, convnetGrammar()};
}

class Convnet : public BuiltinModel {
 public:
  Convnet(Weights weights, const ConvnetPlan& plan, const std::string& sha256)
      : BuiltinModel(std::move(weights), sha256), plan_(plan) {}

  at::Tensor forward(const Inputs& inputs) override {
    at::Tensor x = image(onlyInput(inputs));
    std::size_t next = 0;
    for (std::size_t i = 0; i < plan_.filters.size(); ++i) {
      if (i > 0) {
        x = plan_.maximumPooling ? at::max_pool2d(x, 2) : at::avg_pool2d(x, 2);
      }
      if (plan_.batchNorm) {
        x = batchNorm(at::conv2d(x, weight(next), {}, {1, 1}, {1, 1}), next + 1, 3 * i);
        next += 3;
      } else {
        x = at::conv2d(x, weight(next), weight(next + 1), {1, 1}, {1, 1});
        next += 2;
      }
      x = activate(x, plan_.activation);
    }
    return at::linear(x.mean({2, 3}), weight(next), weight(next + 1));
  }

 protected:
  std::unique_ptr<BuiltinModel> madeOf(Weights weights) const override {
    return std::make_unique<Convnet>(std::move(weights), plan_, sha256());
  }

 private:
  at::Tensor image(const at::Tensor& input) const {
    const std::vector<std::int64_t> full = {plan_.channels, plan_.height, plan_.width};
    const std::vector<std::int64_t> flat = {plan_.channels * plan_.height * plan_.width};
    const std::vector<std::int64_t> plane = {plan_.height, plan_.width};
    const auto sample = input.dim() >= 1 ? input.sizes().slice(1) : input.sizes();
    if (input.dim() >= 1 &&
        (sample == full || sample == flat || (plan_.channels == 1 && sample == plane))) {
      return input.reshape({input.size(0), full[0], full[1], full[2]});
    }
    throw Error(ErrorCode::badInput,
                "The network takes images of " + shapeText(full) +
                    " (channels, height, width), but a sample is " + shapeText(sample) + ".",
                "Give the images' own size in convnet:CxHxW-…, and their layout with the data: "
                "--transform layout=nhwc when the channels come last in the file.");
  }

  ConvnetPlan plan_;
};

ConvnetPlan planConvnet(BuiltinSpec& spec) {
  const auto dash = spec.shape.find('-');
  const auto image =
      parseExtents(std::string_view(spec.shape).substr(0, dash), 'x', convnetGrammar());
  if (image.size() != 3) {
    throw wrong("The image size '" + spec.shape.substr(0, dash) + "' is not CxHxW.");
  }
  if (dash == std::string::npos) {
    throw wrong("The model '" + spec.shape + "' has no convolutions and no outputs.");
  }
  ConvnetPlan plan;
  plan.channels = image[0];
  plan.height = image[1];
  plan.width = image[2];
  plan.filters = parseExtents(std::string_view(spec.shape).substr(dash + 1), '-', convnetGrammar());
  plan.outputs = plan.filters.back();
  plan.filters.pop_back();
  if (plan.filters.empty()) {
    throw wrong("The model '" + spec.shape + "' has no convolutions.");
  }
  const std::int64_t smallest = std::min(plan.height, plan.width);
  if (plan.filters.size() > 20 || (smallest >> (plan.filters.size() - 1)) < 1) {
    throw wrong("The image of " + std::to_string(plan.height) + "x" + std::to_string(plan.width) +
                " is too small for " + std::to_string(plan.filters.size()) +
                " convolutions with a halving between each two.");
  }
  plan.activation = activationFromWord(takeWord(spec, "act", {"relu", "tanh"}, convnetGrammar()));
  plan.batchNorm = takeWord(spec, "bn", {"off", "on"}, convnetGrammar()) == "on";
  plan.maximumPooling = takeWord(spec, "pool", {"avg", "max"}, convnetGrammar()) == "max";
  plan.dtype = takeDtype(spec, convnetGrammar());
  expectNoOptions(spec, convnetGrammar());
  return plan;
}

Weights startConvnet(const ConvnetPlan& plan, std::uint64_t seed) {
  std::vector<std::vector<std::int64_t>> shapes;
  std::int64_t in = plan.channels;
  for (const std::int64_t out : plan.filters) {
    shapes.push_back({out, in, 3, 3});
    in = out;
  }
  shapes.push_back({plan.outputs, in});
  expectAffordable(shapes, convnetGrammar());

  at::Generator generator = seededGenerator(seed);
  Weights weights;
  for (std::size_t i = 0; i + 1 < shapes.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    addUniformLayer(weights.parameters, "conv" + number, shapes[i], !plan.batchNorm, plan.dtype,
                    generator);
    if (plan.batchNorm) {
      addBatchNorm(weights, "bn" + number, shapes[i][0], plan.dtype);
    }
  }
  addUniformLayer(weights.parameters, "head", shapes.back(), true, plan.dtype, generator);
  return weights;
}

}  // namespace

const std::string& convnetGrammar() {
  static const std::string grammar =
      "Write convnet:CxHxW-CHANNELS-…-OUT[,act=relu|tanh][,bn=off|on][,pool=avg|max]"
      "[,dtype=f32|f64][@init:SEED], for example convnet:1x8x8-16-32-10.";
  return grammar;
}

std::unique_ptr<Model> makeConvnet(BuiltinSpec spec, const std::string& sha256) {
  const ConvnetPlan plan = planConvnet(spec);
  return std::make_unique<Convnet>(startConvnet(plan, spec.seed), plan, sha256);
}

}  // namespace tarn::engine
