#include "support.h"

#include <torch/torch.h>

#include "engine/curvature/random_vector.h"
#include "engine/model/tensor_bytes.h"
#include "engine/protocol/sha256.h"
#include "support/optional_data.h"
#include "topology/base/error.h"

namespace tarn::test {

torch::jit::Module script(const std::string& source, const NamedTensors& parameters,
                          const NamedTensors& buffers) {
  torch::jit::Module module("tested");
  for (const auto& [name, tensor] : parameters) {
    module.register_parameter(name, tensor.clone(), false);
  }
  for (const auto& [name, tensor] : buffers) {
    module.register_buffer(name, tensor.clone());
  }
  module.define(source);
  return module;
}

std::unique_ptr<engine::Model> scriptModel(const std::string& source,
                                           const NamedTensors& parameters,
                                           const NamedTensors& buffers) {
  return std::make_unique<engine::TorchScriptModel>(script(source, parameters, buffers), "");
}

engine::Experiment experimentOf(std::unique_ptr<engine::Model> model, const at::Tensor& inputs,
                                const at::Tensor& targets, const engine::Loss& loss) {
  engine::Experiment experiment;
  experiment.model = std::move(model);
  experiment.data = {inputs, targets, ""};
  experiment.loss = loss;
  const at::NoGradGuard noGrad;
  experiment.outputShape = experiment.model->forward(inputs).sizes().vec();
  return experiment;
}

engine::Experiment withHessian(const at::Tensor& a) {
  auto model = scriptModel(
      "def forward(self, x):\n  return 0.5 * self.theta.dot(self.a.mv(self.theta)) * x\n",
      {{"theta", at::zeros({a.size(0)}, at::kDouble)}}, {{"a", a}});
  return experimentOf(std::move(model), at::ones({1, 1}, at::kDouble),
                      at::full({1, 1}, -0.5, at::kDouble), engine::Loss::mse);
}

engine::Hessian hessianOf(engine::Experiment& experiment, std::int64_t microBatch,
                          std::uint64_t keepBytes, std::optional<engine::ProductMethod> method) {
  engine::HessianOptions options;
  options.keepBytes = keepBytes;
  options.method = method;
  return {*experiment.model, experiment.data, {microBatch, false}, experiment.loss, options};
}

engine::Experiment deepLinear(int depth, const std::vector<double>& singularValues) {
  NamedTensors weights;
  std::string source = "def forward(self, x):\n  return x";
  auto product = at::eye(7, at::kDouble);
  for (int layer = 0; layer < depth; ++layer) {
    auto w = at::zeros({layer == depth - 1 ? 5 : 6, layer == 0 ? 7 : 6}, at::kDouble);
    for (std::size_t i = 0; i < singularValues.size(); ++i) {
      w.diagonal()[static_cast<std::int64_t>(i)] = singularValues[i];
    }
    weights.emplace_back("w" + std::to_string(layer), w);
    source += ".matmul(self.w" + std::to_string(layer) + ".t())";
    product = product.matmul(w.t());
  }
  return experimentOf(scriptModel(source + "\n", weights), at::eye(7, at::kDouble), product,
                      engine::Loss::mse);
}

at::Tensor matrixOf(const engine::SymmetricOperator& matrix) {
  const auto basis = at::eye(matrix.size, at::kDouble);
  std::vector<at::Tensor> columns;
  columns.reserve(static_cast<std::size_t>(matrix.size));
  for (std::int64_t i = 0; i < matrix.size; ++i) {
    columns.push_back(matrix.apply(basis[i]));
  }
  return at::stack(columns, 1);
}

at::Tensor rotated(const at::Tensor& eigenvalues, std::uint64_t seed) {
  const auto n = eigenvalues.numel();
  const auto q = std::get<0>(at::linalg_qr(engine::gaussianVector(n * n, seed).view({n, n})));
  return q.matmul(at::diag(eigenvalues)).matmul(q.t());
}

engine::SymmetricOperator denseOperator(const at::Tensor& matrix) {
  return {matrix.size(0), [matrix](const at::Tensor& v) { return matrix.mv(v); }};
}

engine::SymmetricOperator diagonalOperator(const at::Tensor& entries) {
  return {entries.numel(), [entries](const at::Tensor& v) { return entries * v; }};
}

nlohmann::json residualNetwork(std::uint64_t count, int threads) {
  const auto model = optionalData("data/resnet20.pt");
  const auto data = optionalData("data/cifar10-test-1000.npz");
  if (!model || !data) {
    return nullptr;
  }
  return {{"model", {{"spec", model->string()}, {"sha256", sha256OfFile(*model)}}},
          {"data",
           {{"path", data->string()},
            {"subset", {{"count", count}, {"seed", nullptr}}},
            {"transform",
             {{"layout", "nhwc"},
              {"scale", 1.0 / 255},
              {"mean", {.485, .456, .406}},
              {"std", {.229, .224, .225}}}}}},
          {"loss", "cross-entropy"},
          {"batchnorm", "frozen"},
          {"device", "cpu"},
          {"threads", threads},
          {"seed", 0}};
}

std::string complaint(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return std::string(toString(error.code())) + ": " + error.what() + " | " + error.remedy();
  }
  return "";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

void RecordedJob::checkpoint() const {
  if (stop_.stop_requested()) {
    throw Error(ErrorCode::cancelled, "The test asked to stop.");
  }
}

void RecordedJob::progress(std::uint64_t, std::uint64_t, const std::string&, const std::string&) {
  checkpoint();
}

void RecordedJob::send(nlohmann::json event) {
  if (!finishes_) {
    checkpoint();
  }
  const std::lock_guard lock(mutex_);
  if (onEvent) {
    onEvent(event);
  }
  events_.push_back(std::move(event));
}

void RecordedJob::sendArray(const std::string& name, const std::string& dtype,
                            std::span<const std::int64_t> shape, std::span<const std::byte> bytes) {
  if (!finishes_) {
    checkpoint();
  }
  const std::lock_guard lock(mutex_);
  arrays_[name] = {dtype, {shape.begin(), shape.end()}, {bytes.begin(), bytes.end()}};
}

std::shared_ptr<const ArrayBytes> RecordedJob::storedArray(const std::string& hash) const {
  const auto found = stored_.find(hash);
  if (found == stored_.end()) {
    throw Error(ErrorCode::notFound, "There is no array " + hash + ".");
  }
  return found->second;
}

std::string RecordedJob::put(ArrayBytes array) {
  auto hash = sha256(array.bytes);
  stored_[hash] = std::make_shared<const ArrayBytes>(std::move(array));
  return hash;
}

std::vector<nlohmann::json> RecordedJob::events(const std::string& type) const {
  std::vector<nlohmann::json> result;
  for (const auto& event : events_) {
    if (event.at("type") == type) {
      result.push_back(event);
    }
  }
  return result;
}

nlohmann::json handled(nlohmann::json (*handle)(engine::JobContext&, engine::OpenedExperiments&),
                       RecordedJob& job) {
  engine::OpenedExperiments experiments;
  return handle(job, experiments);
}

}  // namespace tarn::test
