#include "engine/tasks/run_planes.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/tasks/projection.h"
#include "engine/tasks/vectors.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

/// Snapshots that are in memory at once, for the inner products of all pairs.
constexpr std::size_t kBlockBytes = std::size_t{128} << 20U;
/// Of the largest: below it the second direction is rounding.
constexpr double kFlat = 1e-10;

struct SnapshotRef {
  std::int64_t run = 0;
  std::int64_t step = 0;
};

Eigen::VectorXd load(const Project& project, const SnapshotRef& ref, const std::stop_token& stop) {
  if (stop.stop_requested()) {
    throw Error(ErrorCode::cancelled, "Finding the plane of the runs was stopped.");
  }
  return vectorOf(project.snapshot(ref.run, ref.step).parameters);
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

/// So many offsets from the centre, one a column.
Eigen::MatrixXd block(const Project& project, const std::vector<SnapshotRef>& all,
                      const Eigen::VectorXd& centre, std::size_t first, std::size_t count,
                      const std::stop_token& stop) {
  Eigen::MatrixXd columns(centre.size(), static_cast<Eigen::Index>(count));
  for (std::size_t i = 0; i < count; ++i) {
    columns.col(static_cast<Eigen::Index>(i)) = load(project, all[first + i], stop) - centre;
  }
  return columns;
}

/// The inner products of all offsets from the centre.
Eigen::MatrixXd gramOf(const Project& project, const std::vector<SnapshotRef>& all,
                       const Eigen::VectorXd& centre, const std::stop_token& stop) {
  const std::size_t bytes = static_cast<std::size_t>(centre.size()) * sizeof(double);
  const std::size_t step =
      std::clamp<std::size_t>(kBlockBytes / std::max<std::size_t>(bytes, 1), 1, all.size());
  const auto size = static_cast<Eigen::Index>(all.size());
  Eigen::MatrixXd gram(size, size);
  for (std::size_t i = 0; i < all.size(); i += step) {
    const Eigen::MatrixXd a = block(project, all, centre, i, std::min(step, all.size() - i), stop);
    const auto row = static_cast<Eigen::Index>(i);
    gram.block(row, row, a.cols(), a.cols()) = a.transpose() * a;
    for (std::size_t j = i + step; j < all.size(); j += step) {
      const Eigen::MatrixXd b =
          block(project, all, centre, j, std::min(step, all.size() - j), stop);
      const auto column = static_cast<Eigen::Index>(j);
      gram.block(row, column, a.cols(), b.cols()) = a.transpose() * b;
      gram.block(column, row, b.cols(), a.cols()) =
          gram.block(row, column, a.cols(), b.cols()).transpose();
    }
  }
  return gram;
}

// The eigenvectors of the P × P covariance by those of the small Gram matrix: v = Xu/√λ.
StoredDirections principalPlane(const Project& project, const std::vector<SnapshotRef>& all,
                                const std::stop_token& stop) {
  if (all.size() < 3) {
    throw Error(ErrorCode::usage, "A plane of principal components needs three snapshots or more.",
                "Train with more --snapshots, or choose more runs.");
  }
  Eigen::VectorXd centre = load(project, all.front(), stop);
  for (std::size_t i = 1; i < all.size(); ++i) {
    centre += load(project, all[i], stop);
  }
  centre /= static_cast<double>(all.size());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gramOf(project, all, centre, stop));
  const Eigen::Index last = solver.eigenvalues().size() - 1;
  if (!(solver.eigenvalues()[last - 1] > kFlat * solver.eigenvalues()[last])) {
    throw noPlane();
  }
  Eigen::MatrixXd axes = Eigen::MatrixXd::Zero(centre.size(), 2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Eigen::VectorXd offset = load(project, all[i], stop) - centre;
    for (Eigen::Index k = 0; k < 2; ++k) {
      axes.col(k) += solver.eigenvectors()(static_cast<Eigen::Index>(i), last - k) * offset;
    }
  }
  for (Eigen::Index k = 0; k < 2; ++k) {
    axes.col(k).normalize();
    // The first snapshot lies on the lower side, so that the picture does not depend on a solver.
    if ((load(project, all.front(), stop) - centre).dot(axes.col(k)) > 0) {
      axes.col(k) *= -1;
    }
  }
  return directionsOf(centre, axes, "pca");
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
    for (const SnapshotInfo& info : project.snapshots(run)) {
      all.push_back({run, info.step});
    }
    if (!all.empty() && all.back().run == run) {
      ends.push_back(all.back());
    }
  }
  return plane == RunPlane::pca ? principalPlane(project, all, stop)
                                : planeOfEnds(project, ends, stop);
}

}  // namespace tarn
