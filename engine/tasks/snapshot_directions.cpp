#include "engine/tasks/snapshot_directions.h"

#include <Eigen/Dense>
#include <algorithm>
#include <string>

#include "engine/tasks/vectors.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30U;

Eigen::VectorXd parametersAt(const Project& project, std::int64_t run, std::int64_t step) {
  return vectorOf(project.snapshot(run, step).parameters);
}

/// One column a snapshot.
Eigen::MatrixXd snapshotsOf(const Project& project, std::int64_t run, const std::stop_token& stop) {
  const auto infos = project.snapshots(run);
  if (infos.size() < 2) {
    throw Error(ErrorCode::badInput,
                "Run " + std::to_string(run) + " has fewer than two snapshots, so no ways.",
                "Train with --snapshots 100.");
  }
  const Eigen::VectorXd last = parametersAt(project, run, infos.back().step);
  const auto bytes = static_cast<std::uint64_t>(last.size()) * sizeof(double) * infos.size();
  const auto every = static_cast<std::size_t>(1 + bytes / kMostBytes);
  std::vector<std::int64_t> steps;
  for (std::size_t i = infos.size(); i > 0; i -= std::min(i, every)) {
    steps.push_back(infos[i - 1].step);
  }
  Eigen::MatrixXd columns(last.size(), static_cast<Eigen::Index>(steps.size()));
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (stop.stop_requested()) {
      throw Error(ErrorCode::cancelled, "Reading the run was stopped.");
    }
    columns.col(static_cast<Eigen::Index>(i)) = parametersAt(project, run, steps[i]);
  }
  return columns;
}

}  // namespace

MainWays mainWays(const Project& project, std::int64_t run, std::size_t count,
                  const std::stop_token& stop) {
  Eigen::MatrixXd columns = snapshotsOf(project, run, stop);
  const Eigen::VectorXd mean = columns.rowwise().mean();
  columns.colwise() -= mean;
  const Eigen::MatrixXd gram = columns.transpose() * columns;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram);
  const Eigen::VectorXd& values = solver.eigenvalues();  // ascending
  const double largest = values(values.size() - 1);
  constexpr double least = 1e-10;  // of the largest: beyond rounding
  const auto ways = (values.array() > least * largest).count();
  if (!(largest > 0) || static_cast<Eigen::Index>(count) > ways) {
    throw Error(ErrorCode::badInput,
                "Run " + std::to_string(run) + " moved in " +
                    std::to_string(largest > 0 ? ways : 0) + " independent ways by its " +
                    std::to_string(columns.cols()) + " snapshots; " + std::to_string(count) +
                    " were asked for.",
                "Ask for fewer, or keep more snapshots when training.");
  }
  MainWays result;
  for (std::size_t i = 0; i < count; ++i) {
    const auto place = values.size() - 1 - static_cast<Eigen::Index>(i);
    Eigen::VectorXd way = (columns * solver.eigenvectors().col(place)).normalized();
    Eigen::Index most = 0;
    way.cwiseAbs().maxCoeff(&most);
    way *= way(most) < 0 ? -1.0 : 1.0;
    result.directions.push_back(arrayOf(way));
    result.shares.push_back(values(place) / gram.trace());
  }
  return result;
}

NdArray lastUpdate(const Project& project, std::int64_t run) {
  const auto infos = project.snapshots(run);
  if (infos.size() < 2) {
    throw Error(ErrorCode::badInput,
                "Run " + std::to_string(run) + " has fewer than two snapshots, so no last update.",
                "Train with --snapshots 100.");
  }
  return arrayOf(parametersAt(project, run, infos[infos.size() - 1].step) -
                 parametersAt(project, run, infos[infos.size() - 2].step));
}

}  // namespace tarn
