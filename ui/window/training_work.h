#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <vector>

#include "engine/project/project.h"
#include "engine/tasks/training_group.h"
#include "ui/panels/training_panel.h"

namespace tarn::ui {

/// Runs that are to be trained together into a project.
struct TrainingOrder {
  TrainingWish wish;
  bool resume = false;     ///< instead: the project's runs that can go on
  std::int64_t plane = 0;  ///< the landscape whose plane snapshots are projected on; 0: none
  std::uint64_t seed = 0;  ///< of the batches' order
};

/// The group that an order means. Throws Error(usage).
TrainingGroup groupOf(const TrainingOrder& order, const nlohmann::json& experiment,
                      const Project& project);

/// What became of the runs that did not end well, in sentences.
std::vector<std::string> complaintsOf(const std::vector<GroupOutcome>& outcomes);

}  // namespace tarn::ui
