#include "engine/curvature/hessian.h"

#include <algorithm>
#include <fstream>

#include <torch/torch.h>
#include <unistd.h>

#include "engine/data/batch_loss.h"
#include "engine/data/model_check.h"
#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// Memory this process holds, from the kernel; 0 where it does not say.
std::uint64_t residentBytes() {
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

Error notTwice(const std::exception& failure) {
  return {ErrorCode::unsupported, "The model cannot be differentiated twice: " + summary(failure),
          "Replace the operation it names, or sample along random directions, which need no "
          "Hessian."};
}

}  // namespace

Hessian::Hessian(Model& model, std::vector<Batch> batches, const Loss& loss,
                 std::uint64_t keepBytes, std::function<void()> pause)
    : model_(model),
      batches_(std::move(batches)),
      loss_(loss),
      keepBytes_(keepBytes),
      pause_(std::move(pause)),
      kept_(batches_.size()),
      full_(keepBytes == 0),
      memoryBefore_(residentBytes()) {
  for (const auto& batch : batches_) {
    samples_ += batch.size();
  }
}

std::size_t Hessian::kept() const {
  return static_cast<std::size_t>(
      std::count_if(kept_.begin(), kept_.end(), [](const auto& g) { return !g.empty(); }));
}

Hessian::Gradients Hessian::gradients(const Batch& batch) {
  const auto loss = batchLoss(model_, batch, loss_) / static_cast<double>(samples_);
  if (!loss.requires_grad()) {
    throw notDifferentiable(model_, batch, loss_);
  }
  return torch::autograd::grad({loss}, model_.parameters().leaves(), {}, true, true, true);
}

std::vector<at::Tensor> Hessian::secondPass(const Gradients& gradients, const at::Tensor& v,
                                            bool keep) {
  const auto& space = model_.parameters();
  const auto directions = space.unflatten(v);
  std::vector<at::Tensor> outputs;
  std::vector<at::Tensor> weights;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (gradients[i].defined() && gradients[i].requires_grad()) {
      outputs.push_back(gradients[i]);
      weights.push_back(directions[i]);
    }
  }
  if (outputs.empty()) {
    return {};
  }
  return torch::autograd::grad(outputs, space.leaves(), weights, keep, false, true);
}

at::Tensor Hessian::product(const at::Tensor& v) {
  const at::AutoGradMode gradients_on(true);
  const auto direction = v.to(model_.dtype());
  auto sum = at::zeros({size()}, at::kDouble);
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < batches_.size(); ++i) {
    if (pause_) {
      pause_();
    }
    try {
      const bool wasKept = !kept_[i].empty();
      const auto before = residentBytes();
      auto first = wasKept ? kept_[i] : gradients(batches_[i]);
      const bool keep = wasKept || !full_;
      const auto second = secondPass(first, direction, keep);
      sum.add_(model_.parameters().flatten(second));
      if (!wasKept && keep) {
        kept_[i] = std::move(first);
        const auto now = residentBytes();
        largest = std::max(largest, now > before ? now - before : 0);
        full_ = now + largest > memoryBefore_ + keepBytes_;
      }
    } catch (const Error&) {
      throw;
    } catch (const std::exception& failure) {
      throw notTwice(failure);
    }
  }
  ++products_;
  if (!sum.isfinite().all().item<bool>()) {
    throw Error(ErrorCode::numerical, "A Hessian-vector product is not finite.",
                "Check the model's weights; very large activations overflow in float32.");
  }
  return sum;
}

}  // namespace tarn::engine
