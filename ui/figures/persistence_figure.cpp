#include "ui/figures/persistence_figure.h"

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include "ui/figures/marks.h"

namespace tarn::ui {
namespace {

constexpr std::size_t kMostBars = 2000;
constexpr int kFaintAlpha = 70;
/// Where classes that never die stand: beyond the values by this share of their range.
constexpr double kBeyond = 0.08;

QString degreeText(int degree) {
  switch (degree) {
    case 0:
      return QStringLiteral("H₀: components");
    case 1:
      return QStringLiteral("H₁: loops");
    case 2:
      return QStringLiteral("H₂: voids");
    default:
      return QStringLiteral("H") + QString(QChar(0x2080 + degree % 10));
  }
}

/// Dark enough on white and light enough on black.
RunLook degreeLook(int degree) {
  constexpr std::array<std::size_t, 4> kLooks = {4, 0, 5, 3};
  RunLook look = runLook(kLooks[static_cast<std::size_t>(degree) % kLooks.size()]);
  look.mark = runLook(static_cast<std::size_t>(degree)).mark;
  return look;
}

QColor colourOf(const PersistenceInterval& interval, bool faint) {
  QColor colour = degreeLook(interval.degree).colour;
  colour.setAlpha(faint ? kFaintAlpha : 255);
  return colour;
}

}  // namespace

PersistenceFigure::PersistenceFigure(std::shared_ptr<const PersistenceDiagram> diagram,
                                     PersistencePlot plot, PlotStyle style)
    : diagram_(std::move(diagram)), plot_(plot), style_(std::move(style)) {
  const auto& intervals = diagram_->intervals;
  bool first = true;
  for (std::size_t i = 0; i < intervals.size(); ++i) {
    rows_.push_back(i);
    for (const double value : {intervals[i].birth, intervals[i].death}) {
      if (std::isfinite(value)) {
        low_ = first ? value : std::min(low_, value);
        high_ = first ? value : std::max(high_, value);
        first = false;
      }
    }
  }
  if (high_ <= low_) {
    low_ -= 0.5;
    high_ += 0.5;
  }
  // The longest are kept, then stand by degree, shortest first: rows count from below.
  const auto longer = [&](std::size_t a, std::size_t b) {
    return intervals[a].persistence() > intervals[b].persistence();
  };
  std::ranges::stable_sort(rows_, longer);
  rows_.resize(std::min(rows_.size(), kMostBars));
  std::ranges::reverse(rows_);
  std::ranges::stable_sort(rows_, std::ranges::greater(),
                           [&](std::size_t i) { return intervals[i].degree; });
}

bool PersistenceFigure::faint(const PersistenceInterval& interval) const {
  return style_.threshold && interval.persistence() <= *style_.threshold;
}

PlaneView PersistenceFigure::view() const {
  const double margin = 0.03 * (high_ - low_);
  const double beyond = kBeyond * (high_ - low_);
  const bool down = diagram_->levels == Levels::superlevel;
  PlaneView view{{low_ - margin, high_ + margin}, {low_ - margin, high_ + margin}};
  if (plot_ == PersistencePlot::barcode) {
    (down ? view.x[0] -= beyond : view.x[1] += beyond);
    view.y = {-0.5, std::max(1.0, static_cast<double>(rows_.size())) - 0.5};
  } else {
    (down ? view.y[0] -= beyond : view.y[1] += beyond);
  }
  return view;
}

std::vector<LegendEntry> PersistenceFigure::entries(double text) const {
  std::vector<LegendEntry> all;
  int highest = -1;
  for (const PersistenceInterval& interval : diagram_->intervals) {
    highest = std::max(highest, interval.degree);
  }
  for (int degree = 0; degree <= highest; ++degree) {
    const auto count =
        std::ranges::count(diagram_->intervals, degree, &PersistenceInterval::degree);
    if (count == 0) {
      continue;
    }
    const bool bars = plot_ == PersistencePlot::barcode;
    all.push_back(
        {degreeText(degree) + QStringLiteral(" (%1)").arg(count), bars ? 1.6 : 1.0,
         [=](QPainter& painter, const QRectF& area) {
           const RunLook look = degreeLook(degree);
           if (bars) {
             painter.fillRect(
                 QRectF(area.left(), area.center().y() - 0.15 * text, area.width(), 0.3 * text),
                 look.colour);
           } else {
             paintMark(painter, look.mark, area.center(), 0.32 * text, look.colour, Qt::NoPen);
           }
         }});
  }
  return all;
}

PlotFrame PersistenceFigure::frame(const QRectF& area) const {
  const double text = fixedText_.value_or(textSize(area.size()));
  PlotFrame frame =
      PlotFrame::layOut(area, text, view(), entries(text), nullptr, !style_.title.empty());
  if (plot_ == PersistencePlot::barcode) {
    frame.yTicks.clear();  // rows have no unit
  }
  // What lies beyond the values is no value.
  const auto outside = [&](const Tick& tick) { return tick.value < low_ || tick.value > high_; };
  std::erase_if(frame.xTicks, outside);
  std::erase_if(frame.yTicks, outside);
  return frame;
}

QPointF PersistenceFigure::pointOf(const PlotFrame& frame,
                                   const PersistenceInterval& interval) const {
  const double beyond = kBeyond * (high_ - low_);
  const double top = diagram_->levels == Levels::superlevel ? low_ - beyond : high_ + beyond;
  return frame.toPosition.map(
      QPointF(interval.birth, interval.isEssential() ? top : interval.death));
}

void PersistenceFigure::paintBars(QPainter& painter, const PlotFrame& frame) const {
  const double pitch =
      frame.plot.height() / std::max<double>(1.0, static_cast<double>(rows_.size()));
  const double thickness = std::clamp(0.7 * pitch, 0.6, 0.7 * frame.text);
  const bool down = diagram_->levels == Levels::superlevel;
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    const PersistenceInterval& interval = diagram_->intervals[rows_[row]];
    const double y = frame.y(static_cast<double>(row));
    const double end = interval.isEssential() ? (down ? frame.plot.left() : frame.plot.right())
                                              : frame.x(interval.death);
    const double from = std::min(frame.x(interval.birth), end);
    const double to = std::max(frame.x(interval.birth), end);
    const bool selected = selection_ == interval.birthVertex;
    const QColor colour =
        selected ? paletteOf(style_.theme).selection : colourOf(interval, faint(interval));
    // A class of no persistence still leaves a trace.
    painter.fillRect(QRectF(from, y - thickness / 2, std::max(to - from, 0.5), thickness), colour);
    if (interval.isEssential()) {
      const double reach = std::max(thickness, 0.5 * frame.text) * (down ? -1.0 : 1.0);
      painter.setPen(Qt::NoPen);
      painter.setBrush(colour);
      painter.drawPolygon(QPolygonF({QPointF(end, y), QPointF(end - reach, y - std::abs(reach) / 2),
                                     QPointF(end - reach, y + std::abs(reach) / 2)}));
    }
  }
}

void PersistenceFigure::paintDiagonal(QPainter& painter, const PlotFrame& frame) const {
  const Palette palette = paletteOf(style_.theme);
  const bool down = diagram_->levels == Levels::superlevel;
  const auto line = [&](double offset) {
    painter.drawLine(frame.toPosition.map(QPointF(low_ - 1e3 * (high_ - low_),
                                                  low_ - 1e3 * (high_ - low_) + offset)),
                     frame.toPosition.map(QPointF(high_ + 1e3 * (high_ - low_),
                                                  high_ + 1e3 * (high_ - low_) + offset)));
  };
  painter.setPen(QPen(palette.foreground, 0.08 * frame.text));
  line(0.0);
  if (style_.threshold) {
    painter.setPen(QPen(palette.selection, 0.12 * frame.text, Qt::DashLine));
    line(down ? -*style_.threshold : *style_.threshold);
  }
  const bool anyEssential = std::ranges::any_of(
      diagram_->intervals, [](const PersistenceInterval& i) { return i.isEssential(); });
  if (anyEssential) {
    const double y = pointOf(frame, {0, 0, -1, low_, 0.0}).y();
    painter.setPen(QPen(palette.muted, 0.06 * frame.text, Qt::DotLine));
    painter.drawLine(QPointF(frame.plot.left(), y), QPointF(frame.plot.right(), y));
  }
}

void PersistenceFigure::paintPoints(QPainter& painter, const PlotFrame& frame) const {
  paintDiagonal(painter, frame);
  const std::size_t count = diagram_->intervals.size();
  const double radius = (count <= 100 ? 0.34 : count <= 1000 ? 0.24 : 0.16) * frame.text;
  const QPen outline(paletteOf(style_.theme).background, 0.04 * frame.text);
  // Of many, those are left out that would lie on one of their degree.
  constexpr std::size_t kMany = 2000;
  std::set<std::tuple<int, int, int>> painted;
  for (const PersistenceInterval& interval : diagram_->intervals) {
    const bool dim = faint(interval);
    const QPoint pixel = pointOf(frame, interval).toPoint();
    if (count > kMany && !painted.emplace(interval.degree, pixel.x(), pixel.y()).second) {
      continue;
    }
    paintMark(painter, degreeLook(interval.degree).mark, pointOf(frame, interval), radius,
              colourOf(interval, dim), dim ? QPen(Qt::NoPen) : outline);
  }
  for (const PersistenceInterval& interval : diagram_->intervals) {
    if (selection_ == interval.birthVertex) {
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(paletteOf(style_.theme).selection, 0.2 * frame.text));
      painter.drawEllipse(pointOf(frame, interval), radius + 0.3 * frame.text,
                          radius + 0.3 * frame.text);
    }
  }
}

void PersistenceFigure::paintBarThreshold(QPainter& painter, const PlotFrame& frame) const {
  if (!style_.threshold) {
    return;
  }
  // A ruler of that length along the lower edge: bars no longer than it are faint.
  const Palette palette = paletteOf(style_.theme);
  const double from = frame.plot.left();
  const double to = from + frame.x(*style_.threshold) - frame.x(0.0);
  painter.setPen(QPen(palette.selection, 0.12 * frame.text, Qt::DashLine));
  painter.drawLine(QPointF(to, frame.plot.top()), QPointF(to, frame.plot.bottom()));
  painter.setPen(QPen(palette.selection, 0.25 * frame.text, Qt::SolidLine, Qt::FlatCap));
  painter.drawLine(QPointF(from, frame.plot.bottom()), QPointF(to, frame.plot.bottom()));
}

void PersistenceFigure::paint(QPainter& painter, const QRectF& area) const {
  const PlotFrame f = frame(area);
  const Palette palette = paletteOf(style_.theme);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(figureFont(f.text));
  painter.save();
  painter.setClipRect(f.plot, Qt::IntersectClip);
  if (plot_ == PersistencePlot::barcode) {
    paintBars(painter, f);
    paintBarThreshold(painter, f);
  } else {
    paintPoints(painter, f);
  }
  painter.restore();
  const QString quantity = QString::fromStdString(style_.quantity);
  const QString title = QString::fromStdString(style_.title);
  if (plot_ == PersistencePlot::barcode) {
    const bool some = rows_.size() < diagram_->intervals.size();
    f.paintAxes(painter, palette, quantity,
                some ? QStringLiteral("the %1 longest of %2 classes")
                           .arg(rows_.size())
                           .arg(diagram_->intervals.size())
                     : QStringLiteral("classes"),
                title);
  } else {
    f.paintAxes(painter, palette, QStringLiteral("birth: ") + quantity,
                QStringLiteral("death: ") + quantity, title);
    const bool anyEssential = std::ranges::any_of(
        diagram_->intervals, [](const PersistenceInterval& i) { return i.isEssential(); });
    if (anyEssential) {
      painter.setPen(palette.foreground);
      const double y = pointOf(f, {0, 0, -1, low_, 0.0}).y();
      painter.drawText(
          QRectF(f.area.left(), y - f.text, f.plot.left() - f.area.left() - 0.68 * f.text,
                 2 * f.text),
          Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
          diagram_->levels == Levels::superlevel ? QStringLiteral("−∞") : QStringLiteral("∞"));
    }
  }
  paintLegend(painter, f.legend, entries(f.text), palette, f.text);
  painter.restore();
}

std::optional<QPointF> PersistenceFigure::intervalPosition(const QRectF& area,
                                                           std::size_t interval) const {
  const PlotFrame f = frame(area);
  const PersistenceInterval& wanted = diagram_->intervals.at(interval);
  if (plot_ == PersistencePlot::diagram) {
    return pointOf(f, wanted);
  }
  const auto row = std::ranges::find(rows_, interval);
  if (row == rows_.end()) {
    return std::nullopt;
  }
  const double end = wanted.isEssential()
                         ? (diagram_->levels == Levels::superlevel ? f.plot.left() : f.plot.right())
                         : f.x(wanted.death);
  return QPointF((f.x(wanted.birth) + end) / 2, f.y(static_cast<double>(row - rows_.begin())));
}

std::optional<std::size_t> PersistenceFigure::intervalAt(const QRectF& area,
                                                         const QPointF& position) const {
  const PlotFrame f = frame(area);
  if (!f.plot.adjusted(-f.text, -f.text, f.text, f.text).contains(position)) {
    return std::nullopt;
  }
  if (plot_ == PersistencePlot::barcode) {
    const double row = std::round(f.toPosition.inverted().map(position).y());
    return row >= 0 && row < static_cast<double>(rows_.size())
               ? std::optional(rows_[static_cast<std::size_t>(row)])
               : std::nullopt;
  }
  double best = 0.8 * f.text;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < diagram_->intervals.size(); ++i) {
    const double distance = QLineF(pointOf(f, diagram_->intervals[i]), position).length();
    if (distance <= best) {
      best = distance;
      found = i;
    }
  }
  return found;
}

double PersistenceFigure::thresholdAt(const QRectF& area, const QPointF& position) const {
  const PlotFrame f = frame(area);
  const QPointF at = f.toPosition.inverted().map(position);
  if (plot_ == PersistencePlot::barcode) {
    return std::max(0.0, at.x() - view().x[0]);
  }
  return std::max(0.0, diagram_->levels == Levels::superlevel ? at.x() - at.y() : at.y() - at.x());
}

QPointF PersistenceFigure::thresholdPosition(const QRectF& area, double threshold) const {
  const PlotFrame f = frame(area);
  if (plot_ == PersistencePlot::barcode) {
    return {f.x(view().x[0] + threshold), f.plot.center().y()};
  }
  const double middle = (low_ + high_) / 2;
  const double half = std::clamp(threshold / 2, 0.0, (high_ - low_) / 2);
  const bool down = diagram_->levels == Levels::superlevel;
  return f.toPosition.map(QPointF(down ? middle + half : middle - half,
                                  down ? middle + half - threshold : middle - half + threshold));
}

bool PersistenceFigure::onThreshold(const QRectF& area, const QPointF& position) const {
  const PlotFrame f = frame(area);
  const double reach = 0.5 * f.text;
  if (!style_.threshold || !f.plot.adjusted(-reach, -reach, reach, reach).contains(position)) {
    return false;
  }
  const QPointF on = thresholdPosition(area, *style_.threshold);
  if (plot_ == PersistencePlot::barcode) {
    return std::abs(position.x() - on.x()) <= reach;
  }
  // The distance from a line along the diagonal of the coordinates.
  const QPointF along = f.toPosition.map(QPointF(1.0, 1.0)) - f.toPosition.map(QPointF(0.0, 0.0));
  const QPointF from = position - on;
  return std::abs(along.x() * from.y() - along.y() * from.x()) <=
         reach * std::hypot(along.x(), along.y());
}

}  // namespace tarn::ui
