#include "engine/tasks/run_comparison.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "engine/protocol/fields.h"
#include "engine/tasks/projection.h"
#include "engine/tasks/smad_probe.h"
#include "engine/tasks/vectors.h"
#include "topology/base/error.h"
#include "topology/grid/interpolation.h"

namespace tarn {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

std::optional<SnapshotInfo> lastMeasured(const std::vector<SnapshotInfo>& snapshots) {
  const auto found =
      std::find_if(snapshots.rbegin(), snapshots.rend(),
                   [](const SnapshotInfo& snapshot) { return std::isfinite(snapshot.loss); });
  return found == snapshots.rend() ? std::nullopt : std::optional(*found);
}

void addProbes(ComparedRun& compared, const std::vector<StoredMetric>& metrics) {
  for (const StoredMetric& metric : metrics) {
    if (const auto smad = probeOf(metric, kSmad)) {
      compared.smad = smad;
    }
    const auto loss = probeOf(metric, kValidationLoss);
    if (!loss || metric.step > compared.steps) {
      continue;
    }
    compared.validationLoss = loss;
    compared.validationAccuracy = probeOf(metric, kValidationAccuracy);
    compared.bestValidationLoss = std::min(*loss, compared.bestValidationLoss.value_or(*loss));
  }
}

/// The run's facts; its end is returned where it has one.
std::optional<Eigen::VectorXd> fill(const Project& project, ComparedRun& compared) {
  const StoredRun& run = compared.run;
  if (run.facts.is_object()) {
    compared.seconds = optionalNumber(run.facts, "seconds");
    if (const auto step = optionalNumber(run.facts, "diverged_at")) {
      compared.divergedAt = static_cast<std::int64_t>(*step);
    }
  }
  const auto snapshots = project.snapshots(run.id);
  compared.snapshots = snapshots.size();
  compared.finalLoss = compared.bestLoss = compared.distance = kUnknown;
  const auto end = lastMeasured(snapshots);
  if (!end) {
    return std::nullopt;
  }
  compared.steps = end->step;
  compared.finalLoss = end->loss;
  compared.accuracy = end->accuracy;
  for (const SnapshotInfo& snapshot : snapshots) {
    if (std::isfinite(snapshot.loss) && !(snapshot.loss >= compared.bestLoss)) {
      compared.bestLoss = snapshot.loss;
      compared.bestStep = snapshot.step;
    }
  }
  addProbes(compared, project.metrics(run.id));
  Eigen::VectorXd theta = vectorOf(project.snapshot(run.id, end->step).parameters);
  const Eigen::VectorXd start =
      vectorOf(project.snapshot(run.id, snapshots.front().step).parameters);
  if (start.size() == theta.size()) {
    compared.distance = (theta - start).norm();
  }
  return theta;
}

/// The plane of a landscape: its directions, where a run of that experiment can be projected.
std::optional<StoredDirections> planeFor(const Project& project, const StoredLandscape& landscape,
                                         const StoredExperiment& home) {
  if (!landscape.directions) {
    return std::nullopt;
  }
  StoredDirections plane = project.directions(*landscape.directions);
  if (!plane.center || !sameSpace(home, project.experiment(plane.experiment))) {
    return std::nullopt;
  }
  return plane;
}

void addPlane(const Project& project, RunComparison& comparison, const LandscapePlane& plane,
              const std::stop_token& stop) {
  const StoredExperiment home = project.experiment(plane.directions.experiment);
  const ScalarGrid grid = project.landscapeGrid(plane.landscape, "loss").grid;
  for (ComparedRun& compared : comparison.runs) {
    if (compared.snapshots == 0 || !std::isfinite(compared.finalLoss) ||
        !sameSpace(home, project.experiment(compared.run.experiment))) {
      continue;
    }
    const ProjectedRun projected = projectRun(project, compared.run.id, plane.directions, stop);
    const auto end =
        std::ranges::find(projected.snapshots, compared.steps, &ProjectedSnapshot::step);
    compared.plane = {projected.explainedVariance, end->offPlane,
                      interpolateAt(grid, end->coordinates)};
  }
}

}  // namespace

std::optional<double> probeOf(const StoredMetric& metric, const std::string& name) {
  return metric.probes.is_object() ? optionalNumber(metric.probes, name) : std::nullopt;
}

std::optional<LandscapePlane> landscapePlane(const Project& project, const StoredRun& first,
                                             std::optional<std::int64_t> wanted) {
  const StoredExperiment home = project.experiment(first.experiment);
  if (wanted) {
    auto plane = planeFor(project, project.landscape(*wanted), home);
    if (!plane) {
      throw Error(ErrorCode::usage,
                  "Landscape " + std::to_string(*wanted) +
                      " has no directions in the parameter space of run " +
                      std::to_string(first.id) + ".",
                  "Name a landscape that was sampled on the model of the runs.");
    }
    return LandscapePlane{*wanted, std::move(*plane)};
  }
  const auto landscapes = project.landscapes();
  for (auto landscape = landscapes.rbegin(); landscape != landscapes.rend(); ++landscape) {
    if (auto plane = planeFor(project, *landscape, home)) {
      return LandscapePlane{landscape->id, std::move(*plane)};
    }
  }
  return std::nullopt;
}

ComparedRun runFacts(const Project& project, std::int64_t run) {
  ComparedRun compared;
  compared.run = project.run(run);
  fill(project, compared);
  return compared;
}

RunComparison compareRuns(const Project& project, const std::vector<std::int64_t>& runs,
                          std::optional<std::int64_t> landscape, const std::stop_token& stop) {
  RunComparison comparison;
  std::vector<std::optional<Eigen::VectorXd>> ends;
  for (const std::int64_t id : runs) {
    if (stop.stop_requested()) {
      throw Error(ErrorCode::cancelled, "Comparing the runs was stopped.");
    }
    ComparedRun compared;
    compared.run = project.run(id);
    ends.push_back(fill(project, compared));
    comparison.runs.push_back(std::move(compared));
  }
  const std::size_t count = runs.size();
  comparison.endDistances.assign(count, std::vector<double>(count, 0.0));
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i + 1; j < count; ++j) {
      const bool known = ends[i] && ends[j] && ends[i]->size() == ends[j]->size();
      comparison.endDistances[i][j] = comparison.endDistances[j][i] =
          known ? (*ends[i] - *ends[j]).norm() : kUnknown;
    }
  }
  if (!comparison.runs.empty()) {
    if (const auto plane = landscapePlane(project, comparison.runs.front().run, landscape)) {
      comparison.landscape = plane->landscape;
      addPlane(project, comparison, *plane, stop);
    }
  }
  return comparison;
}

}  // namespace tarn
