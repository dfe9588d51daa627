#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

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

}  // namespace tarn::engine
