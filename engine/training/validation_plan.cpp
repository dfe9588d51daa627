#include "engine/training/validation_plan.h"

#include <limits>

#include "engine/training/settings_reader.h"

namespace tarn::engine {

ValidationPlan validationPlanFromJson(const nlohmann::json& value) {
  ValidationPlan plan;
  if (value.is_object() && value.contains("data") && !value["data"].is_null()) {
    plan.data = value["data"];
    nlohmann::json rest = value;
    rest.erase("data");
    SettingsReader(rest, "validation").finish();
    return plan;
  }
  SettingsReader reader(value, "validation");
  plan.fraction = reader.number("fraction", 0, 0, 1);
  plan.seed = static_cast<std::uint64_t>(
      reader.integer("seed", 0, 0, std::numeric_limits<std::int64_t>::max()));
  reader.finish();
  return plan;
}

nlohmann::json toJson(const ValidationPlan& plan) {
  if (!plan.data.is_null()) {
    return {{"data", plan.data}};
  }
  return plan.any() ? nlohmann::json{{"fraction", plan.fraction}, {"seed", plan.seed}}
                    : nlohmann::json();
}

}  // namespace tarn::engine
