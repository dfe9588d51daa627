#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/tasks/training_words.h"

namespace tarn::app {

/// The runs of one optimizer in a sweep: `runs` are summaries as `tarn train --json` has them, one
/// for each value and in the sweep's order.
struct SweptOptimizer {
  std::string name;
  std::vector<nlohmann::json> runs;
};

/// {option, values, best: [{optimizer, value, run, loss, by: final_loss or validation_loss,
/// at_edge}]}: of each optimizer the value whose run ended lowest, on the samples held out where
/// there are some. A run that diverged or failed is never best; without any other, value and run
/// are null.
nlohmann::json sweepResult(const Sweep& sweep, const std::vector<SweptOptimizer>& optimizers);

/// What to say when a best value is the first or the last of the sweep, or there is none.
std::vector<std::string> sweepWarnings(const nlohmann::json& result);
std::string sweepText(const nlohmann::json& result);

}  // namespace tarn::app
