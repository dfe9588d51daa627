#pragma once

#include <memory>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/landscape/execution_plan.h"
#include "engine/landscape/point_program.h"

namespace tarn::engine {

/// The programs of a network by a plan, for all workers: one for full batches, one for the last
/// batch when it is smaller. They are made and checked once; each worker runs them with the tensors
/// of its own replica.
class PointPrograms {
 public:
  /// Throws Error(usage) when the model cannot follow the plan.
  PointPrograms(std::unique_ptr<Model> model, const std::vector<Batch>& batches,
                const ExecutionPlan& plan);

  /// The network they were made of.
  const Model& model() const { return *model_; }
  const PointProgram& of(const Batch& batch) const {
    return batch.size() == full_ ? *programs_.front() : *programs_.back();
  }
  /// What stands in a replica for tensors(): its parameters and buffers, and copies of the rest.
  std::vector<at::Tensor> tensorsOf(const Model& replica) const;
  /// The tensors of model() that the programs read.
  const std::vector<at::Tensor>& tensors() const { return programs_.front()->tensors(); }
  /// What a program takes after the data, made of these tensors (PointProgram::arguments).
  std::vector<at::Tensor> arguments(const std::vector<at::Tensor>& tensors,
                                    bool channelsLast) const {
    return programs_.front()->arguments(tensors, channelsLast);
  }

 private:
  std::unique_ptr<Model> model_;
  std::int64_t full_ = 0;
  std::vector<std::unique_ptr<PointProgram>> programs_;
};

}  // namespace tarn::engine
