#include "engine/tasks/projection.h"

#include <Eigen/Dense>
#include <cmath>
#include <format>
#include <limits>
#include <utility>

#include "topology/base/error.h"

namespace tarn {
namespace {

Eigen::VectorXd vectorOf(const NdArray& array) {
  const std::vector<double> values = array.toDoubles();
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
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

}  // namespace

ProjectedRun projectRun(const Project& project, std::int64_t run, const StoredDirections& plane,
                        const std::stop_token& stop) {
  if (!plane.center || plane.axes.empty()) {
    throw Error(ErrorCode::badInput, "These directions have no centre to project from.",
                "Sample a new landscape with this version of Tarn.");
  }
  const Eigen::VectorXd center = vectorOf(*plane.center);
  const auto axes = static_cast<Eigen::Index>(plane.axes.size());
  Eigen::MatrixXd directions(center.size(), axes);
  for (Eigen::Index i = 0; i < axes; ++i) {
    const Eigen::VectorXd direction = vectorOf(plane.axes[static_cast<std::size_t>(i)].values);
    if (direction.size() != center.size()) {
      throw Error(ErrorCode::badInput, "A direction and its centre differ in length.");
    }
    directions.col(i) = direction;
  }
  const Eigen::MatrixXd gram = directions.transpose() * directions;
  const Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver(gram);

  ProjectedRun result;
  result.run = run;
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(center.size());
  double sumOfSquares = 0;
  Eigen::VectorXd sumInPlane = Eigen::VectorXd::Zero(axes);
  double sumOfSquaresInPlane = 0;
  for (const SnapshotInfo& info : project.snapshots(run)) {
    if (stop.stop_requested()) {
      throw Error(ErrorCode::cancelled, "Projecting the run was stopped.");
    }
    const Eigen::VectorXd theta = vectorOf(project.snapshot(run, info.step).parameters);
    if (theta.size() != center.size()) {
      throw Error(ErrorCode::badInput, "Run " + std::to_string(run) + " has " +
                                           std::to_string(theta.size()) +
                                           " parameters, the plane is in a space of " +
                                           std::to_string(center.size()) + ".");
    }
    const Eigen::VectorXd offset = theta - center;
    const Eigen::VectorXd coordinates = solver.solve(directions.transpose() * offset);
    result.snapshots.push_back({info.step,
                                info.epoch,
                                info.loss,
                                {coordinates.begin(), coordinates.end()},
                                (offset - directions * coordinates).norm()});
    sum += offset;
    sumOfSquares += offset.squaredNorm();
    sumInPlane += coordinates;
    sumOfSquaresInPlane += coordinates.dot(gram * coordinates);
  }
  const auto count = static_cast<double>(result.snapshots.size());
  const double variance = sumOfSquares - sum.squaredNorm() / count;
  const double inPlane = sumOfSquaresInPlane - sumInPlane.dot(gram * sumInPlane) / count;
  result.explainedVariance =
      variance > 0 ? inPlane / variance : std::numeric_limits<double>::quiet_NaN();
  return result;
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

std::string motionText(double explainedVariance) {
  if (!std::isfinite(explainedVariance)) {
    return "it did not move";
  }
  return percentText(explainedVariance) + " of its motion lies in this plane" +
         (explainedVariance < kLittleExplained ? ", which shows little of its way" : "");
}

}  // namespace tarn
