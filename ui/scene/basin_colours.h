#pragma once

#include <cstdint>
#include <vector>

#include "ui/scene/colour_map.h"
#include "ui/scene/height_map.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

namespace tarn::ui {

/// Whether a landscape is coloured by its basins: that is wanted, and they are known.
bool showsBasins(const LandscapeData& data, const LandscapeStyle& style);

/// The basin that a vertex lies in; −1 without one.
std::int32_t basinAt(const LandscapeData& data, std::optional<std::int64_t> vertex);

/// The colours of basins: every one has that of the value at its minimum, on a scale from the
/// lowest minimum to the highest.
class BasinColours {
 public:
  BasinColours(const MergeTree& tree, const LandscapeStyle& style);

  const HeightMap& heights() const { return heights_; }
  const ColourMap& colours() const { return colours_; }
  /// Of an index into the tree's minima.
  Rgb at(std::int32_t basin) const;

 private:
  std::vector<double> minima_;  ///< their values
  HeightMap heights_;
  ColourMap colours_;
};

}  // namespace tarn::ui
