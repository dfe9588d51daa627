#include "ui/figures/project_figure.h"

#include <algorithm>
#include <map>
#include <vector>

#include "engine/tasks/projection.h"

namespace tarn::ui {
namespace {

AxisCaption captionOf(const ScalarGrid& grid, std::size_t fromLast, const char* fallback) {
  if (grid.dimension() <= fromLast) {
    return {};
  }
  const Axis& axis = grid.axes()[grid.dimension() - 1 - fromLast];
  return {axis.label.empty() ? fallback : axis.label, std::nullopt, axis.unit};
}

void nameAfter(AxisCaption& caption, const StoredDirections& set, std::size_t fromLast) {
  if (set.axes.size() > fromLast) {
    const StoredDirection& direction = set.axes[set.axes.size() - 1 - fromLast];
    caption.name = direction.name;
    caption.eigenvalue = direction.eigenvalue;
  }
}

/// Two experiments with the same parameters in the same order.
bool sameSpace(const StoredExperiment& a, const StoredExperiment& b) {
  if (a.id == b.id) {
    return true;
  }
  const auto has = [](const StoredExperiment& e) {
    return e.described.is_object() && e.described.contains("groups");
  };
  return has(a) && has(b) && a.described.at("groups") == b.described.at("groups");
}

Trajectory trajectoryOf(const ProjectedRun& projected, const std::string& name) {
  Trajectory trajectory{name, {}, {}};
  for (const ProjectedSnapshot& snapshot : projected.snapshots) {
    // Coordinate i belongs to axis i of the grid, whose last axis is x.
    trajectory.points.push_back({snapshot.coordinates.at(1), snapshot.coordinates.at(0)});
    trajectory.loss.push_back(snapshot.loss);
  }
  return trajectory;
}

std::vector<Trajectory> trajectoriesOn(const Project& project, const StoredDirections& plane,
                                       const std::stop_token& stop) {
  const StoredExperiment home = project.experiment(plane.experiment);
  std::vector<StoredRun> runs;
  std::map<std::string, int> named;
  for (StoredRun& run : project.runs()) {
    if (!project.snapshots(run.id).empty() && sameSpace(home, project.experiment(run.experiment))) {
      ++named[run.name];
      runs.push_back(std::move(run));
    }
  }
  std::vector<Trajectory> trajectories;
  for (const StoredRun& run : runs) {
    const std::string name =
        named[run.name] > 1 ? run.name + " (run " + std::to_string(run.id) + ")" : run.name;
    trajectories.push_back(trajectoryOf(projectRun(project, run.id, plane, stop), name));
  }
  return trajectories;
}

}  // namespace

LandscapeData landscapeDataOf(ScalarGrid grid, Connectivity connectivity,
                              const std::stop_token& stop) {
  LandscapeData data;
  data.x = captionOf(grid, 0, "x");
  data.y = captionOf(grid, 1, "y");
  data.tree = std::make_shared<const MergeTree>(joinTree(grid, connectivity, stop));
  data.grid = std::make_shared<const ScalarGrid>(std::move(grid));
  return data;
}

LandscapeData landscapeDataOf(const Project& project, std::int64_t id, const std::string& quantity,
                              Connectivity connectivity, const std::stop_token& stop) {
  const StoredLandscape landscape = project.landscape(id);
  LandscapeData data =
      landscapeDataOf(project.landscapeGrid(id, quantity).grid, connectivity, stop);
  data.quantity = quantity;
  if (landscape.directions) {
    const StoredDirections set = project.directions(*landscape.directions);
    nameAfter(data.x, set, 0);
    nameAfter(data.y, set, 1);
    if (data.grid->dimension() == 2 && set.axes.size() == 2 && set.center) {
      data.trajectories = trajectoriesOn(project, set, stop);
    }
  }
  return data;
}

}  // namespace tarn::ui
