#pragma once

#include <Eigen/Core>
#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "engine/project/project.h"

namespace tarn {

/// A snapshot of one of a project's runs.
struct SnapshotRef {
  std::int64_t run = 0;
  std::int64_t step = 0;
};

/// All snapshots of a run, by step.
std::vector<SnapshotRef> snapshotsOf(const Project& project, std::int64_t run);

/// θ of a snapshot. Throws the project's errors.
Eigen::VectorXd parametersAt(const Project& project, const SnapshotRef& snapshot);

/// What snapshots vary along, about their mean.
struct PrincipalComponents {
  Eigen::VectorXd mean;
  Eigen::MatrixXd axes;         ///< P×k: unit vectors by descending variance, each up to its sign
  std::vector<double> shares;   ///< of the whole variance, one an axis
  std::size_t independent = 0;  ///< components there are: those whose variance is not rounding
};

/// The first `count` principal components of one snapshot or more of one parameter space, or all
/// that there are when they are fewer. The eigenvectors of the P×P covariance come from those of
/// the snapshots' inner products (v = Xu/√λ). Snapshots are read in blocks, so that the memory
/// taken does not grow with their number. Throws Error(cancelled).
PrincipalComponents principalComponents(const Project& project,
                                        const std::vector<SnapshotRef>& snapshots,
                                        std::size_t count, const std::stop_token& stop);

}  // namespace tarn
