#include "ui/scene/scene_overlay.h"

#include <QFontMetricsF>
#include <QLineF>
#include <QPainter>
#include <QPolygonF>
#include <QTransform>
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <span>

#include "ui/figures/colour_bar.h"
#include "ui/figures/palette.h"

namespace tarn::ui {
namespace {

QPointF directionOf(const QPointF& vector) {
  const double length = std::hypot(vector.x(), vector.y());
  return length > 1e-9 ? vector / length : QPointF(0.0, 1.0);
}

/// One axis of the box: its ticks along an edge, and which way on the screen is away from the box.
struct EdgeAxis {
  std::vector<Tick> ticks;
  std::function<Point3(double)> placeOf;  ///< of a tick's value
  Point3 from;
  Point3 to;
  Point3 outward;
  QString caption;
};

class AxisPainter {
 public:
  AxisPainter(QPainter& painter, const SceneOverlay& overlay, double text)
      : painter_(painter), overlay_(overlay), text_(text), metrics_(figureFont(text)) {}

  /// Its edge, ticks and numbers.
  void paint(const EdgeAxis& axis) {
    const QPointF a = overlay_.toPosition(axis.from);
    const QPointF b = overlay_.toPosition(axis.to);
    const QPointF middle = (a + b) / 2;
    const Point3 half = {(axis.from[0] + axis.to[0]) / 2 + 0.1 * axis.outward[0],
                         (axis.from[1] + axis.to[1]) / 2 + 0.1 * axis.outward[1],
                         (axis.from[2] + axis.to[2]) / 2 + 0.1 * axis.outward[2]};
    const QPointF away = awayFrom(a, b, overlay_.toPosition(half) - middle);
    const double length = QLineF(a, b).length();
    const QColor ink = paletteOf(overlay_.theme).foreground;
    painter_.setPen(QPen(ink, 0.08 * text_, Qt::SolidLine, Qt::RoundCap));
    painter_.drawLine(a, b);
    if (length < 3.0 * text_) {
      return;  // seen end on
    }
    double deepest = 0.0;
    for (const Tick& tick : axis.ticks) {
      deepest = std::max(deepest, paintTick(axis, tick, away));
    }
    // Of an edge whose middle is not in the picture one sees too little.
    if (!axis.caption.isEmpty() && QRectF(QPointF(), overlay_.size).contains(middle)) {
      captions_.push_back(
          {axis.caption, middle + (0.85 * text_ + deepest + 1.0 * text_) * away, b - a});
    }
  }

  /// The captions of all that was painted, beside their numbers and what else has a place.
  void paintCaptions(std::span<const QRectF> others) {
    for (const QRectF& other : others) {
      if (!other.isEmpty()) {
        taken_.push_back(other);
      }
    }
    for (const Caption& caption : captions_) {
      paintCaption(caption);
    }
  }

 private:
  struct Caption {
    QString words;
    QPointF middle;
    QPointF edge;  ///< from its one end to the other
  };

  /// At a right angle to the edge, on the side of the hint.
  static QPointF awayFrom(const QPointF& a, const QPointF& b, const QPointF& hint) {
    const QPointF along = directionOf(b - a);
    const QPointF normal(-along.y(), along.x());
    return QPointF::dotProduct(normal, hint) >= 0.0 ? normal : -normal;
  }

  double paintTick(const EdgeAxis& axis, const Tick& tick, const QPointF& away) {
    const QPointF at = overlay_.toPosition(axis.placeOf(tick.value));
    painter_.drawLine(at, at + 0.45 * text_ * away);
    const QString label = QString::fromStdString(tick.label);
    const QSizeF size(metrics_.horizontalAdvance(label), 0.8 * text_);
    const double reach =
        (std::abs(away.x()) * size.width() + std::abs(away.y()) * size.height()) / 2;
    const QPointF centre = at + (0.85 * text_ + reach) * away;
    const QRectF box(centre - QPointF(size.width(), size.height()) / 2, size);
    const QRectF kept = box.adjusted(-0.35 * text_, -0.2 * text_, 0.35 * text_, 0.2 * text_);
    if (std::none_of(taken_.begin(), taken_.end(),
                     [&](const QRectF& other) { return other.intersects(kept); })) {
      painter_.drawText(box.adjusted(-text_, -text_, text_, text_), Qt::AlignCenter, label);
      taken_.push_back(box);
    }
    return 2 * reach;
  }

  void paintCaption(const Caption& caption) {
    QPointF along = directionOf(caption.edge);
    // Left to right; upright ones from below.
    if (along.x() < -1e-6 || (std::abs(along.x()) <= 1e-6 && along.y() > 0)) {
      along = -along;
    }
    const double length = std::min(std::hypot(caption.edge.x(), caption.edge.y()),
                                   std::hypot(overlay_.size.width(), overlay_.size.height()));
    const QString shown =
        metrics_.elidedText(caption.words, Qt::ElideRight, std::max(1.5 * length, 10.0 * text_));
    const double width = metrics_.horizontalAdvance(shown) + 2 * text_;
    const QRectF box(-width / 2, -text_, width, 2 * text_);
    const QRectF letters = box.adjusted(text_, 0.4 * text_, -text_, -0.4 * text_);
    const QTransform place = freePlace(letters, caption.middle, along, std::max(length, width));
    paintedCaptions_.push_back(place.map(QPolygonF(letters)));
    painter_.save();
    painter_.setTransform(place, /*combine=*/true);
    painter_.drawText(box, Qt::AlignCenter, shown);
    painter_.restore();
  }

  /// Where a caption lies wholly in the area and on nothing else, or at least on no other caption:
  /// at the middle of its edge, or as near as can be, at most `reach` farther along.
  QTransform freePlace(const QRectF& letters, const QPointF& middle, const QPointF& along,
                       double reach) const {
    const double angle = std::atan2(along.y(), along.x()) * 180.0 / std::numbers::pi;
    const auto at = [&](double offset) {
      const QPointF centre = middle + offset * along;
      const QTransform place = QTransform::fromTranslate(centre.x(), centre.y()).rotate(angle);
      const QPointF back = wayInto(QRectF(QPointF(), overlay_.size), place.mapRect(letters));
      return place * QTransform::fromTranslate(back.x(), back.y());
    };
    std::optional<QTransform> second;
    const int steps = static_cast<int>(2 * reach / text_);
    for (int step = 0; step <= steps; ++step) {
      for (const int side : {-step, step}) {
        const QTransform place = at(side * text_ / 2);
        const QPolygonF outline = place.map(QPolygonF(letters));
        const auto meets = [&](const QPolygonF& other) { return other.intersects(outline); };
        if (std::ranges::any_of(paintedCaptions_, meets)) {
          continue;
        }
        if (std::ranges::none_of(taken_, meets, [](const QRectF& box) { return QPolygonF(box); })) {
          return place;
        }
        second = second.value_or(place);
      }
    }
    return second.value_or(at(0.0));
  }

  /// By how much a box has to move to lie in the area.
  static QPointF wayInto(const QRectF& area, const QRectF& box) {
    const auto way = [](double least, double most, double from, double to) {
      return from < least ? least - from : std::min(0.0, most - to);
    };
    return {way(area.left(), area.right(), box.left(), box.right()),
            way(area.top(), area.bottom(), box.top(), box.bottom())};
  }

  QPainter& painter_;
  const SceneOverlay& overlay_;
  double text_;
  QFontMetricsF metrics_;
  std::vector<QRectF> taken_;  ///< by numbers, and by what is not of the axes
  std::vector<Caption> captions_;
  std::vector<QPolygonF> paintedCaptions_;
};

std::vector<EdgeAxis> axesOf(const SceneOverlay& overlay) {
  const double floor = overlay.floor;
  const double top = overlay.top;
  const auto heightOnScreen = [&](const Point3& p) { return overlay.toPosition(p).y(); };
  // The two edges of the floor that are nearer to the viewer are lower on the screen.
  const double y = heightOnScreen({0, -1, floor}) >= heightOnScreen({0, 1, floor}) ? -1.0 : 1.0;
  const double x = heightOnScreen({-1, 0, floor}) >= heightOnScreen({1, 0, floor}) ? -1.0 : 1.0;
  double cornerX = -1.0;
  double cornerY = -1.0;
  // The heights stand at the corner farthest to the left; of two at the same place at the one that
  // is higher on the screen, which does not stand before an edge of the floor.
  const double samePlace = overlay.text / 10;
  QPointF left(INFINITY, INFINITY);
  for (const double cx : {-1.0, 1.0}) {
    for (const double cy : {-1.0, 1.0}) {
      const QPointF at = overlay.toPosition({cx, cy, (floor + top) / 2});
      if (at.x() < left.x() - samePlace || (at.x() < left.x() + samePlace && at.y() < left.y())) {
        left = at;
        cornerX = cx;
        cornerY = cy;
      }
    }
  }
  const auto& [alongX, alongY, up] = overlay.axes;
  std::vector<EdgeAxis> axes;
  axes.push_back({alongX.ticks,
                  [&alongX, y, floor](double v) { return Point3{alongX.place(v), y, floor}; },
                  {-1, y, floor},
                  {1, y, floor},
                  {0, y, 0},
                  alongX.caption});
  axes.push_back({alongY.ticks,
                  [&alongY, x, floor](double v) { return Point3{x, alongY.place(v), floor}; },
                  {x, -1, floor},
                  {x, 1, floor},
                  {x, 0, 0},
                  alongY.caption});
  axes.push_back(
      {up.ticks,
       [&up, cornerX, cornerY](double v) { return Point3{cornerX, cornerY, up.place(v)}; },
       {cornerX, cornerY, floor},
       {cornerX, cornerY, top},
       {cornerX, cornerY, 0},
       up.caption});
  return axes;
}

// In text sizes: what the axes of the floor take to the right of the box and below it.
constexpr double kRight = 2.0;
constexpr double kBelow = 3.1;

/// What the axis of heights takes to the left of the box: ticks, numbers, caption.
double leftOf(const SceneOverlay& overlay) {
  const QFontMetricsF metrics(figureFont(overlay.text));
  double widest = 0.0;
  for (const Tick& tick : overlay.axes[2].ticks) {
    widest = std::max(widest, metrics.horizontalAdvance(QString::fromStdString(tick.label)));
  }
  return widest + 3.3 * overlay.text;
}

ColourBar barOf(const SceneOverlay& overlay) {
  return {&overlay.heights, &overlay.colours, {}, overlay.caption};
}

struct Placement {
  double text;
  QRectF title;
  QRectF legend;  ///< null without entries or room for them
  QRectF bar;     ///< null without room for it
};

Placement placementOf(const SceneOverlay& overlay) {
  const double text = overlay.text;
  const double margin = 0.8 * text;
  const double width = overlay.size.width() - 2 * margin;
  Placement place{text, {}, {}, {}};
  double top = margin;
  if (!overlay.title.empty()) {
    place.title = QRectF(margin, 0.5 * text, width, 2 * text);
    top += 1.9 * text;
  }
  const double height = legendHeight(overlay.legend, width, text);
  const double bottom = overlay.size.height() - margin;
  if (!overlay.legend.empty() && bottom - top - height - kBelow * text >= kLeastPlot * text) {
    place.legend = QRectF(margin, top, width, height);
    top += height + 0.5 * text;
  }
  const double room = std::max(bottom - top, 1.0);
  const double barHeight = 0.7 * room;
  const double barWidth = colourBarWidth(barOf(overlay), barHeight, text);
  if (width - barWidth - leftOf(overlay) - kRight * text >= kLeastPlot * text) {
    place.bar = QRectF(overlay.size.width() - margin - barWidth, top + (room - barHeight) / 2,
                       barWidth, barHeight);
  }
  return place;
}

}  // namespace

OverlayMargins overlayMargins(const SceneOverlay& overlay) {
  const Placement place = placementOf(overlay);
  const double text = place.text;
  const double top = !place.legend.isNull()  ? place.legend.bottom()
                     : !place.title.isNull() ? place.title.bottom()
                                             : 0.0;
  const double bar = place.bar.isNull() ? 0.0 : overlay.size.width() - place.bar.left();
  return {leftOf(overlay), top + 0.5 * text, bar + kRight * text, kBelow * text};
}

void paintSceneOverlay(QPainter& painter, const SceneOverlay& overlay) {
  const Placement place = placementOf(overlay);
  const Palette palette = paletteOf(overlay.theme);
  painter.save();
  painter.setRenderHints(QPainter::Antialiasing | QPainter::TextAntialiasing);
  painter.setFont(figureFont(place.text));
  AxisPainter axes(painter, overlay, place.text);
  for (const EdgeAxis& axis : axesOf(overlay)) {
    axes.paint(axis);
  }
  // The numbers at the ends of the colour bar reach beyond it.
  const QRectF bar = place.bar.adjusted(0.0, -place.text / 2, 0.0, place.text / 2);
  axes.paintCaptions(std::array{place.title, place.legend, place.bar.isNull() ? QRectF() : bar});
  paintLegend(painter, place.legend, overlay.legend, palette, place.text);
  paintColourBar(painter, place.bar, barOf(overlay), palette, place.text);
  if (!place.title.isNull()) {
    QFont bold = figureFont(place.text);
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(palette.foreground);
    painter.drawText(place.title, Qt::AlignCenter, QString::fromStdString(overlay.title));
  }
  painter.restore();
}

}  // namespace tarn::ui
