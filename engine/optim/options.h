#pragma once

#include <string>

#include "engine/optim/optimizer.h"

namespace tarn::engine {

// Options that many optimizers share, so that they have one meaning and one range.

OptimizerOption learningRateOption(double initial);
/// An exponential average's decay: 0 ≤ value < 1.
OptimizerOption decayRateOption(const std::string& name, double initial, const std::string& help);
/// A number ≥ 0.
OptimizerOption nonNegativeOption(const std::string& name, double initial, const std::string& help);
/// Decoupled: θ ← (1 − lr·weight_decay)·θ each step.
OptimizerOption weightDecayOption(double initial);
/// A whole number from `minimum` to `maximum`.
OptimizerOption countOption(const std::string& name, std::int64_t initial, std::int64_t minimum,
                            std::int64_t maximum, const std::string& help);
/// One of some words; the first is the default.
OptimizerOption wordOption(const std::string& name, const std::vector<std::string>& words,
                           const std::string& help);
OptimizerOption switchOption(const std::string& name, bool initial, const std::string& help);

}  // namespace tarn::engine
