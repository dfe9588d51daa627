#include <torch/torch.h>

#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/model/model.h"
#include "engine/model/tensor_bytes.h"
#include "engine/protocol/fields.h"

namespace tarn::engine {
namespace {

/// What the pipe has no element type for becomes the next one that holds its values.
at::Tensor sendable(const at::Tensor& tensor) {
  const auto type = tensor.scalar_type();
  if (type == at::kFloat || type == at::kDouble || type == at::kLong || type == at::kByte) {
    return tensor;
  }
  if (type == at::kBool) {
    return tensor.to(at::kByte);
  }
  return tensor.to(tensor.is_floating_point() ? at::kFloat : at::kLong);
}

}  // namespace

nlohmann::json handleWeights(JobContext& job) {
  const auto model = openModel(field(job.request(), "model"), arraysOf(job));
  const auto& space = model->parameters();
  job.send({{"type", "weights"},
            {"parameters", space.size()},
            {"tensors", space.groups().size() + model->namedBuffers().size()}});
  for (const auto& group : space.groups()) {
    sendTensor(job, "tensor/" + group.name, space.view(space.flat(), group));
  }
  for (const auto& [name, buffer] : model->namedBuffers()) {
    sendTensor(job, "tensor/" + name, sendable(buffer));
  }
  return nlohmann::json::object();
}

}  // namespace tarn::engine
