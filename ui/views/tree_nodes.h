#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string>

#include "topology/merge_tree/merge_tree.h"

namespace tarn::ui {

/// The node at a vertex of the grid; none where there is no node.
std::optional<std::int32_t> nodeOfVertex(const MergeTree& tree, std::optional<std::int64_t> vertex);

/// Where an arrow key leads: right and left to the next node and the one before, up and down to the
/// parent and the eldest child. None for another key, or where nothing lies that way.
std::optional<std::int32_t> nodeByKey(const MergeTree& tree, std::optional<std::int32_t> now,
                                      int key);

/// "minimum at vertex 12, loss = 0.31".
QString nodeText(const TreeNode& node, const std::string& quantity);

}  // namespace tarn::ui
