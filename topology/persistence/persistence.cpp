#include "topology/persistence/persistence.h"

#include <cstddef>

namespace tarn {

ZerothPersistence zerothPersistence(const MergeTree& tree) {
  ZerothPersistence result;
  result.pairs.reserve(tree.minimaCount);
  for (std::size_t i = 0; i < tree.minimaCount; ++i) {
    const TreeNode& birth = tree.nodes[i];
    const std::int32_t death = tree.deathOfMinimum[i];
    if (death < 0) {
      result.essential.push_back(birth.vertex);
    } else {
      const TreeNode& saddle = tree.nodes[static_cast<std::size_t>(death)];
      result.pairs.push_back({birth.vertex, saddle.vertex, birth.value, saddle.value});
    }
  }
  return result;
}

std::optional<double> meanPersistence(const ZerothPersistence& persistence) {
  if (persistence.pairs.empty()) {
    return std::nullopt;
  }
  double sum = 0.0;
  for (const PersistencePair& pair : persistence.pairs) {
    sum += pair.persistence();
  }
  return sum / static_cast<double>(persistence.pairs.size());
}

}  // namespace tarn
