#pragma once

#include <optional>

#include "engine/data/dataset.h"
#include "engine/training/validation_plan.h"

namespace tarn::engine {

/// What a run is trained on, and what it is measured on besides.
struct SplitData {
  Dataset training;
  std::optional<Dataset> validation;
};

/// Holds out samples as planned: round(fraction·N) of them by a permutation that depends on nothing
/// but N and the seed, both parts in the file's order; or reads further data as openDataset() does.
/// Throws Error(usage) when one part would be empty, and as openDataset().
SplitData splitData(Dataset data, const ValidationPlan& plan, const Loss& loss,
                    at::ScalarType dtype);

}  // namespace tarn::engine
