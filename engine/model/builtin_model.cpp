#include "engine/model/builtin_model.h"

#include <torch/csrc/jit/frontend/tracer.h>
#include <torch/csrc/jit/passes/constant_propagation.h>
#include <torch/torch.h>

#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

std::vector<NamedTensor> copiesOf(const std::vector<NamedTensor>& tensors) {
  std::vector<NamedTensor> copies;
  for (const auto& [name, tensor] : tensors) {
    copies.emplace_back(name, tensor.detach().clone());
  }
  return copies;
}

}  // namespace

BuiltinModel::BuiltinModel(Weights weights, const std::string& sha256)
    : Model(weights.parameters, weights.buffers, sha256), weights_(std::move(weights)) {}

std::unique_ptr<Model> BuiltinModel::clone() const {
  auto copy = madeOf({copiesOf(weights_.parameters), copiesOf(weights_.buffers)});
  copy->setTraining(training());
  if (!chosen().empty()) {
    copy->choose(chosen());
  }
  return copy;
}

std::optional<ForwardGraph> BuiltinModel::forwardGraph(const Inputs& example) {
  namespace tracer = torch::jit::tracer;
  const at::NoGradGuard noGrad;
  torch::jit::Stack given(example.begin(), example.end());
  ForwardGraph result;
  for (const auto* tensors : {&weights_.parameters, &weights_.buffers}) {
    for (const auto& [name, tensor] : *tensors) {
      given.emplace_back(tensor);
      result.tensors.push_back(tensor);
    }
  }
  const auto pass = [&](const torch::jit::Stack& traced) -> torch::jit::Stack {
    std::vector<at::Tensor> data;
    for (std::size_t i = 0; i < example.size(); ++i) {
      data.push_back(traced[i].toTensor());
    }
    return {forward(data)};
  };
  const auto unnamed = [](const at::Tensor&) { return std::string(); };
  try {
    result.graph = tracer::trace(std::move(given), pass, unnamed, /*strict=*/false).first->graph;
    torch::jit::ConstantPropagation(result.graph);
  } catch (const std::exception&) {
    tracer::abandon();
    return std::nullopt;
  }
  return result;
}

at::Tensor BuiltinModel::batchNorm(const at::Tensor& x, std::size_t place,
                                   std::size_t firstBuffer) const {
  constexpr double momentum = 0.1;
  constexpr double eps = 1e-5;
  if (training()) {
    buffer(firstBuffer + 2).add_(1);
  }
  return at::batch_norm(x, weight(place), weight(place + 1), buffer(firstBuffer),
                        buffer(firstBuffer + 1), training(), momentum, eps,
                        /*cudnn_enabled=*/true);
}

const at::Tensor& BuiltinModel::onlyInput(const Inputs& inputs) {
  if (inputs.size() != 1 || !inputs[0].is_floating_point()) {
    throw Error(ErrorCode::badInput,
                "The network takes one input of floating-point numbers, but the data has " +
                    std::to_string(inputs.size()) + ", the first one of type " +
                    at::toString(inputs[0].scalar_type()) + " and shape " +
                    shapeText(inputs[0].sizes()) + ".",
                "Save one array `inputs` of uint8, float32 or float64.");
  }
  return inputs[0];
}

void addBatchNorm(Weights& weights, const std::string& name, std::int64_t channels,
                  at::ScalarType dtype) {
  weights.parameters.emplace_back(name + ".weight", at::ones({channels}, dtype));
  weights.parameters.emplace_back(name + ".bias", at::zeros({channels}, dtype));
  weights.buffers.emplace_back(name + ".running_mean", at::zeros({channels}, dtype));
  weights.buffers.emplace_back(name + ".running_var", at::ones({channels}, dtype));
  weights.buffers.emplace_back(name + ".num_batches_tracked", at::zeros({}, at::kLong));
}

}  // namespace tarn::engine
