// The runs of the project, and what a running training adds to them.
#include <algorithm>
#include <utility>

#include "ui/views/background.h"
#include "ui/window/sampling_job.h"
#include "ui/window/workspace.h"

namespace tarn::ui {

std::int64_t Workspace::planeIn(const std::filesystem::path& project) const {
  return isFile(project) && record_.directions && record_.axes.size() >= 2 ? shownId_ : 0;
}

void Workspace::loadCurves() {
  const std::uint64_t load = ++curveLoads_;
  curves_ = std::make_shared<const CurveData>();
  Q_EMIT curvesChanged(false);
  compareStoredRuns();
  if (!file_ || !file_->project || file_->contents.runs.empty()) {
    return;
  }
  inBackground(
      this,
      [project = file_->project] {
        return std::make_shared<const CurveData>(curveDataOf(*project, project->runs()));
      },
      [this, load](CurveDataPtr curves) {
        if (load == curveLoads_) {
          curves_ = std::move(curves);
          Q_EMIT curvesChanged(false);
        }
      },
      [this, load](const Error& error) {
        if (load == curveLoads_) {
          Q_EMIT failed(tr("The training curves could not be read"), error);
        }
      });
}

void Workspace::compareStoredRuns() {
  comparison_ = {};
  Q_EMIT comparisonChanged();
  // While a project is written its runs are on their way.
  if (!file_ || !file_->project || file_->project->writable() || file_->contents.runs.empty()) {
    return;
  }
  inBackground(
      this,
      [project = file_->project] {
        std::vector<std::int64_t> runs;
        for (const StoredRun& run : project->runs()) {
          runs.push_back(run.id);
        }
        return compareRuns(*project, runs);
      },
      [this, load = curveLoads_](RunComparison comparison) {
        if (load == curveLoads_) {
          comparison_ = std::move(comparison);
          Q_EMIT comparisonChanged();
        }
      },
      [this, load = curveLoads_](const Error& error) {
        if (load == curveLoads_) {
          Q_EMIT failed(tr("The runs could not be compared"), error);
        }
      });
}

// Runs that are new, or whose status is.
void Workspace::takeRuns(const std::vector<StoredRun>& runs) {
  auto& all = file_->contents.runs;
  for (const StoredRun& run : runs) {
    const auto known = std::ranges::find(all, run.id, &StoredRun::id);
    if (known == all.end()) {
      all.push_back(run);
    } else {
      *known = run;
    }
  }
  Q_EMIT contentsChanged();
}

void Workspace::takeTraining(const SamplingNews& news) {
  if (!news.runs.empty()) {
    takeRuns(news.runs);
  }
  if (!news.runs.empty() || !news.metrics.empty()) {
    ++curveLoads_;  // what is being read of the file is older
    CurveData curves = *curves_;
    bool begun = false;
    const auto curvesOf = [&](std::int64_t run) -> RunCurves& {
      const auto known = std::ranges::find(curves.runs, run, &RunCurves::run);
      if (known != curves.runs.end()) {
        return *known;
      }
      begun = true;
      curves.runs.push_back({});
      curves.runs.back().run = run;
      curves.runs.back().look = curves.runs.size() - 1;
      return curves.runs.back();
    };
    for (const StoredRun& run : news.runs) {
      curvesOf(run.id).name = run.name;
    }
    for (const auto& [run, metric] : news.metrics) {
      curvesOf(run).add(metric);
    }
    curves_ = std::make_shared<const CurveData>(std::move(curves));
    Q_EMIT curvesChanged(begun);
  }
  if (news.snapshots.empty() || !shown_.landscape.grid) {
    return;
  }
  for (const auto& [run, snapshot] : news.snapshots) {
    auto known = std::ranges::find(trajectories_, run, &ProjectedTrajectory::run);
    if (known == trajectories_.end()) {
      const auto& runs = file_->contents.runs;
      const auto named = std::ranges::find(runs, run, &StoredRun::id);
      trajectories_.push_back({run, {}});
      known = std::prev(trajectories_.end());
      known->trajectory.name = named == runs.end() ? std::string() : named->name;
      if (shownRuns_) {
        shownRuns_->insert(run);
      }
    }
    known->trajectory.add(snapshot.coordinates, snapshot.loss);
  }
  applyRuns();
  Q_EMIT shownChanged();
}

}  // namespace tarn::ui
