#include "engine/curvature/batch_workers.h"

#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include <torch/torch.h>

namespace tarn::engine {
namespace {

/// A sum whose terms come from several threads and are added in their order.
class OrderedSum {
 public:
  explicit OrderedSum(const at::Tensor& like)
      : sum_(at::zeros(like.sizes(), like.options().dtype(at::kDouble))) {}

  /// Waits for its turn. False when another thread has failed.
  bool add(std::size_t place, const at::Tensor& term) {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return next_ == place || failure_; });
    if (failure_) {
      return false;
    }
    sum_.add_(term);
    ++next_;
    turn_.notify_all();
    return true;
  }

  void fail(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) {
      failure_ = std::move(failure);
    }
    turn_.notify_all();
  }

  at::Tensor result() const {
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    return sum_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  at::Tensor sum_;
  std::size_t next_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

BatchWorkers::BatchWorkers(Model& model, std::size_t count, bool singleKernelThread)
    : model_(model), kernelThreads_(at::get_num_threads()) {
  while (replicas_.size() + 1 < count) {
    replicas_.push_back(model_.clone());
  }
  if (singleKernelThread || !replicas_.empty()) {
    at::set_num_threads(1);
  }
}

BatchWorkers::~BatchWorkers() {
  at::set_num_threads(kernelThreads_);
}

at::Tensor BatchWorkers::sum(std::size_t batches, const Share& share) {
  OrderedSum sum(model_.parameters().flat());
  const auto work = [&](Model& model, std::size_t first, bool gradients) {
    const at::AutoGradMode mode(gradients);
    try {
      for (std::size_t batch = first; batch < batches; batch += count()) {
        if (!sum.add(batch, share(model, batch))) {
          return;
        }
      }
    } catch (...) {
      sum.fail(std::current_exception());
    }
  };
  const bool gradients = at::GradMode::is_enabled();
  if (replicas_.empty()) {
    work(model_, 0, gradients);
    return sum.result();
  }
  {
    std::vector<std::jthread> threads;
    try {
      for (std::size_t i = 0; i < replicas_.size(); ++i) {
        Model& replica = *replicas_[i];
        replica.parameters().set(model_.parameters().flat());
        threads.emplace_back([&work, &replica, i, gradients] {
          at::set_num_threads(1);
          work(replica, i + 1, gradients);
        });
      }
    } catch (...) {  // no thread to be had: nobody waits for its batches
      sum.fail(std::current_exception());
    }
    work(model_, 0, gradients);
  }
  return sum.result();
}

}  // namespace tarn::engine
