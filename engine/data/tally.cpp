#include "engine/data/tally.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <ATen/ATen.h>

#include "engine/data/class_scores.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

/// The numbers of a contiguous tensor of float64 on the CPU.
std::span<const double> numbers(const at::Tensor& tensor) {
  return {tensor.const_data_ptr<double>(), static_cast<std::size_t>(tensor.numel())};
}

std::vector<std::int64_t> with(std::int64_t first, at::IntArrayRef rest) {
  std::vector<std::int64_t> result{first};
  result.insert(result.end(), rest.begin(), rest.end());
  return result;
}

bool quick(const Loss& loss, const at::Tensor& outputs) {
  return outputs.is_cpu() && hasQuickScores(loss);
}

}  // namespace

Tally::Tally(const Loss& loss, std::int64_t classes) : loss_(loss) {
  classSum_.assign(static_cast<std::size_t>(classes), 0);
  classCount_.assign(static_cast<std::size_t>(classes), 0);
}

void Tally::add(const at::Tensor& outputs, const at::Tensor& targets, bool plain) {
  if (plain || !quick(loss_, outputs)) {
    addByOperators({this, 1}, outputs.unsqueeze(0), targets);
  } else {
    addQuickly(outputs, targets);
  }
}

void Tally::addAll(std::span<Tally> points, const at::Tensor& outputs, const at::Tensor& targets) {
  if (!quick(points.front().loss_, outputs)) {
    addByOperators(points, outputs, targets);
    return;
  }
  for (std::size_t i = 0; i < points.size(); ++i) {
    points[i].addQuickly(outputs[static_cast<std::int64_t>(i)], targets);
  }
}

void Tally::addQuickly(const at::Tensor& outputs, const at::Tensor& targets) {
  const auto scores = quickScores(outputs, targets);
  addSamples(numbers(scores.losses), numbers(scores.right), targets);
}

void Tally::addByOperators(std::span<Tally> points, const at::Tensor& outputs,
                           const at::Tensor& targets) {
  const auto& loss = points.front().loss_;
  const auto count = static_cast<std::int64_t>(points.size());
  const auto samples = outputs.size(1);
  const auto repeated = targets.unsqueeze(0).expand(with(count, targets.sizes())).flatten(0, 1);
  const auto all = outputs.flatten(0, 1);
  std::vector<at::Tensor> found{lossPerSample(loss, all, repeated)};
  if (loss.classifies()) {
    found.push_back(rightPerSample(all, repeated));
  }
  const auto values = at::stack(found).view({-1, count, samples}).cpu();
  for (std::int64_t i = 0; i < count; ++i) {
    points[static_cast<std::size_t>(i)].addSamples(
        numbers(values[0][i]),
        loss.classifies() ? numbers(values[1][i]) : std::span<const double>(), targets);
  }
}

void Tally::addSamples(std::span<const double> losses, std::span<const double> right,
                       const at::Tensor& targets) {
  for (const double share : right) {
    correct_ += share;
  }
  addParts(losses);
  if (!classSum_.empty()) {
    addClasses(losses, targets);
  }
}

void Tally::addClasses(std::span<const double> losses, const at::Tensor& targets) {
  const auto samples = static_cast<std::int64_t>(losses.size());
  if (targets.numel() != samples) {
    throw Error(ErrorCode::unsupported,
                "The loss per class needs one label a sample, but each sample has " +
                    std::to_string(targets.numel() / std::max<std::int64_t>(samples, 1)) + ".",
                "Leave the loss per class out.");
  }
  const auto labels = targets.cpu().reshape({-1}).contiguous();
  const auto* label = labels.const_data_ptr<std::int64_t>();
  for (std::size_t i = 0; i < losses.size(); ++i) {
    classSum_.at(static_cast<std::size_t>(label[i])) += losses[i];
    classCount_.at(static_cast<std::size_t>(label[i])) += 1;
  }
}

void Tally::addParts(std::span<const double> losses) {
  double sum = 0;
  for (const double loss : losses) {
    sum += loss;
  }
  const auto count = static_cast<double>(losses.size());
  const double mean = sum / count;
  double spread = 0;
  for (const double loss : losses) {
    spread += (loss - mean) * (loss - mean);
  }
  merge(sum, count, count, spread);
}

void Tally::add(double loss, std::int64_t samples) {
  merge(loss, static_cast<double>(samples), 1, 0);
}

// Chan, Golub, LeVeque, Updating formulae and a pairwise algorithm for computing sample variances
// (1979).
void Tally::merge(double sum, double samples, double parts, double spread) {
  const double before = samples_;
  sum_ += sum;
  parts_ += parts;
  samples_ += samples;
  const double off = sum / samples - mean_;
  mean_ += off * samples / samples_;
  spread_ += spread + off * off * before * samples / samples_;
}

Evaluation Tally::result() const {
  Evaluation result;
  result.loss = sum_ / samples_;
  if (loss_.classifies()) {
    result.accuracy = std::isnan(result.loss) ? undefined : correct_ / samples_;
  }
  result.standardError = parts_ > 1 ? std::sqrt(spread_ / (parts_ - 1) / samples_) : undefined;
  for (std::size_t i = 0; i < classSum_.size(); ++i) {
    result.classLoss.push_back(classCount_[i] > 0 ? classSum_[i] / classCount_[i] : undefined);
  }
  return result;
}

}  // namespace tarn::engine
