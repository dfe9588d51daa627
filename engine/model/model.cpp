#include "engine/model/model.h"

#include <algorithm>

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {

Model::Model(const std::vector<NamedTensor>& parameters, std::vector<NamedTensor> buffers,
             std::string sha256)
    : parameters_(parameters), buffers_(std::move(buffers)), sha256_(std::move(sha256)) {}

void Model::choose(const std::vector<std::string>& patterns) {
  parameters_.choose(patterns);
  chosen_ = patterns;
}

void Model::moveTo(at::Device device) {
  const at::NoGradGuard noGrad;
  parameters_.moveTo(device);
  for (auto& [name, tensor] : buffers_) {
    tensor.set_data(tensor.to(device));
  }
}

at::Tensor Model::buffers() const {
  const at::NoGradGuard noGrad;
  std::vector<at::Tensor> parts{at::empty({0}, at::kDouble)};
  for (const auto& [name, tensor] : buffers_) {
    parts.push_back(tensor.detach().to(at::kCPU, at::kDouble).reshape({-1}));
  }
  return at::cat(parts);
}

void Model::setBuffers(const at::Tensor& values) {
  if (values.dim() != 1 || values.numel() != bufferCount()) {
    throw Error(ErrorCode::badInput,
                "A buffer vector of " + std::to_string(values.numel()) +
                    " numbers does not fit a model whose buffers hold " +
                    std::to_string(bufferCount()) + ".",
                "Use buffers that belong to this model.");
  }
  const at::NoGradGuard noGrad;
  std::int64_t offset = 0;
  for (auto& [name, tensor] : buffers_) {
    tensor.copy_(values.narrow(0, offset, tensor.numel()).view(tensor.sizes()));
    offset += tensor.numel();
  }
}

std::int64_t Model::bufferCount() const {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : buffers_) {
    count += tensor.numel();
  }
  return count;
}

std::int64_t Model::batchNormLayers() const {
  return std::count_if(buffers_.begin(), buffers_.end(), [](const NamedTensor& buffer) {
    return buffer.first == "running_mean" || buffer.first.ends_with(".running_mean");
  });
}

}  // namespace tarn::engine
