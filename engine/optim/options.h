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
OptimizerOption switchOption(const std::string& name, bool initial, const std::string& help);

}  // namespace tarn::engine
