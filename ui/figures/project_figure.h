#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/project/project.h"
#include "topology/merge_tree/connectivity.h"
#include "ui/figures/trajectory_figure.h"
#include "ui/scene/landscape_data.h"

namespace tarn::ui {

/// A run as it is drawn on a landscape's plane.
struct ProjectedTrajectory {
  std::int64_t run = 0;
  Trajectory trajectory;
};

/// Every run in the parameter space of a landscape with two axes or more, projected on what its
/// directions span; runs of one name are told apart by their numbers. Throws the project's errors
/// and Error(cancelled).
std::vector<ProjectedTrajectory> trajectoriesOn(const Project& project,
                                                const StoredLandscape& landscape,
                                                const std::stop_token& stop = {});

/// Runs of a project on a plane of two axes, with what is written at these: the direction's name,
/// the eigenvalue where it is an eigenvector, and how much of the runs' motion lies along it.
/// Throws Error(usage) for a plane of other than two axes, the project's errors and
/// Error(cancelled).
TrajectoryData trajectoryDataOf(const Project& project, const std::vector<StoredRun>& runs,
                                const StoredDirections& plane, const std::stop_token& stop = {});

/// What is written at an axis of a bare grid.
AxisCaption axisCaption(const ScalarGrid& grid, std::size_t axis);
/// What is written at an axis of a stored landscape: its direction's name, and the eigenvalue where
/// it is an eigenvector. `directions` may be null.
AxisCaption axisCaption(const StoredLandscape& landscape, const StoredDirections* directions,
                        std::size_t axis);

/// The same of every axis.
std::vector<AxisCaption> axisCaptions(const ScalarGrid& grid);
std::vector<AxisCaption> axisCaptions(const StoredLandscape& landscape,
                                      const StoredDirections* directions);
/// Writes them at a landscape's axes.
void setCaptions(LandscapeData& data, std::vector<AxisCaption> captions);

/// What a figure shows of a stored landscape.
struct LandscapeChoice {
  std::string quantity = "loss";
  Connectivity connectivity = Connectivity::axes2n;
  std::optional<std::set<std::int64_t>> runs;  ///< by id; none: all of them
  std::map<std::int64_t, std::string> names;   ///< of runs, by id, in place of their own
};

/// What figures of a stored landscape show: its values, its join tree, captions from its
/// directions, and its runs. Any number of axes. Throws the project's errors (notFound for an id or
/// a quantity that is not there) and Error(cancelled).
LandscapeData landscapeDataOf(const Project& project, std::int64_t landscape,
                              const LandscapeChoice& choice = {}, const std::stop_token& stop = {});

/// The same of a bare grid: captions from its axes.
LandscapeData landscapeDataOf(ScalarGrid grid, Connectivity connectivity = Connectivity::axes2n,
                              const std::stop_token& stop = {});

}  // namespace tarn::ui
