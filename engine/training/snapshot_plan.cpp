#include "engine/training/snapshot_plan.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "engine/training/settings_reader.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t mostSnapshots = 1'000'000;

std::vector<std::int64_t> evenly(std::int64_t count, std::int64_t steps) {
  const std::int64_t intervals = std::min(std::max<std::int64_t>(count, 2) - 1, steps);
  std::vector<std::int64_t> found;
  for (std::int64_t i = 0; i <= intervals; ++i) {
    found.push_back(std::llround(static_cast<double>(i) * static_cast<double>(steps) /
                                 static_cast<double>(intervals)));
  }
  return found;
}

std::vector<std::int64_t> logarithmically(std::int64_t count, std::int64_t steps) {
  const std::int64_t positive = std::min(std::max<std::int64_t>(count, 2) - 1, steps);
  std::vector<std::int64_t> found = {0};
  for (std::int64_t i = 0; i < positive; ++i) {
    const double u = positive == 1 ? 1 : static_cast<double>(i) / static_cast<double>(positive - 1);
    found.push_back(std::llround(std::pow(static_cast<double>(steps), u)));
  }
  return found;
}

std::vector<std::int64_t> each(std::int64_t spacing, std::int64_t steps) {
  if (steps / spacing >= mostSnapshots) {
    throw Error(ErrorCode::usage,
                "A snapshot every " + std::to_string(spacing) + " of " + std::to_string(steps) +
                    " steps would be " + std::to_string(steps / spacing) + " of them; " +
                    std::to_string(mostSnapshots) + " are the most.",
                "Choose a larger spacing, or snapshots spread evenly over the run.");
  }
  std::vector<std::int64_t> found;
  for (std::int64_t t = 0; t < steps; t += spacing) {
    found.push_back(t);
  }
  found.push_back(steps);
  return found;
}

}  // namespace

std::vector<std::int64_t> snapshotSteps(const SnapshotPlan& plan, std::int64_t steps,
                                        std::int64_t batchesPerEpoch) {
  if (steps == 0) {
    return {0};
  }
  std::vector<std::int64_t> found;
  switch (plan.mode) {
    case SnapshotPlan::Mode::even:
      found = evenly(plan.count, steps);
      break;
    case SnapshotPlan::Mode::steps:
      found = each(plan.every, steps);
      break;
    case SnapshotPlan::Mode::epochs:
      found = each(plan.every * batchesPerEpoch, steps);
      break;
    case SnapshotPlan::Mode::log:
      found = logarithmically(plan.count, steps);
      break;
  }
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  return found;
}

std::vector<std::int64_t> measuredSteps(const std::vector<std::int64_t>& snapshots,
                                        SnapshotPlan::Losses losses, std::int64_t apart) {
  if (losses == SnapshotPlan::Losses::all) {
    return snapshots;
  }
  const std::int64_t steps = snapshots.back();
  const std::int64_t intervals = std::max<std::int64_t>(steps / apart, 1);
  std::vector<std::int64_t> found = {snapshots.front()};
  for (std::int64_t i = 1; i <= intervals; ++i) {
    const double wanted =
        static_cast<double>(i) * static_cast<double>(steps) / static_cast<double>(intervals);
    auto nearest = std::ranges::lower_bound(snapshots, std::llround(wanted));
    if (nearest != snapshots.begin() && wanted - static_cast<double>(*std::prev(nearest)) <
                                            static_cast<double>(*nearest) - wanted) {
      --nearest;
    }
    if (*nearest > found.back()) {
      found.push_back(*nearest);
    }
  }
  return found;
}

SnapshotPlan snapshotPlanFromJson(const nlohmann::json& value) {
  SettingsReader reader(value, "snapshots");
  SnapshotPlan plan;
  const std::string mode = reader.word("mode", {"even", "steps", "epochs", "log"});
  plan.mode = mode == "steps"    ? SnapshotPlan::Mode::steps
              : mode == "epochs" ? SnapshotPlan::Mode::epochs
              : mode == "log"    ? SnapshotPlan::Mode::log
                                 : SnapshotPlan::Mode::even;
  plan.count = reader.integer("count", 100, 2, mostSnapshots);
  plan.every = reader.integer("every", 1, 1, 1'000'000'000);
  plan.losses = reader.word("losses", {"spaced", "all"}) == "all" ? SnapshotPlan::Losses::all
                                                                  : SnapshotPlan::Losses::spaced;
  reader.finish();
  return plan;
}

}  // namespace tarn::engine
