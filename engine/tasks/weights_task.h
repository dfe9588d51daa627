#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>

#include "engine/client/engine_client.h"
#include "engine/project/project.h"
#include "engine/tasks/experiment_task.h"
#include "topology/io/nd_array.h"

namespace tarn {

/// All parameters and buffers of a model by name; parameters that share their memory once, under
/// the first of their names. `model` is that part of an experiment. Throws as openExperiment.
std::map<std::string, NdArray> modelWeights(EngineClient& client, Project* project,
                                            nlohmann::json model, const TrustQuestion& ask,
                                            const std::stop_token& stop);

}  // namespace tarn
