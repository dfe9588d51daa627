#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/project/project.h"

namespace tarn {

/// One snapshot of a run as seen on a landscape's plane.
struct ProjectedSnapshot {
  std::int64_t step = 0;
  double epoch = 0;
  double loss = 0;                  ///< the true loss; NaN where it was not measured
  std::vector<double> coordinates;  ///< one per direction: the nearest point of the plane
  double offPlane = 0;              ///< ‖θ_t − θ − Σ cᵢ dᵢ‖
};

class ProjectionPlane;

/// Projects snapshots that come one by one, as projectRun does a whole run.
class SnapshotProjector {
 public:
  /// Throws Error(badInput) for directions without a centre.
  explicit SnapshotProjector(const StoredDirections& plane);
  ~SnapshotProjector();
  SnapshotProjector(const SnapshotProjector&) = delete;
  SnapshotProjector& operator=(const SnapshotProjector&) = delete;

  /// Throws Error(badInput) for parameters of another space.
  ProjectedSnapshot project(std::int64_t run, const StoredSnapshot& snapshot) const;

 private:
  std::unique_ptr<const ProjectionPlane> plane_;
};

/// A run on a landscape's plane.
struct ProjectedRun {
  std::int64_t run = 0;
  std::vector<ProjectedSnapshot> snapshots;  ///< by step
  /// The part of the snapshots' variance about their mean that lies in the plane, 0 … 1; NaN when
  /// the run did not move.
  double explainedVariance = 0;
};

/// Projects a run's snapshots orthogonally on the plane θ + span(dᵢ) of a direction set (which need
/// not be orthonormal: the normal equations with the Gram matrix are solved), in double.
/// Throws Error(badInput) when the run belongs to another parameter space, Error(cancelled).
ProjectedRun projectRun(const Project& project, std::int64_t run, const StoredDirections& plane,
                        const std::stop_token& stop = {});

/// Several runs on one plane.
struct ProjectedRuns {
  std::vector<ProjectedRun> runs;  ///< in the order that they were asked for
  /// The part of the variance of all snapshots about their common mean that lies in the plane, and
  /// that along each axis alone; NaN when nothing moved.
  double explainedVariance = 0;
  std::vector<double> alongAxis;
};

/// As projectRun, of several.
ProjectedRuns projectRuns(const Project& project, const std::vector<std::int64_t>& runs,
                          const StoredDirections& plane, const std::stop_token& stop = {});

/// Whether two experiments of a project have the same parameters in the same order.
bool sameSpace(const StoredExperiment& a, const StoredExperiment& b);

/// The runs of a project that can be projected: those with a snapshot, in the parameter space of an
/// experiment (the same parameters in the same order).
std::vector<StoredRun> runsInSpaceOf(const Project& project, std::int64_t experiment);

/// Below this part of its variance a projection shows little of a run's way.
constexpr double kLittleExplained = 0.05;

/// "0.04 %": a part of 1 with two digits.
std::string percentText(double part);
/// What so many directions span: "this plane", "these 3 directions".
std::string subspaceText(std::size_t directions);
/// "12 % of its motion", or that it did not move.
std::string motionPartText(double explainedVariance);
/// "12 % of its motion lies in this plane"; it adds what that means when it is little.
std::string motionText(double explainedVariance, std::size_t directions = 2);

}  // namespace tarn
