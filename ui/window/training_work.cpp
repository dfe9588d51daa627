#include "ui/window/training_work.h"

#include <algorithm>
#include <format>

#include "engine/tasks/optimizer_text.h"
#include "engine/tasks/training_words.h"
#include "topology/base/error.h"

namespace tarn::ui {

TrainingGroup groupOf(const TrainingOrder& order, const nlohmann::json& experiment,
                      const Project& project) {
  TrainingGroup group;
  if (order.resume) {
    for (const StoredRun& run : project.runs()) {
      if (canResume(run)) {
        group.members.push_back({{}, run.id});
      }
    }
    if (group.members.empty()) {
      throw Error(ErrorCode::usage, "This project has no run to go on with.");
    }
  } else {
    group.experiment = experiment;
    nlohmann::json settings = order.wish.settings;
    settings["order_seed"] = order.seed;
    if (!order.wish.validation.empty()) {
      settings["validation"] = validationFromText(order.wish.validation, experiment);
    }
    for (const OptimizerSpec& spec : order.wish.optimizers) {
      group.members.push_back({{optimizerText(toJson(spec)), spec, settings}, 0});
    }
  }
  group.jobs = order.wish.jobs > 0 ? order.wish.jobs : usualJobs(group.members.size());
  const std::size_t atOnce = std::min(group.jobs, group.members.size());
  if (atOnce > 1 && !order.resume && experiment.value("threads", 0) == 0) {
    for (GroupMember& member : group.members) {
      member.request.settings["threads"] = threadsEach(atOnce);
    }
  }
  return group;
}

std::vector<std::string> complaintsOf(const std::vector<GroupOutcome>& outcomes) {
  std::vector<std::string> complaints;
  for (const GroupOutcome& outcome : outcomes) {
    const std::string name = outcome.run ? outcome.run->name : "A run";
    if (outcome.error) {
      complaints.push_back(name + " ended early: " + outcome.error->what());
    } else if (outcome.run && outcome.run->facts.is_object() &&
               !outcome.run->facts.value("diverged_at", nlohmann::json()).is_null()) {
      complaints.push_back(std::format("{} diverged at step {}; what was recorded before is kept.",
                                       name, outcome.run->facts.at("diverged_at").dump()));
    }
    if (outcome.smadProblem) {
      complaints.push_back(name + ": " + *outcome.smadProblem);
    }
  }
  return complaints;
}

}  // namespace tarn::ui
