#include "engine/model/builtin_convnet.h"

#include <ATen/ATen.h>

#include "engine/model/builtin_layers.h"
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

struct ConvnetTensors {
  std::vector<NamedTensor> parameters;
  std::vector<NamedTensor> buffers;
};

Error wrong(const std::string& sentence) {
  return {ErrorCode::usage, sentence, convnetGrammar()};
}

class Convnet : public Model {
 public:
  Convnet(const ConvnetTensors& tensors, const ConvnetPlan& plan, const std::string& sha256)
      : Model(tensors.parameters, tensors.buffers, sha256),
        plan_(plan),
        buffers_(tensors.buffers) {}

  at::Tensor forward(const at::Tensor& inputs) override {
    const auto& leaves = parameters().leaves();
    at::Tensor x = image(inputs);
    std::size_t next = 0;
    for (std::size_t i = 0; i < plan_.filters.size(); ++i) {
      if (i > 0) {
        x = plan_.maximumPooling ? at::max_pool2d(x, 2) : at::avg_pool2d(x, 2);
      }
      if (plan_.batchNorm) {
        x = at::conv2d(x, leaves[next], {}, 1, 1);
        x = normalize(x, i, leaves[next + 1], leaves[next + 2]);
        next += 3;
      } else {
        x = at::conv2d(x, leaves[next], leaves[next + 1], 1, 1);
        next += 2;
      }
      x = activate(x, plan_.activation);
    }
    return at::linear(x.mean({2, 3}), leaves[next], leaves[next + 1]);
  }

  void setTraining(bool training) override { training_ = training; }

  std::unique_ptr<Model> clone() const override {
    ConvnetTensors copies;
    for (const ParameterGroup& group : parameters().groups()) {
      copies.parameters.emplace_back(group.name,
                                     parameters().view(parameters().flat(), group).clone());
    }
    for (const auto& [name, tensor] : buffers_) {
      copies.buffers.emplace_back(name, tensor.clone());
    }
    auto copy = std::make_unique<Convnet>(copies, plan_, sha256());
    copy->setTraining(training_);
    return copy;
  }

 private:
  at::Tensor image(const at::Tensor& inputs) const {
    const std::vector<std::int64_t> full = {plan_.channels, plan_.height, plan_.width};
    const std::vector<std::int64_t> flat = {plan_.channels * plan_.height * plan_.width};
    const std::vector<std::int64_t> plane = {plan_.height, plan_.width};
    if (inputs.dim() >= 1) {
      const at::IntArrayRef sample = inputs.sizes().slice(1);
      if (sample == full || sample == flat || (plan_.channels == 1 && sample == plane)) {
        return inputs.reshape({inputs.size(0), full[0], full[1], full[2]});
      }
    }
    std::string shape;
    for (const std::int64_t extent : inputs.sizes()) {
      shape += (shape.empty() ? "" : "x") + std::to_string(extent);
    }
    throw Error(ErrorCode::badInput,
                "The network takes images of " + std::to_string(full[0]) + "x" +
                    std::to_string(full[1]) + "x" + std::to_string(full[2]) +
                    " (channels, height, width), but the data is " + shape + ".",
                "Give the images' own size in convnet:CxHxW-…, and their layout with the data.");
  }

  at::Tensor normalize(const at::Tensor& x, std::size_t layer, const at::Tensor& weight,
                       const at::Tensor& bias) {
    constexpr double momentum = 0.1;
    constexpr double eps = 1e-5;
    const std::size_t first = 3 * layer;
    if (training_) {
      buffers_[first + 2].second.add_(1);
    }
    return at::batch_norm(x, weight, bias, buffers_[first].second, buffers_[first + 1].second,
                          training_, momentum, eps, /*cudnn_enabled=*/true);
  }

  ConvnetPlan plan_;
  std::vector<NamedTensor> buffers_;  ///< the same tensors that the base class keeps
  bool training_ = false;
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
  plan.dtype =
      takeWord(spec, "dtype", {"f32", "f64"}, convnetGrammar()) == "f64" ? at::kDouble : at::kFloat;
  expectNoOptions(spec, convnetGrammar());
  return plan;
}

ConvnetTensors startConvnet(const ConvnetPlan& plan, std::uint64_t seed) {
  std::vector<std::vector<std::int64_t>> shapes;
  std::int64_t in = plan.channels;
  for (const std::int64_t out : plan.filters) {
    shapes.push_back({out, in, 3, 3});
    in = out;
  }
  shapes.push_back({plan.outputs, in});
  expectAffordable(shapes, convnetGrammar());

  at::Generator generator = seededGenerator(seed);
  ConvnetTensors tensors;
  for (std::size_t i = 0; i + 1 < shapes.size(); ++i) {
    const std::string number = std::to_string(i + 1);
    addUniformLayer(tensors.parameters, "conv" + number, shapes[i], !plan.batchNorm, plan.dtype,
                    generator);
    if (plan.batchNorm) {
      const std::int64_t width = shapes[i][0];
      tensors.parameters.emplace_back("bn" + number + ".weight", at::ones({width}, plan.dtype));
      tensors.parameters.emplace_back("bn" + number + ".bias", at::zeros({width}, plan.dtype));
      tensors.buffers.emplace_back("bn" + number + ".running_mean", at::zeros({width}, plan.dtype));
      tensors.buffers.emplace_back("bn" + number + ".running_var", at::ones({width}, plan.dtype));
      tensors.buffers.emplace_back("bn" + number + ".num_batches_tracked",
                                   at::zeros({}, at::kLong));
    }
  }
  addUniformLayer(tensors.parameters, "head", shapes.back(), true, plan.dtype, generator);
  return tensors;
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
