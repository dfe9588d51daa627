#include "engine/landscape/statistics.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

enum class Kind { mean, variance, other };

Kind kindOf(const std::string& name) {
  const auto last = name.substr(name.rfind('.') + 1);
  return last == "running_mean" ? Kind::mean : last == "running_var" ? Kind::variance : Kind::other;
}

/// The buffers that are statistics, each mean before its variance.
std::vector<at::Tensor> statisticsIn(const Model& model) {
  std::vector<at::Tensor> result;
  for (const auto& [name, tensor] : model.namedBuffers()) {
    if (kindOf(name) != Kind::other) {
      result.push_back(tensor);
    }
  }
  return result;
}

void fillAll(const std::vector<at::Tensor>& tensors, double value) {
  for (auto tensor : tensors) {
    tensor.fill_(value);
  }
}

/// One pass in training mode of BatchNorm from statistics that are all `value`; the counters of
/// batches begin anew, so that layers which average over all batches take this one alone.
void passFrom(Model& model, const Batch& batch, double value) {
  for (const auto& [name, tensor] : model.namedBuffers()) {
    if (name.ends_with("num_batches_tracked")) {
      at::Tensor(tensor).zero_();
    }
  }
  fillAll(statisticsIn(model), value);
  model.setBatchNormTraining(true);
  try {
    model.forward(batch.inputs);
  } catch (...) {
    model.setBatchNormTraining(false);
    throw;
  }
  model.setBatchNormTraining(false);
}

std::vector<at::Tensor> copies(const std::vector<at::Tensor>& tensors) {
  std::vector<at::Tensor> result;
  for (const auto& tensor : tensors) {
    result.push_back(tensor.to(at::kDouble, /*non_blocking=*/false, /*copy=*/true));
  }
  return result;
}

/// How much of a batch's statistics goes into the running ones: a pass that starts from 1 ends
/// 1 − momentum above one that starts from 0.
std::vector<double> measuredMomenta(Model& model, const Batch& batch) {
  const auto tensors = statisticsIn(model);
  passFrom(model, batch, 0);
  const auto fromZero = copies(tensors);
  passFrom(model, batch, 1);
  const auto fromOne = copies(tensors);
  std::vector<double> momenta;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const auto momentum = 1 - (fromOne[i] - fromZero[i]).mean().item<double>();
    if (!(momentum > 1e-6)) {
      throw Error(ErrorCode::unsupported,
                  "A BatchNorm layer of the model does not update its statistics in training "
                  "mode, so they can't be recalibrated.",
                  "Use --bn frozen.");
    }
    // A momentum is a short decimal; the rounding of float32 is not part of it.
    momenta.push_back(std::round(momentum * 1e5) / 1e5);
  }
  return momenta;
}

}  // namespace

BatchNormPolicy batchNormPolicyFromWord(const std::string& word) {
  if (word == "frozen") {
    return BatchNormPolicy::frozen;
  }
  if (word == "recalibrate") {
    return BatchNormPolicy::recalibrate;
  }
  if (word == "interpolate") {
    return BatchNormPolicy::interpolate;
  }
  throw Error(ErrorCode::usage, "There is no BatchNorm policy '" + word + "'.",
              "Choose frozen, recalibrate or interpolate.");
}

Statistics::Statistics(BatchNormPolicy policy, Model& model, std::vector<Batch> batches,
                       std::vector<at::Tensor> ends)
    : policy_(policy), batches_(std::move(batches)), start_(model.buffers()) {
  const at::NoGradGuard noGrad;
  if (policy == BatchNormPolicy::recalibrate) {
    momenta_ = measuredMomenta(model, batches_.front());
    model.setBuffers(start_);
    return;
  }
  const auto known = [](const at::Tensor& end) { return end.defined(); };
  if (std::none_of(ends.begin(), ends.end(), known)) {
    throw Error(ErrorCode::usage,
                "There are no statistics to interpolate: no direction leads to a checkpoint.",
                "Use --bn interpolate with --directions between:…, or --bn frozen.");
  }
  for (const auto& end : ends) {
    if (end.defined() && end.numel() != start_.numel()) {
      throw Error(ErrorCode::badInput,
                  "A checkpoint has " + std::to_string(end.numel()) +
                      " numbers in its buffers, the model " + std::to_string(start_.numel()) + ".",
                  "Use checkpoints of one network.");
    }
    steps_.push_back(end.defined() ? end.to(at::kDouble) - start_ : at::Tensor());
  }
}

void Statistics::place(Model& model, std::span<const double> coefficients,
                       const std::function<void()>& pause) const {
  const at::NoGradGuard noGrad;
  if (policy_ == BatchNormPolicy::recalibrate) {
    recalibrate(model, pause);
  } else {
    interpolate(model, coefficients);
  }
}

void Statistics::recalibrate(Model& model, const std::function<void()>& pause) const {
  const auto tensors = statisticsIn(model);
  std::vector<at::Tensor> mean;    // of the batches' values
  std::vector<at::Tensor> spread;  // Σ n(x − mean)², of the means
  double samples = 0;
  for (const auto& batch : batches_) {
    if (pause) {
      pause();
    }
    passFrom(model, batch, 0);
    const auto count = static_cast<double>(batch.size());
    const double before = samples;
    samples += count;
    auto values = copies(tensors);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i].div_(momenta_[i]);
      if (before == 0) {
        mean.push_back(values[i]);
        spread.push_back(at::zeros_like(values[i]));
        continue;
      }
      const auto off = values[i] - mean[i];
      mean[i].add_(off, count / samples);
      spread[i].add_(off.square(), before * count / samples);
    }
  }
  std::size_t next = 0;
  at::Tensor ofMeans;
  for (const auto& [name, tensor] : model.namedBuffers()) {
    const auto kind = kindOf(name);
    if (kind == Kind::other) {
      continue;
    }
    if (kind == Kind::mean) {
      ofMeans = spread[next] / samples;
    } else {
      mean[next].add_(ofMeans);
    }
    at::Tensor(tensor).copy_(mean[next++]);
  }
}

void Statistics::interpolate(Model& model, std::span<const double> coefficients) const {
  auto values = start_.clone();
  for (std::size_t axis = 0; axis < steps_.size(); ++axis) {
    if (steps_[axis].defined()) {
      values.add_(steps_[axis], coefficients[axis]);
    }
  }
  std::int64_t offset = 0;
  for (const auto& [name, tensor] : model.namedBuffers()) {
    auto part = values.narrow(0, offset, tensor.numel());
    if (kindOf(name) == Kind::variance) {
      part.clamp_min_(0);
    } else if (kindOf(name) == Kind::other) {
      part.copy_(start_.narrow(0, offset, tensor.numel()));
    }
    offset += tensor.numel();
  }
  model.setBuffers(values);
}

}  // namespace tarn::engine
