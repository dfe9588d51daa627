#pragma once

#include <vector>

#include "ui/panels/vertex_facts.h"
#include "ui/views/landscape_view.h"

namespace tarn::ui {

class Workspace;

/// What the inspector says of the shown landscape itself: size, range, axes, runs on it.
std::vector<Fact> landscapeFacts(const Workspace& workspace);

/// What it says of the topology at the threshold; how much the threshold leaves out is told too.
/// Empty while there is none.
std::vector<Fact> topologyFacts(const ShownLandscape& shown);

}  // namespace tarn::ui
