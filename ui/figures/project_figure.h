#pragma once

#include <cstdint>
#include <stop_token>
#include <string>

#include "engine/project/project.h"
#include "topology/merge_tree/connectivity.h"
#include "ui/scene/landscape_data.h"

namespace tarn::ui {

/// What figures of a stored landscape show: its values, its join tree, captions from its
/// directions, and when it has two axes all runs in the same parameter space, projected on its
/// plane. Any number of axes. Throws the project's errors (notFound for an id or a quantity that is
/// not there) and Error(cancelled).
LandscapeData landscapeDataOf(const Project& project, std::int64_t landscape,
                              const std::string& quantity = "loss",
                              Connectivity connectivity = Connectivity::axes2n,
                              const std::stop_token& stop = {});

/// The same of a bare grid: captions from its axes.
LandscapeData landscapeDataOf(ScalarGrid grid, Connectivity connectivity = Connectivity::axes2n,
                              const std::stop_token& stop = {});

}  // namespace tarn::ui
