#include "engine/tasks/principal_components.h"

#include <Eigen/Dense>
#include <algorithm>

#include "engine/tasks/vectors.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

/// Snapshots that are in memory at once, for the inner products of all pairs.
constexpr std::size_t kBlockBytes = std::size_t{128} << 20U;
/// Of the largest variance: below it there is rounding.
constexpr double kRounding = 1e-10;

/// The snapshots' offsets from their mean, read as they are needed.
class Offsets {
 public:
  Offsets(const Project& project, const std::vector<SnapshotRef>& snapshots,
          const std::stop_token& stop)
      : project_(project), snapshots_(snapshots), stop_(stop) {
    mean_ = load(0);
    for (std::size_t i = 1; i < snapshots.size(); ++i) {
      mean_ += load(i);
    }
    mean_ /= static_cast<double>(snapshots.size());
  }

  const Eigen::VectorXd& mean() const { return mean_; }
  std::size_t size() const { return snapshots_.size(); }
  Eigen::VectorXd operator[](std::size_t i) const { return load(i) - mean_; }

  /// So many, one a column.
  Eigen::MatrixXd block(std::size_t first, std::size_t count) const {
    count = std::min(count, size() - first);
    Eigen::MatrixXd columns(mean_.size(), static_cast<Eigen::Index>(count));
    for (std::size_t i = 0; i < count; ++i) {
      columns.col(static_cast<Eigen::Index>(i)) = (*this)[first + i];
    }
    return columns;
  }

 private:
  Eigen::VectorXd load(std::size_t i) const {
    if (stop_.stop_requested()) {
      throw Error(ErrorCode::cancelled, "Reading the runs' snapshots was stopped.");
    }
    return parametersAt(project_, snapshots_[i]);
  }

  const Project& project_;
  const std::vector<SnapshotRef>& snapshots_;
  const std::stop_token& stop_;
  Eigen::VectorXd mean_;
};

Eigen::MatrixXd innerProducts(const Offsets& offsets) {
  const std::size_t bytes = static_cast<std::size_t>(offsets.mean().size()) * sizeof(double);
  const std::size_t step =
      std::clamp<std::size_t>(kBlockBytes / std::max<std::size_t>(bytes, 1), 1, offsets.size());
  const auto size = static_cast<Eigen::Index>(offsets.size());
  Eigen::MatrixXd gram(size, size);
  for (std::size_t i = 0; i < offsets.size(); i += step) {
    const Eigen::MatrixXd a = offsets.block(i, step);
    const auto row = static_cast<Eigen::Index>(i);
    gram.block(row, row, a.cols(), a.cols()) = a.transpose() * a;
    for (std::size_t j = i + step; j < offsets.size(); j += step) {
      const Eigen::MatrixXd b = offsets.block(j, step);
      const auto column = static_cast<Eigen::Index>(j);
      gram.block(row, column, a.cols(), b.cols()) = a.transpose() * b;
      gram.block(column, row, b.cols(), a.cols()) =
          gram.block(row, column, a.cols(), b.cols()).transpose();
    }
  }
  return gram;
}

}  // namespace

std::vector<SnapshotRef> snapshotsOf(const Project& project, std::int64_t run) {
  std::vector<SnapshotRef> all;
  for (const SnapshotInfo& info : project.snapshots(run)) {
    all.push_back({run, info.step});
  }
  return all;
}

Eigen::VectorXd parametersAt(const Project& project, const SnapshotRef& snapshot) {
  return vectorOf(project.snapshot(snapshot.run, snapshot.step).parameters);
}

PrincipalComponents principalComponents(const Project& project,
                                        const std::vector<SnapshotRef>& snapshots,
                                        std::size_t count, const std::stop_token& stop) {
  const Offsets offsets(project, snapshots, stop);
  const Eigen::MatrixXd gram = innerProducts(offsets);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
  const Eigen::VectorXd& values = solver.eigenvalues();  // ascending
  const Eigen::Index last = values.size() - 1;
  PrincipalComponents found;
  found.mean = offsets.mean();
  if (values[last] > 0) {
    found.independent =
        static_cast<std::size_t>((values.array() > kRounding * values[last]).count());
  }
  const auto kept = static_cast<Eigen::Index>(std::min(count, found.independent));
  found.axes = Eigen::MatrixXd::Zero(found.mean.size(), kept);
  for (std::size_t i = 0; kept > 0 && i < snapshots.size(); ++i) {
    const Eigen::VectorXd offset = offsets[i];
    for (Eigen::Index k = 0; k < kept; ++k) {
      found.axes.col(k) += solver.eigenvectors()(static_cast<Eigen::Index>(i), last - k) * offset;
    }
  }
  for (Eigen::Index k = 0; k < kept; ++k) {
    found.axes.col(k).normalize();
    found.shares.push_back(values[last - k] / gram.trace());
  }
  return found;
}

}  // namespace tarn
