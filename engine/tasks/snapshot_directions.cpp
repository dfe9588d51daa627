#include "engine/tasks/snapshot_directions.h"

#include <Eigen/Dense>
#include <string>

#include "engine/tasks/principal_components.h"
#include "engine/tasks/vectors.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

std::vector<SnapshotRef> twoOrMore(const Project& project, std::int64_t run, const char* without) {
  std::vector<SnapshotRef> snapshots = snapshotsOf(project, run);
  if (snapshots.size() < 2) {
    throw Error(
        ErrorCode::badInput,
        "Run " + std::to_string(run) + " has fewer than two snapshots, so no " + without + ".",
        "Train with --snapshots 100.");
  }
  return snapshots;
}

}  // namespace

MainWays mainWays(const Project& project, std::int64_t run, std::size_t count,
                  const std::stop_token& stop) {
  const std::vector<SnapshotRef> snapshots = twoOrMore(project, run, "ways");
  PrincipalComponents found = principalComponents(project, snapshots, count, stop);
  if (count > found.independent) {
    throw Error(ErrorCode::badInput,
                "Run " + std::to_string(run) + " moved in " + std::to_string(found.independent) +
                    " independent ways by its " + std::to_string(snapshots.size()) +
                    " snapshots; " + std::to_string(count) + " were asked for.",
                "Ask for fewer, or keep more snapshots when training.");
  }
  MainWays result;
  for (Eigen::Index i = 0; i < found.axes.cols(); ++i) {
    Eigen::VectorXd way = found.axes.col(i);
    Eigen::Index most = 0;
    way.cwiseAbs().maxCoeff(&most);
    way *= way(most) < 0 ? -1.0 : 1.0;
    result.directions.push_back(arrayOf(way));
  }
  result.shares = std::move(found.shares);
  return result;
}

NdArray lastUpdate(const Project& project, std::int64_t run) {
  const std::vector<SnapshotRef> snapshots = twoOrMore(project, run, "last update");
  return arrayOf(parametersAt(project, snapshots[snapshots.size() - 1]) -
                 parametersAt(project, snapshots[snapshots.size() - 2]));
}

}  // namespace tarn
