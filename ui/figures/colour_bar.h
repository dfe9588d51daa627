#pragma once

#include <QRectF>
#include <QString>
#include <vector>

#include "ui/figures/palette.h"
#include "ui/scene/height_map.h"

class QPainter;

namespace tarn::ui {

/// A colour bar: upright, values grow upwards; numbers and caption stand to its right.
struct ColourBar {
  const HeightMap* heights = nullptr;
  const ColourMap* colours = nullptr;
  std::vector<double> levels;  ///< borders of its bands, from 0 to 1; none: it is continuous
  QString caption;
  double mapFrom = 0.0;  ///< the colour of the lowest value, as a place in the map
};

/// How much width the bar, its numbers and its caption take.
double colourBarWidth(const ColourBar& bar, double height, double textSize);
/// Nothing where there is no area.
void paintColourBar(QPainter& painter, const QRectF& area, const ColourBar& bar,
                    const Palette& palette, double textSize);

}  // namespace tarn::ui
