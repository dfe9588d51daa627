#include "engine/training/validation.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "engine/training/batch_order.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

Dataset chosenFrom(const Dataset& data, std::vector<std::int64_t> rows) {
  std::ranges::sort(rows);
  Batch batch = selectBatch(data, at::tensor(at::IntArrayRef(rows)));
  return {std::move(batch.inputs), std::move(batch.targets), data.sha256};
}

}  // namespace

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
