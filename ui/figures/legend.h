#pragma once

#include <QRectF>
#include <QString>
#include <functional>
#include <vector>

#include "ui/figures/palette.h"
#include "ui/scene/height_map.h"
#include "ui/scene/landscape_data.h"

class QPainter;

namespace tarn::ui {

/// One line of a legend: a sample, painted into a rectangle, and what it means.
struct LegendEntry {
  QString text;
  double sampleWidth;  ///< in text sizes
  std::function<void(QPainter&, const QRectF&)> sample;
};

/// Words without a sample.
LegendEntry legendRemark(const QString& text);

/// The entries of a landscape's plot: runs, their ends, minima, saddles, unknown cells, and what a
/// logarithmic scale could not place.
std::vector<LegendEntry> legendEntries(const LandscapeData& data, const LandscapeStyle& style,
                                       const HeightMap& heights, double textSize);

/// A plot that would have fewer text sizes across or down beside its colour bar or below its legend
/// goes without that one.
constexpr double kLeastPlot = 14.0;

/// Entries side by side in as many rows as the width asks for.
double legendHeight(const std::vector<LegendEntry>& entries, double width, double textSize);
/// Nothing where there is no area.
void paintLegend(QPainter& painter, const QRectF& area, const std::vector<LegendEntry>& entries,
                 const Palette& palette, double textSize);

/// A figure's title: bold, centred at the top of the area, shortened to fit.
void paintTitle(QPainter& painter, const QRectF& area, const QString& title, double textSize);

/// Grey with diagonal lines: cells that are not computed.
void paintUnknown(QPainter& painter, const QRectF& area, const Palette& palette, double textSize);

}  // namespace tarn::ui
