#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include "engine/project/project.h"

namespace tarn::test {

inline NdArray arrayFrom(const std::vector<double>& values) {
  return NdArray::fromDoubles({values.size()}, values);
}

/// A project in a temporary folder whose runs' snapshots are given vectors.
class RunProject {
 public:
  explicit RunProject(const std::string& name)
      : folder_(std::filesystem::temp_directory_path() /
                ("tarn-" + name + "-" + std::to_string(getpid()))) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    project_ = Project::create(folder_ / "p.tarn");
    experiment_ = addExperiment("mse");
  }
  ~RunProject() {
    project_.reset();
    std::filesystem::remove_all(folder_);
  }
  RunProject(const RunProject&) = delete;
  RunProject& operator=(const RunProject&) = delete;

  Project& operator*() const { return *project_; }
  Project* operator->() const { return project_.get(); }
  std::int64_t experiment() const { return experiment_; }
  std::int64_t addExperiment(const std::string& loss) const {
    StoredExperiment experiment;
    experiment.experiment = {{"loss", loss}};
    return project_->addExperiment(experiment);
  }

  /// Snapshot k is of step k and has the k-th loss, 0 where there is none.
  std::int64_t addRun(const std::vector<std::vector<double>>& snapshots,
                      const std::vector<double>& losses = {}, std::int64_t experiment = 0) const {
    StoredRun run;
    run.experiment = experiment == 0 ? experiment_ : experiment;
    run.name = "gd";
    run.optimizer = {{"name", "sgd"}, {"options", {{"lr", 0.1}}}};
    const std::int64_t id = project_->addRun(run);
    for (std::size_t step = 0; step < snapshots.size(); ++step) {
      StoredSnapshot snapshot;
      snapshot.step = static_cast<std::int64_t>(step);
      snapshot.loss = step < losses.size() ? losses[step] : 0;
      snapshot.parameters = arrayFrom(snapshots[step]);
      project_->addSnapshot(id, snapshot);
    }
    return id;
  }

  StoredDirections plane(const std::vector<double>& center,
                         const std::vector<std::vector<double>>& directions) const {
    StoredDirections plane;
    plane.experiment = experiment_;
    plane.center = arrayFrom(center);
    for (const auto& direction : directions) {
      StoredDirection axis;
      axis.values = arrayFrom(direction);
      plane.axes.push_back(axis);
    }
    return plane;
  }

 private:
  std::filesystem::path folder_;
  std::shared_ptr<Project> project_;
  std::int64_t experiment_ = 0;
};

}  // namespace tarn::test
