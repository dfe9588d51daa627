#include "engine/training/validation.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "engine/training/batch_order.h"
#include "engine/training/settings_reader.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

Dataset chosenFrom(const Dataset& data, std::vector<std::int64_t> rows) {
  std::ranges::sort(rows);
  Batch batch = selectBatch(data, at::tensor(at::IntArrayRef(rows)));
  return {std::move(batch.inputs), std::move(batch.targets), data.sha256};
}

}  // namespace

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

SplitData splitData(Dataset data, const ValidationPlan& plan, const Loss& loss,
                    at::ScalarType dtype) {
  if (!plan.data.is_null()) {
    return {std::move(data), openDataset(plan.data, loss, dtype)};
  }
  if (!plan.any()) {
    return {std::move(data), std::nullopt};
  }
  const std::int64_t samples = data.samples();
  const std::int64_t held = std::llround(plan.fraction * static_cast<double>(samples));
  if (held == 0 || held == samples) {
    throw Error(ErrorCode::usage,
                "Of " + std::to_string(samples) + " samples, a validation part of " +
                    nlohmann::json(plan.fraction).dump() + " is " +
                    (held == 0 ? "none" : "all of them") + ".",
                "Choose a part between 0 and 1 that leaves samples on both sides, such as 0.2.");
  }
  const std::vector<std::int64_t> order = epochOrder(samples, plan.seed, 0);
  const auto middle = order.begin() + held;
  return {chosenFrom(data, {middle, order.end()}), chosenFrom(data, {order.begin(), middle})};
}

}  // namespace tarn::engine
