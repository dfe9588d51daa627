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

}  // namespace

Tally::Tally(const Loss& loss, std::int64_t classes) : loss_(loss) {
  classSum_.assign(static_cast<std::size_t>(classes), 0);
  classCount_.assign(static_cast<std::size_t>(classes), 0);
}

void Tally::add(const at::Tensor& outputs, const at::Tensor& targets, bool plain) {
  const auto samples = outputs.size(0);
  at::Tensor losses;
  if (!plain && hasQuickScores(loss_, outputs, targets)) {
    auto scores = quickScores(outputs, targets);
    losses = std::move(scores.losses);
    correct_ += scores.correct;
  } else {
    losses = lossPerSample(loss_, outputs, targets).contiguous();
    if (loss_.classifies()) {
      correct_ += countCorrect(outputs, targets);
    }
  }
  const auto* values = losses.const_data_ptr<double>();
  addParts({values, static_cast<std::size_t>(samples)});
  if (classSum_.empty()) {
    return;
  }
  if (targets.numel() != samples) {
    throw Error(ErrorCode::unsupported,
                "The loss per class needs one label a sample, but each sample has " +
                    std::to_string(targets.numel() / std::max<std::int64_t>(samples, 1)) + ".",
                "Leave the loss per class out.");
  }
  const auto labels = targets.reshape({-1}).contiguous();
  const auto* label = labels.const_data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < samples; ++i) {
    classSum_.at(static_cast<std::size_t>(label[i])) += values[i];
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
