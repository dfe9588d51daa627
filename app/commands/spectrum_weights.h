#pragma once

#include <nlohmann/json.hpp>

#include "app/commands/command.h"
#include "app/experiment_options.h"

namespace tarn::app {

/// `tarn spectrum --weights` of a model without data: its weight matrices alone.
int weightsAlone(const ExperimentOptions& options, const std::string& out,
                 const Invocation& invocation);

/// The `weights` of a spectrum as a table, a row a matrix.
void printWeights(const nlohmann::json& weights);

}  // namespace tarn::app
