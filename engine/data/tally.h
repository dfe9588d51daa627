#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/loss.h"

namespace tarn::engine {

/// The loss over a dataset: Σ over samples / N, accumulated in double; and, for classes, the share
/// of samples whose largest output is their class (NaN when the loss is NaN), where a sample of
/// several positions counts by its share of right ones.
struct Evaluation {
  double loss = 0;
  std::optional<double> accuracy;
  /// Of the loss as an estimate for all data of which the samples are a draw, from the spread of
  /// its parts lₖ of nₖ samples: √(Σ nₖ(lₖ − L)² / (K − 1) / N). The parts are the samples, so that
  /// it is s/√N; under the loss `model` they are the batches. NaN when there is only one part.
  double standardError = 0;
  /// The mean loss of each class's samples, NaN for a class without any; empty unless asked for.
  std::vector<double> classLoss;
};

/// Puts the batches of one pass over the data together.
class Tally {
 public:
  /// classes: of how many classes the loss is wanted for each; 0: of none.
  explicit Tally(const Loss& loss, std::int64_t classes = 0);

  /// One batch by its outputs. `plain` takes the operators of lossPerSample(); otherwise
  /// cross-entropy without smoothing is computed in one go on the CPU, to the same values but for
  /// rounding.
  void add(const at::Tensor& outputs, const at::Tensor& targets, bool plain);
  /// One batch of several points, a tally each, by their outputs: points × samples × …. The targets
  /// are the same for all. What is on another device comes from there at one go.
  static void addAll(std::span<Tally> points, const at::Tensor& outputs, const at::Tensor& targets);
  /// One batch by its loss, summed over its samples.
  void add(double loss, std::int64_t samples);

  Evaluation result() const;

 private:
  void addQuickly(const at::Tensor& outputs, const at::Tensor& targets);
  static void addByOperators(std::span<Tally> points, const at::Tensor& outputs,
                             const at::Tensor& targets);
  /// A sample's loss each, and which part of it was right, or nothing.
  void addSamples(std::span<const double> losses, std::span<const double> right,
                  const at::Tensor& targets);
  void addParts(std::span<const double> losses);
  void addClasses(std::span<const double> losses, const at::Tensor& targets);
  void merge(double sum, double samples, double parts, double spread);

  Loss loss_;
  double sum_ = 0;
  double samples_ = 0;
  double parts_ = 0;
  double mean_ = 0;    ///< of the parts so far
  double spread_ = 0;  ///< Σ nₖ(lₖ − mean)²
  double correct_ = 0;
  std::vector<double> classSum_;
  std::vector<double> classCount_;
};

}  // namespace tarn::engine
