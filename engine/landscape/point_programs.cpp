#include "engine/landscape/point_programs.h"

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {

PointPrograms::PointPrograms(std::unique_ptr<Model> model, const std::vector<Batch>& batches,
                             const ExecutionPlan& plan)
    : model_(std::move(model)), full_(batches.front().size()) {
  const ProgramWays ways{plan.firstLayers, plan.winograd};
  programs_.push_back(PointProgram::make(*model_, batches.front().inputs, ways));
  if (batches.back().size() != full_) {
    programs_.push_back(PointProgram::make(*model_, batches.back().inputs, ways));
  }
  for (const auto& program : programs_) {
    if (!program || (ways.firstLayers && program->firstLayers().empty()) ||
        (ways.winograd && program->winograds() == 0)) {
      throw Error(ErrorCode::usage, "The execution plan does not fit this model.",
                  "Leave the plan out, and a new one is measured.");
    }
  }
}

std::vector<at::Tensor> PointPrograms::tensorsOf(const Model& replica) const {
  const at::NoGradGuard noGrad;
  const auto& leaves = model_->parameters().leaves();
  const auto& buffers = model_->namedBuffers();
  const auto theirs = [&](const at::Tensor& tensor) {
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (leaves[i].is_same(tensor)) {
        return replica.parameters().leaves()[i];
      }
    }
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      if (buffers[i].second.is_same(tensor)) {
        return replica.namedBuffers()[i].second;
      }
    }
    return tensor.clone();
  };
  std::vector<at::Tensor> result;
  result.reserve(tensors().size());
  for (const auto& tensor : tensors()) {
    result.push_back(theirs(tensor));
  }
  return result;
}

}  // namespace tarn::engine
