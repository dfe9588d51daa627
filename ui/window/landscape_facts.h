#pragma once

#include <vector>

#include "ui/panels/vertex_facts.h"

namespace tarn::ui {

class Workspace;

/// What the inspector says of the shown landscape itself: size, range, axes, runs on it.
std::vector<Fact> landscapeFacts(const Workspace& workspace);

}  // namespace tarn::ui
