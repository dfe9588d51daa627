#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The loss over a dataset: Σ over samples / N, accumulated in double; and, for classes, the share
/// of samples whose largest output is their class (NaN when the loss is NaN), where a sample of
/// several positions counts by its share of right ones.
struct Evaluation {
  double loss = 0;
  std::optional<double> accuracy;
};

/// One pass without gradients, batch after batch in order. NaN and infinity are results, not
/// errors. A model in training mode gets its buffers back as they were. `pause` is called before
/// every batch and may throw to stop.
Evaluation evaluate(Model& model, const std::vector<Batch>& batches, const Loss& loss,
                    const std::function<void()>& pause = {});

}  // namespace tarn::engine
