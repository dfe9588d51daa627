#include "ui/figures/project_figure.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/tasks/projection.h"
#include "topology/base/error.h"
#include "ui/scene/curve_data.h"

namespace tarn::ui {
namespace {

Trajectory trajectoryOf(const ProjectedRun& projected, std::string name) {
  Trajectory trajectory{std::move(name), {}, {}, projected.explainedVariance};
  for (const ProjectedSnapshot& snapshot : projected.snapshots) {
    trajectory.add(snapshot.coordinates, snapshot.loss);
  }
  return trajectory;
}

/// What an axis without a name is called.
std::string nameless(std::size_t axis, std::size_t axes) {
  return axes > 2 ? "axis " + std::to_string(axis + 1) : axis + 1 == axes ? "x" : "y";
}

}  // namespace

std::vector<ProjectedTrajectory> trajectoriesOn(const Project& project,
                                                const StoredLandscape& landscape,
                                                const std::stop_token& stop) {
  std::vector<ProjectedTrajectory> all;
  if (!landscape.directions || landscape.axes.size() < 2) {
    return all;
  }
  const StoredDirections plane = project.directions(*landscape.directions);
  if (!plane.center || plane.axes.size() != landscape.axes.size()) {
    return all;
  }
  const std::vector<StoredRun> runs = runsInSpaceOf(project, plane.experiment);
  const std::vector<std::string> names = runNames(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    all.push_back(
        {runs[i].id, trajectoryOf(projectRun(project, runs[i].id, plane, stop), names[i])});
  }
  return all;
}

TrajectoryData trajectoryDataOf(const Project& project, const std::vector<StoredRun>& runs,
                                const StoredDirections& plane, const std::stop_token& stop) {
  if (plane.axes.size() != 2) {
    throw Error(ErrorCode::usage,
                "These directions have " + std::to_string(plane.axes.size()) +
                    " axes, and a plane has two.",
                "Name a set of two directions.");
  }
  std::vector<std::int64_t> ids;
  ids.reserve(runs.size());
  for (const StoredRun& run : runs) {
    ids.push_back(run.id);
  }
  const ProjectedRuns projected = projectRuns(project, ids, plane, stop);
  const std::vector<std::string> names = runNames(runs);
  TrajectoryData data;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    data.runs.push_back(trajectoryOf(projected.runs[i], names[i]));
  }
  const StoredLandscape nothingSampled;
  data.x = axisCaption(nothingSampled, &plane, 1);
  data.y = axisCaption(nothingSampled, &plane, 0);
  data.x.share = projected.alongAxis[1];
  data.y.share = projected.alongAxis[0];
  return data;
}

AxisCaption axisCaption(const ScalarGrid& grid, std::size_t axis) {
  const Axis& along = grid.axes()[axis];
  return {along.label.empty() ? nameless(axis, grid.dimension()) : along.label, std::nullopt,
          along.unit};
}

AxisCaption axisCaption(const StoredLandscape& landscape, const StoredDirections* directions,
                        std::size_t axis) {
  AxisCaption caption;
  if (axis < landscape.axes.size()) {
    caption.name = landscape.axes[axis].label;
    caption.unit = landscape.axes[axis].unit;
  }
  if (directions != nullptr && axis < directions->axes.size()) {
    const StoredDirection& direction = directions->axes[axis];
    caption.name = direction.name.empty() ? caption.name : direction.name;
    // A direction that was rescaled is no eigenvector any more.
    if (directions->normalize.empty() || directions->normalize == "none") {
      caption.eigenvalue = direction.eigenvalue;
    }
  }
  if (caption.name.empty()) {
    caption.name = nameless(axis, landscape.axes.size());
  }
  return caption;
}

std::vector<AxisCaption> axisCaptions(const ScalarGrid& grid) {
  std::vector<AxisCaption> captions;
  captions.reserve(grid.dimension());
  for (std::size_t axis = 0; axis < grid.dimension(); ++axis) {
    captions.push_back(axisCaption(grid, axis));
  }
  return captions;
}

std::vector<AxisCaption> axisCaptions(const StoredLandscape& landscape,
                                      const StoredDirections* directions) {
  std::vector<AxisCaption> captions;
  captions.reserve(landscape.axes.size());
  for (std::size_t axis = 0; axis < landscape.axes.size(); ++axis) {
    captions.push_back(axisCaption(landscape, directions, axis));
  }
  return captions;
}

void setCaptions(LandscapeData& data, std::vector<AxisCaption> captions) {
  data.y = captions.empty() ? AxisCaption() : captions.front();
  data.x = captions.empty() ? AxisCaption() : captions.back();
  data.axes = std::move(captions);
}

LandscapeData landscapeDataOf(ScalarGrid grid, Connectivity connectivity,
                              const std::stop_token& stop) {
  LandscapeData data;
  setCaptions(data, axisCaptions(grid));
  data.tree = std::make_shared<const MergeTree>(joinTree(grid, connectivity, stop));
  data.grid = std::make_shared<const ScalarGrid>(std::move(grid));
  return data;
}

LandscapeData landscapeDataOf(const Project& project, std::int64_t id,
                              const LandscapeChoice& choice, const std::stop_token& stop) {
  const StoredLandscape landscape = project.landscape(id);
  LandscapeData data =
      landscapeDataOf(project.landscapeGrid(id, choice.quantity).grid, choice.connectivity, stop);
  data.quantity = choice.quantity;
  std::optional<StoredDirections> directions;
  if (landscape.directions) {
    directions = project.directions(*landscape.directions);
  }
  setCaptions(data, axisCaptions(landscape, directions ? &*directions : nullptr));
  for (ProjectedTrajectory& one : trajectoriesOn(project, landscape, stop)) {
    if (!choice.runs || choice.runs->contains(one.run)) {
      if (const auto name = choice.names.find(one.run); name != choice.names.end()) {
        one.trajectory.name = name->second;
      }
      data.trajectories.push_back(std::move(one.trajectory));
    }
  }
  return data;
}

}  // namespace tarn::ui
