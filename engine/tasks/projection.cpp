#include "engine/tasks/projection.h"

#include <Eigen/Dense>
#include <cmath>
#include <format>
#include <limits>
#include <utility>

#include "engine/tasks/vectors.h"
#include "topology/base/error.h"

namespace tarn {

/// A plane ready to be projected on.
class ProjectionPlane {
 public:
  explicit ProjectionPlane(const StoredDirections& plane) {
    if (!plane.center || plane.axes.empty()) {
      throw Error(ErrorCode::badInput, "These directions have no centre to project from.",
                  "Sample a new landscape with this version of Tarn.");
    }
    center_ = vectorOf(*plane.center);
    directions_.resize(center_.size(), static_cast<Eigen::Index>(plane.axes.size()));
    for (std::size_t i = 0; i < plane.axes.size(); ++i) {
      const Eigen::VectorXd direction = vectorOf(plane.axes[i].values);
      if (direction.size() != center_.size()) {
        throw Error(ErrorCode::badInput, "A direction and its centre differ in length.");
      }
      directions_.col(static_cast<Eigen::Index>(i)) = direction;
    }
    gram_ = directions_.transpose() * directions_;
    solver_.compute(gram_);
  }

  /// A snapshot's offset from the centre.
  Eigen::VectorXd offset(std::int64_t run, const NdArray& parameters) const {
    Eigen::VectorXd theta = vectorOf(parameters);
    if (theta.size() != center_.size()) {
      throw Error(ErrorCode::badInput, "Run " + std::to_string(run) + " has " +
                                           std::to_string(theta.size()) +
                                           " parameters, the plane is in a space of " +
                                           std::to_string(center_.size()) + ".");
    }
    return theta - center_;
  }
  Eigen::VectorXd coordinates(const Eigen::VectorXd& offset) const {
    return solver_.solve(directions_.transpose() * offset);
  }
  double distance(const Eigen::VectorXd& offset, const Eigen::VectorXd& coordinates) const {
    return (offset - directions_ * coordinates).norm();
  }
  const Eigen::MatrixXd& gram() const { return gram_; }
  Eigen::Index size() const { return center_.size(); }

 private:
  Eigen::VectorXd center_;
  Eigen::MatrixXd directions_;
  Eigen::MatrixXd gram_;
  Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver_;
};

namespace {

/// The variance of offsets about their mean, and what of it lies in the plane.
class Spread {
 public:
  explicit Spread(const ProjectionPlane& plane)
      : gram_(plane.gram()),
        sum_(Eigen::VectorXd::Zero(plane.size())),
        sumInPlane_(Eigen::VectorXd::Zero(gram_.rows())),
        sumAlong_(sumInPlane_),
        squaresAlong_(sumInPlane_) {}

  void add(const Eigen::VectorXd& offset, const Eigen::VectorXd& coordinates) {
    count_ += 1;
    sum_ += offset;
    squares_ += offset.squaredNorm();
    sumInPlane_ += coordinates;
    squaresInPlane_ += coordinates.dot(gram_ * coordinates);
    // The inner product with each axis's unit vector.
    const Eigen::VectorXd along = (gram_ * coordinates).cwiseQuotient(gram_.diagonal().cwiseSqrt());
    sumAlong_ += along;
    squaresAlong_ += along.cwiseAbs2();
  }
  double explained() const {
    return part(squaresInPlane_ - sumInPlane_.dot(gram_ * sumInPlane_) / count_);
  }
  std::vector<double> alongAxes() const {
    std::vector<double> parts;
    parts.reserve(static_cast<std::size_t>(sumAlong_.size()));
    for (Eigen::Index i = 0; i < sumAlong_.size(); ++i) {
      parts.push_back(part(squaresAlong_[i] - sumAlong_[i] * sumAlong_[i] / count_));
    }
    return parts;
  }

 private:
  double part(double variance) const {
    const double whole = squares_ - sum_.squaredNorm() / count_;
    return whole > 0 ? variance / whole : std::numeric_limits<double>::quiet_NaN();
  }

  const Eigen::MatrixXd& gram_;
  double count_ = 0;
  Eigen::VectorXd sum_;
  double squares_ = 0;
  Eigen::VectorXd sumInPlane_;
  double squaresInPlane_ = 0;
  Eigen::VectorXd sumAlong_;
  Eigen::VectorXd squaresAlong_;
};

}  // namespace

SnapshotProjector::SnapshotProjector(const StoredDirections& plane)
    : plane_(std::make_unique<const ProjectionPlane>(plane)) {}
SnapshotProjector::~SnapshotProjector() = default;

ProjectedSnapshot SnapshotProjector::project(std::int64_t run,
                                             const StoredSnapshot& snapshot) const {
  const Eigen::VectorXd offset = plane_->offset(run, snapshot.parameters);
  const Eigen::VectorXd coordinates = plane_->coordinates(offset);
  return {snapshot.step,
          snapshot.epoch,
          snapshot.loss,
          {coordinates.begin(), coordinates.end()},
          plane_->distance(offset, coordinates)};
}

ProjectedRuns projectRuns(const Project& project, const std::vector<std::int64_t>& runs,
                          const StoredDirections& directions, const std::stop_token& stop) {
  const ProjectionPlane plane(directions);
  Spread ofAll(plane);
  ProjectedRuns result;
  for (const std::int64_t run : runs) {
    Spread ofRun(plane);
    ProjectedRun projected;
    projected.run = run;
    for (const SnapshotInfo& info : project.snapshots(run)) {
      if (stop.stop_requested()) {
        throw Error(ErrorCode::cancelled, "Projecting the run was stopped.");
      }
      const Eigen::VectorXd offset = plane.offset(run, project.snapshot(run, info.step).parameters);
      const Eigen::VectorXd coordinates = plane.coordinates(offset);
      projected.snapshots.push_back({info.step,
                                     info.epoch,
                                     info.loss,
                                     {coordinates.begin(), coordinates.end()},
                                     plane.distance(offset, coordinates)});
      ofRun.add(offset, coordinates);
      ofAll.add(offset, coordinates);
    }
    projected.explainedVariance = ofRun.explained();
    result.runs.push_back(std::move(projected));
  }
  result.explainedVariance = ofAll.explained();
  result.alongAxis = ofAll.alongAxes();
  return result;
}

ProjectedRun projectRun(const Project& project, std::int64_t run, const StoredDirections& plane,
                        const std::stop_token& stop) {
  return std::move(projectRuns(project, {run}, plane, stop).runs.front());
}

bool sameSpace(const StoredExperiment& a, const StoredExperiment& b) {
  if (a.id == b.id) {
    return true;
  }
  const auto has = [](const StoredExperiment& e) {
    return e.described.is_object() && e.described.contains("groups");
  };
  return has(a) && has(b) && a.described.at("groups") == b.described.at("groups");
}

std::vector<StoredRun> runsInSpaceOf(const Project& project, std::int64_t experiment) {
  const StoredExperiment home = project.experiment(experiment);
  std::vector<StoredRun> runs;
  for (StoredRun& run : project.runs()) {
    if (!project.snapshots(run.id).empty() && sameSpace(home, project.experiment(run.experiment))) {
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

std::string percentText(double part) {
  const double percent = 100 * part;
  return percent < 9.95 ? std::format("{:.2g} %", percent) : std::format("{:.0f} %", percent);
}

std::string subspaceText(std::size_t directions) {
  return directions == 2   ? "this plane"
         : directions == 1 ? "this direction"
                           : std::format("these {} directions", directions);
}

std::string motionPartText(double explainedVariance) {
  return std::isfinite(explainedVariance) ? percentText(explainedVariance) + " of its motion"
                                          : "it did not move";
}

std::string motionText(double explainedVariance, std::size_t directions) {
  if (!std::isfinite(explainedVariance)) {
    return motionPartText(explainedVariance);
  }
  return motionPartText(explainedVariance) + " lies in " + subspaceText(directions) +
         (explainedVariance >= kLittleExplained ? ""
          : directions <= 2                     ? ", which shows little of its way"
                                                : ", which show little of its way");
}

}  // namespace tarn
