#pragma once

#include <nlohmann/json.hpp>
#include <optional>

#include "engine/data/experiment.h"
#include "engine/server/job.h"

namespace tarn::engine {

/// Keeps the experiment that was opened last: requests for one follow each other, and reading and
/// checking it takes longer than many of them. For the thread that jobs run on.
class OpenedExperiments {
 public:
  /// The experiment of the job's request, as openExperiment() gives it and throwing what that
  /// throws: a copy of the one kept when the request says the same of it and the files have the
  /// same SHA-256, else opened anew.
  Experiment of(const JobContext& job);

 private:
  bool isKept(const nlohmann::json& experiment) const;

  nlohmann::json request_;
  std::optional<Experiment> kept_;
};

}  // namespace tarn::engine
