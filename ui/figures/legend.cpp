#include "ui/figures/legend.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "engine/tasks/projection.h"
#include "ui/figures/marks.h"
#include "ui/scene/critical_points.h"

namespace tarn::ui {
namespace {

constexpr double kLineSample = 2.6;  // in text sizes, as everything here
constexpr double kMarkSample = 1.0;
constexpr double kLegendGap = 0.4;
constexpr double kBetween = 1.4;
constexpr double kRow = 1.6;

double entryWidth(const LegendEntry& entry, double size) {
  return (entry.sampleWidth + kLegendGap) * size +
         QFontMetricsF(figureFont(size)).horizontalAdvance(entry.text);
}

/// Calls place(entry, left, row) for every entry; returns the number of rows.
template <typename Place>
int flow(const std::vector<LegendEntry>& entries, double width, double size, Place place) {
  double left = 0.0;
  int row = 0;
  for (const LegendEntry& entry : entries) {
    const double needed = entryWidth(entry, size);
    if (left > 0.0 && left + needed > width) {
      left = 0.0;
      ++row;
    }
    place(entry, left, row);
    left += needed + kBetween * size;
  }
  return entries.empty() ? 0 : row + 1;
}

/// "adamw (0.4 % of its motion in this plane)", or in so many directions.
QString nameOf(const Trajectory& run, std::size_t axes) {
  const auto part = run.explainedVariance;
  return QString::fromStdString(part && std::isfinite(*part)
                                    ? run.name + " (" + percentText(*part) + " of its motion in " +
                                          subspaceText(axes) + ")"
                                    : run.name);
}

LegendEntry runEntry(const QString& name, std::size_t index, double size) {
  return {name, kLineSample, [=](QPainter& painter, const QRectF& area) {
            const RunLook look = runLook(index);
            painter.setPen(QPen(look.colour, 0.18 * size, look.dash, Qt::FlatCap));
            painter.drawLine(QPointF(area.left(), area.center().y()),
                             QPointF(area.right(), area.center().y()));
            paintMark(painter, look.mark, area.center(), 0.3 * size, look.colour,
                      QPen(Qt::white, 0.08 * size));
          }};
}

}  // namespace

LegendEntry legendRemark(const QString& text) {
  return {text, 0.0, [](QPainter&, const QRectF&) {}};
}

std::vector<LegendEntry> legendEntries(const LandscapeData& data, const LandscapeStyle& style,
                                       const HeightMap& heights, double size) {
  std::vector<LegendEntry> entries;
  if (!data.place.empty()) {
    entries.push_back(legendRemark(QStringLiteral("at ") + QString::fromStdString(data.place)));
  }
  if (style.trajectories && !data.trajectories.empty()) {
    const auto& landscape = data.whole ? data.whole : data.grid;
    const std::size_t axes = landscape ? landscape->dimension() : 2;
    for (std::size_t i = 0; i < data.trajectories.size(); ++i) {
      entries.push_back(runEntry(nameOf(data.trajectories[i], axes), i, size));
    }
    entries.push_back(
        {QStringLiteral("start, end"), 2.0, [=](QPainter& painter, const QRectF& area) {
           const QPen pen(QColor(0x66, 0x66, 0x66), 0.13 * size);
           paintMark(painter, Mark::circle, area.center() - QPointF(0.5 * size, 0), 0.32 * size,
                     Qt::white, pen);
           paintMark(painter, Mark::star, area.center() + QPointF(0.5 * size, 0), 0.36 * size,
                     QColor(0x99, 0x99, 0x99), pen);
         }});
    if (std::ranges::any_of(data.trajectories, [](const Trajectory& run) {
          return run.explainedVariance.value_or(1.0) < kLittleExplained;
        })) {
      entries.push_back(legendRemark(QStringLiteral("below %1 %: little of the way is seen here")
                                         .arg(std::lround(100 * kLittleExplained))));
    }
  }
  if (data.tree != nullptr && isConstant(*data.tree)) {
    entries.push_back(legendRemark(
        QStringLiteral("all values are the same: %1")
            .arg(QString::fromStdString(formatNumber(data.tree->nodes.front().value, 6)))));
  } else if (style.criticalPoints && data.grid != nullptr) {
    const auto critical = criticalPoints(data.tree.get(), data.grid->size());
    if (std::ranges::any_of(critical, &CriticalPoint::minimum)) {
      entries.push_back(
          {QStringLiteral("minimum"), kMarkSample, [=](QPainter& painter, const QRectF& area) {
             paintMinimum(painter, area.center(), 0.36 * size);
           }});
    }
    if (!std::ranges::all_of(critical, &CriticalPoint::minimum)) {
      entries.push_back(
          {QStringLiteral("saddle"), kMarkSample, [=](QPainter& painter, const QRectF& area) {
             paintSaddle(painter, area.center(), 0.36 * size);
           }});
    }
  }
  if (data.grid != nullptr && data.grid->maskedCount() > 0) {
    entries.push_back({QStringLiteral("no value"), 1.5, [=](QPainter& painter, const QRectF& area) {
                         const QPointF half(0.75 * size, 0.42 * size);
                         paintUnknown(painter, QRectF(area.center() - half, area.center() + half),
                                      paletteOf(style.theme), size);
                       }});
  }
  if (heights.notPositive() > 0) {
    entries.push_back(legendRemark(
        heights.linear() ? QStringLiteral("no value is above 0: linear heights")
                         : QStringLiteral("%1 of %2 values are ≤ 0: drawn as the lowest")
                               .arg(heights.notPositive())
                               .arg(heights.count())));
  }
  return entries;
}

double legendHeight(const std::vector<LegendEntry>& entries, double width, double size) {
  return kRow * size * flow(entries, width, size, [](const LegendEntry&, double, int) {});
}

void paintLegend(QPainter& painter, const QRectF& area, const std::vector<LegendEntry>& entries,
                 const Palette& palette, double size) {
  if (area.isNull()) {
    return;
  }
  painter.save();
  painter.setFont(figureFont(size));
  flow(entries, area.width(), size, [&](const LegendEntry& entry, double left, int row) {
    const double top = area.top() + row * kRow * size;
    const double x = area.left() + left;
    entry.sample(painter, QRectF(x, top, entry.sampleWidth * size, kRow * size));
    painter.setPen(palette.foreground);
    const QRectF text(x + (entry.sampleWidth + kLegendGap) * size, top,
                      QFontMetricsF(painter.font()).horizontalAdvance(entry.text) + size,
                      kRow * size);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                     fitted(entry.text, painter.font(), area.right() - text.left()));
  });
  painter.restore();
}

void paintTitle(QPainter& painter, const QRectF& area, const QString& title, double size) {
  if (title.isEmpty()) {
    return;
  }
  QFont font = figureFont(size);
  font.setBold(true);
  painter.save();
  painter.setFont(font);
  painter.drawText(QRectF(area.left(), area.top() + 0.5 * size, area.width(), 2 * size),
                   Qt::AlignCenter | Qt::TextDontClip,
                   fitted(title, font, area.width() - 2 * size));
  painter.restore();
}

void paintUnknown(QPainter& painter, const QRectF& area, const Palette& palette, double size) {
  painter.save();
  painter.setClipRect(area, Qt::IntersectClip);
  painter.fillRect(area, palette.unknown);
  painter.setPen(QPen(palette.muted, 0.05 * size));
  const double step = 0.55 * size;
  for (double x = area.left() - area.height(); x < area.right(); x += step) {
    painter.drawLine(QPointF(x, area.bottom()), QPointF(x + area.height(), area.top()));
  }
  painter.restore();
}

}  // namespace tarn::ui
