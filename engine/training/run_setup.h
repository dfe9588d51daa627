#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/data/dataset.h"
#include "engine/data/loss.h"
#include "engine/model/model.h"
#include "engine/optim/optimizer.h"
#include "engine/training/train_settings.h"

namespace tarn::engine {

/// The run's optimizer, as it begins. Throws Error(usage) for wrong options, and what
/// Optimizer::requireFit throws when it can't take this model, data or loss.
std::unique_ptr<Optimizer> optimizerFor(const Model& model, const Dataset& data, const Loss& loss,
                                        const TrainSettings& settings);

std::int64_t stepsOf(const TrainSettings& settings, std::int64_t samples);

/// What makes a checkpoint belong to a run; null: no samples are held out.
std::string courseText(const Model& model, const Dataset& data, const Loss& loss,
                       const TrainSettings& settings, const Dataset* validation);

}  // namespace tarn::engine
