#pragma once

#include <functional>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/data/tally.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// One pass without gradients, batch after batch in order. NaN and infinity are results, not
/// errors. A model in training mode gets its buffers back as they were. `pause` is called before
/// every batch and may throw to stop. `classes`: as for Tally.
Evaluation evaluate(Model& model, const std::vector<Batch>& batches, const Loss& loss,
                    const std::function<void()>& pause = {}, std::int64_t classes = 0);

/// What weight decay adds to every sample's loss at the model's θ: w/2·‖θ‖².
double decayOf(const Model& model, const Loss& loss);

}  // namespace tarn::engine
