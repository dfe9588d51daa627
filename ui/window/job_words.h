#pragma once

#include <QString>
#include <string>

#include "engine/tasks/landscape_task.h"

namespace tarn::ui {

struct SamplingOrder;

/// What is said of a job.
struct JobWords {
  QString name;  ///< in the list of jobs
  QString complete;
  QString stopped;  ///< without the full stop
  QString failed;
};

JobWords wordsFor(const SamplingOrder& order);

/// How a landscape is called in its project.
std::string landscapeName(const LandscapeRequest& request);

}  // namespace tarn::ui
