#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The loss over a dataset: Σ over samples / N, accumulated in double; and, for cross-entropy, the
/// share of samples whose largest output is their class (NaN when the loss is NaN).
struct Evaluation {
  double loss = 0;
  std::optional<double> accuracy;
};

/// One pass without gradients, batch after batch in order. NaN and infinity are results, not
/// errors. `pause` is called before every batch and may throw to stop.
Evaluation evaluate(Model& model, const std::vector<Batch>& batches, Loss loss,
                    const std::function<void()>& pause = {});

}  // namespace tarn::engine
