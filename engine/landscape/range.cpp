#include "engine/landscape/range.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

double positiveNumber(const std::string& range, std::size_t from) {
  double value = 0;
  const auto* end = range.data() + range.size();
  const auto [stop, failure] = std::from_chars(range.data() + from, end, value);
  if (failure != std::errc() || stop != end || !std::isfinite(value) || value <= 0) {
    throw Error(ErrorCode::usage, "The range '" + range + "' does not hold a positive number.",
                "Write auto, rel:0.5 or abs:1.");
  }
  return value;
}

/// The loss of a model that knows nothing. A model's own loss has none: its size there is then
/// `lossAtCenter`.
double referenceLoss(const Experiment& experiment, double lossAtCenter) {
  if (experiment.loss.kind == Loss::model) {
    return lossAtCenter == 0 ? 1 : std::abs(lossAtCenter);
  }
  if (experiment.loss.classifies()) {
    return std::log(static_cast<double>(experiment.outputShape.back()));
  }
  const auto& targets = experiment.data.targets;
  return lossPerSample(experiment.loss, at::zeros_like(targets), targets).mean().item<double>();
}

}  // namespace

RangeFinder::RangeFinder(Experiment& experiment, std::function<void()> pause)
    : experiment_(experiment),
      pause_(std::move(pause)),
      center_(experiment.model->parameters().flat().clone()) {}

double RangeFinder::halfWidth(const at::Tensor& direction, const std::string& range,
                              std::optional<double> curvature) {
  const auto length = direction.to(at::kDouble).norm().item<double>();
  if (!(length > 0) || !std::isfinite(length)) {
    throw Error(ErrorCode::badInput, "A direction has no length, so it has no range.");
  }
  const auto whole = std::max(center_.to(at::kDouble).norm().item<double>() / length, 1e-12);
  if (range.starts_with("abs:")) {
    return positiveNumber(range, 4);
  }
  if (range.starts_with("rel:")) {
    return positiveNumber(range, 4) * whole;
  }
  if (range != "auto") {
    throw Error(ErrorCode::usage, "The range '" + range + "' is none of auto, rel:x and abs:x.",
                "Write auto, rel:0.5 or abs:1.");
  }
  if (!rise_) {
    lossAtCenter_ = referenceEvaluation(experiment_, pause_).loss;
    rise_ = std::max(lossAtCenter_, 0.05 * referenceLoss(experiment_, lossAtCenter_));
  }
  const auto guess = curvature.value_or(0) > 0 ? std::sqrt(2 * *rise_ / *curvature) : whole / 8;
  return find(direction, std::min(guess, whole), whole);
}

double RangeFinder::find(const at::Tensor& direction, double guess, double cap) {
  constexpr int mostDoublings = 40;
  constexpr double enough = 1.02;
  auto& model = *experiment_.model;
  const Slice line(center_, {direction});
  const auto batches = makeBatches(experiment_.data, referencePlan());
  const auto risen = [&](double distance) {
    for (const double c : {distance, -distance}) {
      line.place(model, std::array{c});
      if (!(evaluate(model, batches, experiment_.loss, pause_).loss - lossAtCenter_ < *rise_)) {
        return true;
      }
    }
    return false;
  };
  const auto search = [&] {
    double high = guess;
    double low = 0;
    for (int i = 0; i < mostDoublings && !risen(high); ++i) {
      if (high >= cap) {
        return cap;
      }
      low = high;
      high = std::min(2 * high, cap);
    }
    for (int i = 0; low == 0 && i < mostDoublings; ++i) {
      if (risen(high / 2)) {
        high /= 2;
      } else {
        low = high / 2;
      }
    }
    while (low > 0 && high / low > enough) {
      const auto middle = std::sqrt(low * high);
      (risen(middle) ? high : low) = middle;
    }
    return high;
  };
  try {
    const auto result = search();
    model.parameters().set(center_);
    return result;
  } catch (...) {
    model.parameters().set(center_);
    throw;
  }
}

}  // namespace tarn::engine
