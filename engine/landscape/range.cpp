#include "engine/landscape/range.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

Error unreadable(const std::string& range) {
  return {ErrorCode::usage, "The range '" + range + "' cannot be read.",
          "Write auto, rel:0.5 (of the length of the parameters), abs:1, or abs:-0.5..1.5 for "
          "another range to either side."};
}

double number(std::string_view text, const std::string& range) {
  double value = 0;
  const auto [stop, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || stop != text.data() + text.size() || !std::isfinite(value)) {
    throw unreadable(range);
  }
  return value;
}

/// "x" as −x … x, "a..b" as a … b.
AxisRange rangeFrom(std::string_view text, const std::string& range) {
  const auto dots = text.find("..");
  AxisRange result;
  if (dots == std::string_view::npos) {
    result.to = number(text, range);
    result.from = -result.to;
  } else {
    result.from = number(text.substr(0, dots), range);
    result.to = number(text.substr(dots + 2), range);
  }
  if (!(result.from < result.to)) {
    throw unreadable(range);
  }
  return result;
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
      center_(experiment.model->parameters().flat().clone()),
      batches_(makeBatches(experiment.data, referencePlan())) {}

AxisRange RangeFinder::find(const at::Tensor& direction, const std::string& range,
                            std::optional<double> curvature) {
  const auto length = direction.to(at::kDouble).norm().item<double>();
  if (!(length > 0) || !std::isfinite(length)) {
    throw Error(ErrorCode::badInput, "A direction has no length, so it has no range.");
  }
  const auto whole = std::max(center_.to(at::kDouble).norm().item<double>() / length, 1e-12);
  AxisRange result;
  if (range.starts_with("abs:")) {
    result = rangeFrom(std::string_view(range).substr(4), range);
  } else if (range.starts_with("rel:")) {
    result = rangeFrom(std::string_view(range).substr(4), range);
    result = {result.from * whole, result.to * whole};
  } else if (range == "auto") {
    if (!rise_) {
      lossAtCenter_ = referenceEvaluation(experiment_, pause_).loss;
      rise_ = std::max(lossAtCenter_, 0.05 * referenceLoss(experiment_, lossAtCenter_));
    }
    const auto guess = curvature.value_or(0) > 0 ? std::sqrt(2 * *rise_ / *curvature) : whole / 8;
    result.to = search(direction, std::min(guess, whole), whole);
    result.from = -result.to;
  } else {
    throw unreadable(range);
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
