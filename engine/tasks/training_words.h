#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/protocol/optimizer_spec.h"

namespace tarn {

// What is read from the words of `tarn train` and of the Training panel. All throw Error(usage).

/// "100" (evenly), "log:50", "steps:10" (every ten) or "epochs:1", each with ",losses=all" or not,
/// as run settings of the pipe.
nlohmann::json snapshotsFromText(const std::string& text);

/// "0.2" or "0.2@SEED": that part of the samples is held out; or a file of further samples, read as
/// the experiment's data are.
nlohmann::json validationFromText(const std::string& text, const nlohmann::json& experiment);

/// One option of every optimizer at several values, evenly in its logarithm.
struct Sweep {
  std::string option;
  std::vector<double> values;  ///< ascending, of four digits
};

/// "lr=1e-4:1e-1:7".
Sweep sweepFromText(const std::string& text);

/// The optimizer at a value of the sweep. Throws when it has a value for the option already.
OptimizerSpec atValue(OptimizerSpec spec, const Sweep& sweep, double value);

}  // namespace tarn
