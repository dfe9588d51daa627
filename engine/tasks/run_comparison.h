#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/project/project.h"

namespace tarn {

/// The names under which a run's metrics keep what it was like on the samples held out.
inline constexpr const char* kValidationLoss = "validation_loss";
inline constexpr const char* kValidationAccuracy = "validation_accuracy";

/// One of a metric's further numbers; none when it was not measured there.
std::optional<double> probeOf(const StoredMetric& metric, const std::string& name);

/// A run's end on the plane of a landscape.
struct EndOnPlane {
  double explainedVariance = 0;  ///< of the whole run; NaN when it did not move
  double offPlane = 0;           ///< distance of the end from the plane
  /// What the landscape says where the end stands in the plane, interpolated; NaN outside the
  /// sampled part and where it is not computed.
  double lossOnPlane = 0;
};

/// What is compared of a run. "Final" is at its last snapshot where the exact loss was measured;
/// the best is the lowest that was. Numbers that there are not are NaN, or none.
struct ComparedRun {
  StoredRun run;
  std::size_t snapshots = 0;
  std::int64_t steps = 0;  ///< up to where the final loss was measured
  std::optional<std::int64_t> divergedAt;
  std::optional<double> seconds;  ///< that its training took, in the engine
  double finalLoss = 0;
  double bestLoss = 0;
  std::int64_t bestStep = 0;
  std::optional<double> accuracy;
  std::optional<double> validationLoss;
  std::optional<double> bestValidationLoss;
  std::optional<double> validationAccuracy;
  std::optional<double> smad;  ///< around the last snapshot where it was measured
  double distance = 0;         ///< ‖θ_T − θ_0‖
  std::optional<EndOnPlane> plane;
};

struct RunComparison {
  std::vector<ComparedRun> runs;
  /// Whose plane it is; none when no landscape lies in the runs' space.
  std::optional<std::int64_t> landscape;
  /// ‖θ_T − θ′_T‖ between the ends of all pairs; NaN where the parameters are not the same.
  std::vector<std::vector<double>> endDistances;
};

/// The plane of a landscape.
struct LandscapePlane {
  std::int64_t landscape = 0;
  StoredDirections directions;
};

/// The plane of `wanted`, or of the latest landscape that has directions in the parameter space of
/// a run; none when there is no such. Throws Error(usage) when `wanted` has no such plane.
std::optional<LandscapePlane> landscapePlane(const Project& project, const StoredRun& run,
                                             std::optional<std::int64_t> wanted = {});

/// A run's own facts, without a plane. Throws the project's errors.
ComparedRun runFacts(const Project& project, std::int64_t run);

/// Compares runs, in the order given. The plane is that of `landscape`, or of the latest landscape
/// that has directions in the space of the first run. Throws the project's errors, and
/// Error(cancelled).
RunComparison compareRuns(const Project& project, const std::vector<std::int64_t>& runs,
                          std::optional<std::int64_t> landscape = {},
                          const std::stop_token& stop = {});

}  // namespace tarn
