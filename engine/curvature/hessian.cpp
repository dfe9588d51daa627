#include "engine/curvature/hessian.h"

#include <algorithm>
#include <fstream>

#include <torch/torch.h>
#include <unistd.h>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "engine/curvature/random_vector.h"
#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// Memory this process has allocated, as the allocator says; where that says nothing, what it holds
/// as the kernel says, which does not see what is used again.
std::uint64_t allocatedBytes() {
#if defined(__GLIBC__)
  const auto heap = mallinfo2();
  if (heap.uordblks + heap.hblkhd > 0) {
    return heap.uordblks + heap.hblkhd;
  }
#endif
  std::ifstream file("/proc/self/statm");
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  file >> total >> resident;
  return resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

bool outOfMemory(const std::exception& failure) {
  if (const auto* error = dynamic_cast<const Error*>(&failure)) {
    return error->code() == ErrorCode::memory;
  }
  const std::string text = failure.what();
  return dynamic_cast<const std::bad_alloc*>(&failure) != nullptr ||
         text.find("not enough memory") != std::string::npos ||
         text.find("out of memory") != std::string::npos ||
         text.find("can't allocate memory") != std::string::npos;
}

}  // namespace

Hessian::Hessian(Model& model, Dataset data, const BatchPlan& batches, const Loss& loss,
                 HessianOptions options)
    : model_(model),
      data_(std::move(data)),
      plan_(batches),
      loss_(loss),
      options_(std::move(options)),
      method_(options_.method.value_or(ProductMethod::doubleBackward)) {
  if (plan_.microBatch == 0) {
    plan_.microBatch = data_.samples();
  }
  cut();
}

void Hessian::cut() {
  batches_ = makeBatches(data_, plan_);
  workers_.reset();
  mostKept_ = 0;
  forget();
}

void Hessian::forget() {
  kept_.assign(batches_.size(), {});
  keptCount_ = 0;
  memoryBefore_ = allocatedBytes();
  full_ = options_.keepBytes == 0 || method_ != ProductMethod::doubleBackward;
}

/// Forward derivatives and displaced parameters are of the whole process or model: one thread.
BatchWorkers& Hessian::workersForBatches() {
  if (!workers_) {
    const bool several = method_ == ProductMethod::doubleBackward && model_.device().is_cpu();
    const auto most = several ? static_cast<std::size_t>(std::max(options_.workers, 1)) : 1;
    const bool enough = 2 * batches_.size() > most;
    workers_ = std::make_unique<BatchWorkers>(model_, enough ? std::min(most, batches_.size()) : 1,
                                              options_.singleKernelThread);
    memoryBefore_ = allocatedBytes();
  }
  return *workers_;
}

LeafDirection Hessian::direction(const at::Tensor& v, const ParameterRange& block) const {
  LeafDirection result;
  if (block.size == size()) {
    result.flat = v.to(model_.device(), model_.dtype());
  } else {
    result.flat = at::zeros_like(model_.parameters().flat());
    result.flat.narrow(0, block.offset, block.size).copy_(v);
  }
  result.perLeaf = model_.parameters().unflatten(result.flat);
  for (auto& leaf : result.perLeaf) {
    // The leaves' views say where in θ they lie.
    const auto place = leaf.storage_offset() - result.flat.storage_offset();
    if (place < block.offset || place >= block.offset + block.size) {
      leaf.reset();
    }
  }
  return result;
}

/// Finds the method on two samples.
void Hessian::settle() {
  if (settled_) {
    return;
  }
  const at::AutoGradMode gradientsOn(true);
  const auto along = direction(gaussianVector(size(), 0, model_.device()), {0, size()});
  const auto count = std::min<std::int64_t>(2, data_.samples());
  const Dataset start = data_.first(count);
  const Batch few{start.inputs, start.targets};
  while (!settled_) {
    try {
      batchProduct(model_, few, loss_, count, options_.matrix, method_)(along, false);
      settled_ = true;
    } catch (const std::exception& failure) {
      mend(failure);
    }
  }
}

at::Tensor Hessian::share(Model& model, std::size_t batch, const LeafDirection& direction) {
  if (options_.pause) {
    options_.pause();
  }
  auto& kept = kept_[batch];
  const bool keep = kept != nullptr || !full_;
  auto one = kept != nullptr ? kept
                             : batchProduct(model, batches_[batch], loss_, data_.samples(),
                                            options_.matrix, method_);
  auto result = model.parameters().flatten(one(direction, keep));
  if (kept == nullptr && keep) {
    kept = std::move(one);
    countKept();
  }
  return result;
}

/// Whether there is room for the graphs of another batch on each worker, of the size that those
/// before have had.
void Hessian::countKept() {
  const std::lock_guard lock(counting_);
  mostKept_ = std::max(mostKept_, ++keptCount_);
  const auto now = allocatedBytes();
  const auto each = (now - std::min(now, memoryBefore_)) / keptCount_;
  full_ = now + each * workers() > memoryBefore_ + options_.keepBytes;
}

at::Tensor Hessian::multiply(const at::Tensor& v, const ParameterRange& block) {
  settle();
  const at::AutoGradMode gradientsOn(true);
  const auto along = direction(v, block);
  at::Tensor sum;
  while (!sum.defined()) {
    try {
      sum = workersForBatches().sum(batches_.size(), [&](Model& model, std::size_t batch) {
        return share(model, batch, along);
      });
    } catch (const std::exception& failure) {
      mend(failure);
    }
  }
  if (options_.matrix == CurvatureMatrix::gaussNewton && loss_.decay > 0) {
    sum.add_(along.flat.to(at::kDouble), loss_.decay);
  }
  ++products_;
  if (!sum.isfinite().all().item<bool>()) {
    throw Error(ErrorCode::numerical, "A Hessian-vector product is not finite.",
                "Check the model's weights; very large activations overflow in float32.");
  }
  return block.size == size() ? sum : sum.narrow(0, block.offset, block.size).clone();
}

at::Tensor Hessian::gradient() {
  settle();
  const at::AutoGradMode gradientsOn(true);
  return workersForBatches().sum(batches_.size(), [&](Model& model, std::size_t batch) {
    if (options_.pause) {
      options_.pause();
    }
    return model.parameters().flatten(
        batchGradient(model, batches_[batch], loss_, data_.samples(), false));
  });
}

/// Changes what may help against a failure, or throws it again. Called where it was caught.
void Hessian::mend(const std::exception& failure) {
  if (outOfMemory(failure)) {
    savingMemory();
    return;
  }
  const auto* error = dynamic_cast<const Error*>(&failure);
  // A TorchScript model wraps what an operator says that has no forward derivative.
  const bool ofTangents = error != nullptr && error->code() == ErrorCode::badInput &&
                          method_ == ProductMethod::forwardOverReverse;
  if (error != nullptr && !ofTangents) {
    throw;
  }
  const bool last = method_ == ProductMethod::gradientDifferences;
  if (options_.method || settled_ || last) {
    throw Error(ErrorCode::unsupported,
                std::string("The model cannot be differentiated ") + (last ? "" : "twice ") +
                    "by its parameters: " + summary(failure),
                "Replace the operation it names, or sample along random directions, which need no "
                "Hessian.");
  }
  if (method_ == ProductMethod::doubleBackward) {
    method_ = ProductMethod::forwardOverReverse;
    remark_ = "The model cannot be differentiated twice by backward passes (" + summary(failure) +
              ") Forward derivatives of the backward pass take their place, which are as exact.";
  } else {
    method_ = ProductMethod::gradientDifferences;
    remark_ = "The model has no second derivatives (" + summary(failure) +
              ") Central differences of gradients take their place: about " +
              (model_.dtype() == at::kFloat ? "3" : "9") + " digits of a product are right.";
  }
  cut();
}

void Hessian::savingMemory() {
  const bool wasted = keptCount_ > 0 || workers() > 1;
  if (!wasted && (plan_.microBatch <= 1 || !options_.smallerBatches)) {
    throw Error(ErrorCode::memory,
                "Memory does not suffice for the second derivatives of the loss on " +
                    (plan_.microBatch <= 1 ? std::string("a single sample")
                                           : std::to_string(plan_.microBatch) + " samples") +
                    ".",
                "Allow more memory, or use a smaller model.");
  }
  options_.keepBytes = 0;
  options_.workers = 1;
  if (!wasted) {
    plan_.microBatch = (plan_.microBatch + 1) / 2;
  }
  cut();
  remark_ = "Memory ran out: no graphs are kept, and products are made with " +
            std::to_string(plan_.microBatch) + " samples at a time.";
}

double Hessian::precision() const {
  const bool isFloat = model_.dtype() == at::kFloat;
  if (method_ == ProductMethod::gradientDifferences) {
    return isFloat ? 1e-4 : 1e-9;
  }
  return isFloat ? 1e-7 : 1e-15;
}

SymmetricOperator Hessian::matrix() {
  return block({0, size()});
}

SymmetricOperator Hessian::block(const ParameterRange& range) {
  settle();
  return {range.size, [this, range](const at::Tensor& v) { return multiply(v, range); },
          precision(), model_.device()};
}

std::string toString(CurvatureMatrix matrix) {
  return matrix == CurvatureMatrix::hessian ? "hessian" : "gauss-newton";
}

CurvatureMatrix curvatureMatrixFromWord(const std::string& word) {
  if (word != "hessian" && word != "gauss-newton") {
    throw Error(ErrorCode::usage, "There is no matrix of second order '" + word + "'.",
                "Choose hessian or gauss-newton.");
  }
  return word == "hessian" ? CurvatureMatrix::hessian : CurvatureMatrix::gaussNewton;
}

std::string toString(ProductMethod method) {
  switch (method) {
    case ProductMethod::doubleBackward:
      return "double-backward";
    case ProductMethod::forwardOverReverse:
      return "forward-over-reverse";
    default:
      return "finite-differences";
  }
}

}  // namespace tarn::engine
