#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/dataset.h"
#include "engine/data/loss.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The Hessian of the mean loss over a dataset at the model's θ, as an operator on flat vectors.
///
/// Products are exact: two backward passes (Pearlmutter, Fast exact multiplication by the Hessian,
/// 1994), in the model's own precision per batch, summed over batches in double. θ must stay where
/// it is while the operator lives: the graphs of the first backward pass are kept, within a memory
/// budget, and only the second pass is repeated.
class Hessian {
 public:
  /// keepBytes: how much memory kept graphs may take; 0 keeps none. The model must outlive this.
  Hessian(Model& model, std::vector<Batch> batches, const Loss& loss, std::uint64_t keepBytes,
          std::function<void()> pause = {});

  std::int64_t size() const { return model_.parameters().size(); }
  /// H·v. Takes and returns a flat float64 vector. Throws Error(numerical) when the product is not
  /// finite, Error(unsupported) when the model cannot be differentiated twice.
  at::Tensor product(const at::Tensor& v);
  /// Products made so far.
  std::int64_t products() const { return products_; }
  /// Batches whose graph is kept.
  std::size_t kept() const;

 private:
  using Gradients = std::vector<at::Tensor>;  ///< per leaf, with their graph

  Gradients gradients(const Batch& batch);
  std::vector<at::Tensor> secondPass(const Gradients& gradients, const at::Tensor& v, bool keep);

  Model& model_;
  std::vector<Batch> batches_;
  Loss loss_;
  std::int64_t samples_ = 0;
  std::uint64_t keepBytes_;
  std::function<void()> pause_;
  std::vector<Gradients> kept_;  ///< per batch; empty where not kept
  bool full_ = false;
  std::uint64_t memoryBefore_ = 0;
  std::int64_t products_ = 0;
};

}  // namespace tarn::engine
