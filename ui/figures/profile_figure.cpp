#include "ui/figures/profile_figure.h"

#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "ui/figures/marks.h"
#include "ui/figures/palette.h"

namespace tarn::ui {
namespace {

/// More corners than that on a side cannot be told apart.
constexpr std::size_t kMostCorners = 400;

}  // namespace

ProfileFigure::ProfileFigure(std::shared_ptr<const MergeTree> tree,
                             std::shared_ptr<const TopologicalProfile> profile, PlotStyle style)
    : tree_(std::move(tree)), profile_(std::move(profile)), style_(std::move(style)) {
  double low = profile_->parts.empty() ? 0.0 : profile_->parts.front().bottom;
  double high = profile_->parts.empty() ? 1.0 : low;
  for (const ProfilePart& part : profile_->parts) {
    low = std::min({low, part.bottom, part.top});
    high = std::max({high, part.bottom, part.top});
  }
  const double margin = high > low ? 0.03 * (high - low) : 0.5;
  view_.x = {0.0, std::max(profile_->width, 1.0)};
  view_.y = {low - margin, high + margin};
}

PlotFrame ProfileFigure::frame(const QRectF& area) const {
  const double text = fixedText_.value_or(textSize(area.size()));
  return PlotFrame::layOut(area, text, view_, {}, nullptr, !style_.title.empty());
}

QPolygonF ProfileFigure::outline(const PlotFrame& frame, const ProfilePart& part) const {
  const auto values = profile_->valuesOf(part);
  QPolygonF left;
  QPolygonF right;
  const auto add = [&](double width, double height) {
    left << frame.toPosition.map(QPointF(part.centre - width / 2, height));
    right << frame.toPosition.map(QPointF(part.centre + width / 2, height));
  };
  const auto childWidth = static_cast<double>(part.childWidth);
  add(childWidth, part.bottom);
  const std::size_t stride = std::max<std::size_t>(1, values.size() / kMostCorners);
  for (std::size_t k = 0; k < values.size(); k += stride) {
    add(childWidth + static_cast<double>(k + 1), values[k]);
  }
  add(static_cast<double>(part.totalWidth), part.top);
  std::reverse(right.begin(), right.end());
  return left + right;
}

void ProfileFigure::paint(QPainter& painter, const QRectF& area) const {
  const PlotFrame f = frame(area);
  const Palette palette = paletteOf(style_.theme);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(figureFont(f.text));
  painter.save();
  painter.setClipRect(f.plot, Qt::IntersectClip);
  QColor fill = runLook(1).colour;
  fill.setAlpha(style_.theme == Theme::light ? 110 : 140);
  std::int32_t selected = -1;
  if (selection_ && *selection_ >= 0 &&
      static_cast<std::size_t>(*selection_) < tree_->arcOfVertex.size()) {
    selected = tree_->arcOfVertex[static_cast<std::size_t>(*selection_)];
  }
  const std::size_t count = profile_->parts.size();
  const double line = (count <= 200 ? 0.07 : 0.03) * f.text;
  for (const ProfilePart& part : profile_->parts) {
    painter.setPen(QPen(runLook(4).colour, line));
    painter.setBrush(part.node == selected ? palette.selection : fill);
    painter.drawPolygon(outline(f, part));
  }
  painter.restore();
  if (count <= 200) {
    for (const ProfilePart& part : profile_->parts) {
      if (static_cast<std::size_t>(part.node) < tree_->minimaCount) {
        const QPointF place = f.toPosition.map(QPointF(part.centre, part.bottom));
        tree_->levels == Levels::sublevel ? paintMinimum(painter, place, 0.3 * f.text)
                                          : paintMaximum(painter, place, 0.3 * f.text);
      }
    }
  }
  f.paintAxes(painter, palette,
              tree_->levels == Levels::superlevel ? QStringLiteral("vertices at or above")
                                                  : QStringLiteral("vertices at or below"),
              QString::fromStdString(style_.quantity), QString::fromStdString(style_.title));
  painter.restore();
}

std::optional<std::int32_t> ProfileFigure::nodeAt(const QRectF& area,
                                                  const QPointF& position) const {
  const PlotFrame f = frame(area);
  const double x = f.toPosition.inverted().map(position).x();
  // Parts do not overlap but at their edges.
  for (const ProfilePart& part : profile_->parts) {
    const bool near = std::abs(x - part.centre) <= static_cast<double>(part.totalWidth) / 2;
    if (near && outline(f, part).containsPoint(position, Qt::OddEvenFill)) {
      return part.node;
    }
  }
  return std::nullopt;
}

QPointF ProfileFigure::nodePosition(const QRectF& area, std::int32_t node) const {
  const ProfilePart& part = profile_->parts.at(static_cast<std::size_t>(node));
  return frame(area).toPosition.map(QPointF(part.centre, (part.bottom + part.top) / 2));
}

}  // namespace tarn::ui
