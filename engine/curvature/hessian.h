#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/curvature/batch_product.h"
#include "engine/curvature/batch_workers.h"
#include "engine/curvature/lanczos.h"

namespace tarn::engine {

struct HessianOptions {
  CurvatureMatrix matrix = CurvatureMatrix::hessian;
  /// The only way to make products; none: the first one in the order of ProductMethod that the
  /// model allows.
  std::optional<ProductMethod> method;
  /// How much memory the kept graphs of all batches may take; 0 keeps none.
  std::uint64_t keepBytes = 0;
  /// Whether batches may be halved when memory runs out: not when the loss depends on them.
  bool smallerBatches = true;
  /// Threads that take batches at the same time, where products are made by double backward and
  /// there are batches for more than half of them: else every batch has all threads of the kernels.
  int workers = 1;
  /// Whether the kernels of a single worker have one thread, too: where batches are small, threads
  /// wait for one another longer than they compute, on a busy machine twenty times as long.
  bool singleKernelThread = false;
  /// Called before every batch, by every worker; may throw to stop.
  std::function<void()> pause;
};

/// Consecutive parameters: a layer.
struct ParameterRange {
  std::int64_t offset = 0;
  std::int64_t size = 0;
};

/// The Hessian of the mean loss over a dataset at the model's θ, or its Gauss–Newton part, as an
/// operator on flat vectors.
///
/// Products are made in the model's own precision per batch and summed over batches in double. θ
/// must stay where it is while the operator lives: what does not depend on the vector (the graph of
/// the first backward pass) is kept, within a memory budget, and only the rest is repeated.
///
/// Batches are shared among workers, which changes no bit of a product.
///
/// A model without second derivatives gets the next method; when memory runs out, kept graphs and
/// workers go first and then the batches are halved. method(), remark() and batches() say what came
/// of it.
class Hessian {
 public:
  /// The model must outlive this.
  Hessian(Model& model, Dataset data, const BatchPlan& batches, const Loss& loss,
          HessianOptions options);

  std::int64_t size() const { return model_.parameters().size(); }
  /// H·v. Takes a flat float64 vector and returns one on the model's device. Throws
  /// Error(numerical) when the product is not finite, Error(unsupported) when the model cannot be
  /// differentiated, Error(memory) when memory does not suffice for one sample.
  at::Tensor product(const at::Tensor& v) { return multiply(v, {0, size()}); }
  /// The same with a diagonal block of it: takes and returns vectors of the range's size. A range
  /// begins and ends where tensors do.
  at::Tensor blockProduct(const at::Tensor& v, const ParameterRange& block) {
    return multiply(v, block);
  }
  /// ∂L/∂θ: a flat float64 vector. Throws as product().
  at::Tensor gradient();
  /// Both products as operators that refer to this one. The method is settled by then.
  SymmetricOperator matrix();
  SymmetricOperator block(const ParameterRange& range);

  /// Products made so far.
  std::int64_t products() const { return products_; }
  /// Batches whose graph is kept, or was at some time.
  std::size_t kept() const { return mostKept_; }
  /// Lets go of the kept graphs: the next product makes them again.
  void forget();
  /// Threads that take batches at the same time.
  std::size_t workers() const { return workers_ ? workers_->count() : 1; }
  const BatchPlan& batches() const { return plan_; }
  CurvatureMatrix kind() const { return options_.matrix; }
  ProductMethod method() const { return method_; }
  /// What a user should know of how products are made; empty as long as all is as it should be.
  const std::string& remark() const { return remark_; }

 private:
  void cut();
  void settle();
  at::Tensor multiply(const at::Tensor& v, const ParameterRange& block);
  LeafDirection direction(const at::Tensor& v, const ParameterRange& block) const;
  BatchWorkers& workersForBatches();
  at::Tensor share(Model& model, std::size_t batch, const LeafDirection& direction);
  void countKept();
  void mend(const std::exception& failure);
  void savingMemory();
  double precision() const;

  Model& model_;
  Dataset data_;
  BatchPlan plan_;
  Loss loss_;
  HessianOptions options_;
  ProductMethod method_ = ProductMethod::doubleBackward;
  std::string remark_;
  std::vector<Batch> batches_;
  std::vector<BatchProduct> kept_;         ///< per batch; empty where not kept
  std::unique_ptr<BatchWorkers> workers_;  ///< whose replicas the kept graphs belong to
  bool settled_ = false;                   ///< the method is known to work
  std::mutex counting_;
  std::uint64_t memoryBefore_ = 0;
  std::size_t keptCount_ = 0;
  std::size_t mostKept_ = 0;
  std::atomic<bool> full_ = false;
  std::int64_t products_ = 0;
};

/// "hessian" or "gauss-newton"; the latter throws Error(usage) for another word.
std::string toString(CurvatureMatrix matrix);
CurvatureMatrix curvatureMatrixFromWord(const std::string& word);
/// "double-backward", "forward-over-reverse" or "finite-differences".
std::string toString(ProductMethod method);

}  // namespace tarn::engine
