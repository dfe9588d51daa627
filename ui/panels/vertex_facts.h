#pragma once

#include <QString>
#include <cstdint>
#include <utility>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/merge_tree/merge_tree.h"

namespace tarn::ui {

/// A name and what it says, ready to be shown.
using Fact = std::pair<QString, QString>;

/// What is known of one vertex: where it is, how high, what it is in the tree, which basin or arc
/// it belongs to. The tree may be null; a vertex outside the grid gives nothing.
std::vector<Fact> vertexFacts(const ScalarGrid& grid, const MergeTree* tree, std::int64_t vertex);

/// A number for people: four significant digits, "–" when it is not finite.
QString numberText(double value);

}  // namespace tarn::ui
