#include "engine/tasks/run_planes.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/tasks/principal_components.h"
#include "engine/tasks/projection.h"
#include "engine/tasks/vectors.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

/// Of the larger side, squared: below it the second one is rounding.
constexpr double kFlat = 1e-10;

Eigen::VectorXd load(const Project& project, const SnapshotRef& ref, const std::stop_token& stop) {
  if (stop.stop_requested()) {
    throw Error(ErrorCode::cancelled, "Finding the plane of the runs was stopped.");
  }
  return parametersAt(project, ref);
}

void requireOneSpace(const Project& project, const std::vector<std::int64_t>& runs) {
  const StoredExperiment home = project.experiment(project.run(runs.front()).experiment);
  for (const std::int64_t run : runs) {
    if (!sameSpace(home, project.experiment(project.run(run).experiment))) {
      throw Error(ErrorCode::usage,
                  "Runs " + std::to_string(runs.front()) + " and " + std::to_string(run) +
                      " are of models with different parameters: no plane holds both.",
                  "Choose runs of one model.");
    }
  }
}

Error noPlane() {
  return {ErrorCode::badInput, "These points lie on one line: there is no plane through them.",
          "Choose other runs, or runs with more snapshots."};
}

StoredDirections directionsOf(const Eigen::VectorXd& centre, const Eigen::MatrixXd& axes,
                              const std::string& kind) {
  StoredDirections set;
  set.normalize = "none";
  set.center = arrayOf(centre);
  for (Eigen::Index i = 0; i < axes.cols(); ++i) {
    StoredDirection axis;
    axis.name = kind + ":" + std::to_string(i + 1);
    axis.kind = kind;
    axis.norm = 1;
    axis.values = arrayOf(axes.col(i));
    set.axes.push_back(std::move(axis));
  }
  return set;
}

StoredDirections principalPlane(const Project& project, const std::vector<SnapshotRef>& all,
                                const std::stop_token& stop) {
  if (all.size() < 3) {
    throw Error(ErrorCode::usage, "A plane of principal components needs three snapshots or more.",
                "Train with more --snapshots, or choose more runs.");
  }
  PrincipalComponents found = principalComponents(project, all, 2, stop);
  if (found.independent < 2) {
    throw noPlane();
  }
  // The first snapshot lies on the lower side, so that the picture does not depend on a solver.
  const Eigen::VectorXd start = load(project, all.front(), stop) - found.mean;
  for (Eigen::Index k = 0; k < 2; ++k) {
    if (start.dot(found.axes.col(k)) > 0) {
      found.axes.col(k) *= -1;
    }
  }
  return directionsOf(found.mean, found.axes, "pca");
}

StoredDirections planeOfEnds(const Project& project, const std::vector<SnapshotRef>& ends,
                             const std::stop_token& stop) {
  if (ends.size() != 3) {
    throw Error(ErrorCode::usage,
                "A plane through end points needs three runs, and there are " +
                    std::to_string(ends.size()) + ".",
                "Name three with --runs ID,ID,ID.");
  }
  const Eigen::VectorXd centre = load(project, ends[0], stop);
  Eigen::MatrixXd axes(centre.size(), 2);
  axes.col(0) = load(project, ends[1], stop) - centre;
  axes.col(1) = load(project, ends[2], stop) - centre;
  const double longest = std::max(axes.col(0).norm(), axes.col(1).norm());
  if (!(axes.col(0).norm() > std::sqrt(kFlat) * longest)) {
    throw noPlane();
  }
  axes.col(0).normalize();
  axes.col(1) -= axes.col(0).dot(axes.col(1)) * axes.col(0);
  if (!(axes.col(1).norm() > std::sqrt(kFlat) * longest)) {
    throw noPlane();
  }
  axes.col(1).normalize();
  return directionsOf(centre, axes, "ends");
}

}  // namespace

StoredDirections planeOfRuns(const Project& project, const std::vector<std::int64_t>& runs,
                             RunPlane plane, const std::stop_token& stop) {
  if (runs.empty()) {
    throw Error(ErrorCode::usage, "There is no run to make a plane of.", "Train one first.");
  }
  requireOneSpace(project, runs);
  std::vector<SnapshotRef> all;
  std::vector<SnapshotRef> ends;
  for (const std::int64_t run : runs) {
    const std::vector<SnapshotRef> ofRun = snapshotsOf(project, run);
    all.insert(all.end(), ofRun.begin(), ofRun.end());
    if (!ofRun.empty()) {
      ends.push_back(ofRun.back());
    }
  }
  return plane == RunPlane::pca ? principalPlane(project, all, stop)
                                : planeOfEnds(project, ends, stop);
}

}  // namespace tarn
