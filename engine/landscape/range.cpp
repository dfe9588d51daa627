#include "engine/landscape/range.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <torch/torch.h>

#include "engine/protocol/range_text.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

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
      center_(experiment.model->parameters().flat().clone()),
      batches_(makeBatches(experiment.data, referencePlan())) {}

AxisRange RangeFinder::find(const at::Tensor& direction, const std::string& range,
                            std::optional<double> curvature) {
  const auto length = direction.to(at::kDouble).norm().item<double>();
  if (!(length > 0) || !std::isfinite(length)) {
    throw Error(ErrorCode::badInput, "A direction has no length, so it has no range.");
  }
  const auto whole = std::max(center_.to(at::kDouble).norm().item<double>() / length, 1e-12);
  const RangeText asked = parseRange(range);
  AxisRange result{asked.from, asked.to};
  if (asked.kind == RangeText::Kind::relative) {
    result = {result.from * whole, result.to * whole};
  } else if (asked.kind == RangeText::Kind::automatic) {
    if (!rise_) {
      lossAtCenter_ = referenceEvaluation(experiment_, pause_).loss;
      rise_ = std::max(lossAtCenter_, 0.05 * referenceLoss(experiment_, lossAtCenter_));
    }
    const auto guess = curvature.value_or(0) > 0 ? std::sqrt(2 * *rise_ / *curvature) : whole / 8;
    result.to = search(direction, std::min(guess, whole), whole);
    result.from = -result.to;
  }
  requireFinite(direction, range, result);
  return result;
}

double RangeFinder::lossAt(const Slice& line, double distance) {
  auto& model = *experiment_.model;
  line.place(model, std::array{distance});
  try {
    const auto loss = evaluate(model, batches_, experiment_.loss, pause_).loss;
    model.parameters().set(center_);
    return loss;
  } catch (...) {
    model.parameters().set(center_);
    throw;
  }
}

double RangeFinder::search(const at::Tensor& direction, double guess, double cap) {
  constexpr int mostDoublings = 40;
  constexpr double enough = 1.02;
  const Slice line(center_, {direction});
  const auto risen = [&](double distance) {
    return !(lossAt(line, distance) - lossAtCenter_ < *rise_) ||
           !(lossAt(line, -distance) - lossAtCenter_ < *rise_);
  };
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
}

void RangeFinder::requireFinite(const at::Tensor& direction, const std::string& range,
                                const AxisRange& reach) {
  const Slice line(center_, {direction});
  for (const double part : {1.0, 0.25, 1.0 / 16}) {
    for (const double end : {reach.to, reach.from}) {
      if (end != 0 && std::isfinite(lossAt(line, part * end))) {
        return;
      }
    }
  }
  throw Error(ErrorCode::badInput,
              "The loss is not finite along a direction, neither at the ends of the range '" +
                  range + "' nor at a sixteenth of it.",
              "Take a smaller range; auto finds one.");
}

}  // namespace tarn::engine
