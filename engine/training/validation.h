#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "engine/data/dataset.h"

namespace tarn::engine {

/// Which samples a run is measured on but not trained on.
struct ValidationPlan {
  double fraction = 0;     ///< of the experiment's samples, drawn at random; 0: none
  std::uint64_t seed = 0;  ///< of the draw
  nlohmann::json data;     ///< or further data, as in an experiment; null: none

  bool any() const { return fraction > 0 || !data.is_null(); }
};

/// Reads {"fraction", "seed"} or {"data": {…}}; null is none. Throws Error(usage).
ValidationPlan validationPlanFromJson(const nlohmann::json& value);
nlohmann::json toJson(const ValidationPlan& plan);

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
