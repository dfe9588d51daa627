#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

#include "engine/model/model.h"

namespace tarn::engine {

/// Threads that share the batches of a pass over the data: each has a replica of the model and
/// every count-th batch. Kernels with a thread each wait for one another at every operation;
/// batches only at their end. Starting the threads takes about a millisecond of each pass.
class BatchWorkers {
 public:
  /// What a batch adds, as a flat vector of θ's length and type. Called with the replica that the
  /// batch always belongs to.
  using Share = std::function<at::Tensor(Model& replica, std::size_t batch)>;

  /// The first worker is the calling thread with the model itself, which must outlive this. With
  /// several workers, or where it is asked for, kernels on the calling thread have one thread while
  /// this lives, and not only in sum().
  BatchWorkers(Model& model, std::size_t count, bool singleKernelThread);
  ~BatchWorkers();
  BatchWorkers(const BatchWorkers&) = delete;
  BatchWorkers& operator=(const BatchWorkers&) = delete;

  std::size_t count() const { return 1 + replicas_.size(); }
  /// Σ share over the batches, added in their order in float64: the same bits for every count.
  /// Replicas are brought to the model's θ before. Throws the first failure, when all have stopped.
  at::Tensor sum(std::size_t batches, const Share& share);

 private:
  Model& model_;
  int kernelThreads_;
  std::vector<std::unique_ptr<Model>> replicas_;
};

}  // namespace tarn::engine
