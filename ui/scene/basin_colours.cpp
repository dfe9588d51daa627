#include "ui/scene/basin_colours.h"

namespace tarn::ui {
namespace {

std::vector<double> valuesAtMinima(const MergeTree& tree) {
  std::vector<double> values;
  values.reserve(tree.minimaCount);
  for (std::size_t i = 0; i < tree.minimaCount; ++i) {
    values.push_back(tree.nodes[i].value);
  }
  return values;
}

}  // namespace

bool showsBasins(const LandscapeData& data, const LandscapeStyle& style) {
  return style.basins && data.grid != nullptr && data.tree != nullptr && data.basins != nullptr &&
         data.basins->size() == data.grid->size();
}

std::int32_t basinAt(const LandscapeData& data, std::optional<std::int64_t> vertex) {
  if (!vertex || data.basins == nullptr || *vertex < 0 ||
      static_cast<std::size_t>(*vertex) >= data.basins->size()) {
    return -1;
  }
  return (*data.basins)[static_cast<std::size_t>(*vertex)];
}

BasinColours::BasinColours(const MergeTree& tree, const LandscapeStyle& style)
    : minima_(valuesAtMinima(tree)),
      heights_(minima_, style.height, style.clip),
      colours_(style.colourMap, style.reverseColours) {}

Rgb BasinColours::at(std::int32_t basin) const {
  return colours_.at(heights_.unit(minima_[static_cast<std::size_t>(basin)]));
}

}  // namespace tarn::ui
