#include "ui/figures/tree_figure.h"

#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/figures/colour_bar.h"
#include "ui/figures/legend.h"
#include "ui/figures/marks.h"
#include "ui/figures/palette.h"
#include "ui/scene/height_map.h"

namespace tarn::ui {
namespace {

constexpr double kThinnest = 0.1;  // lines, in text sizes
constexpr double kWidest = 0.22;

std::vector<double> valuesOf(const MergeTree& tree) {
  std::vector<double> values;
  values.reserve(tree.nodes.size());
  for (const TreeNode& node : tree.nodes) {
    values.push_back(node.value);
  }
  return values;
}

QString countOf(std::size_t count, const char* one, const char* many) {
  return QString::number(count) + QLatin1Char(' ') + QLatin1StringView(count == 1 ? one : many);
}

QString caption(const MergeTree& tree, const TreeStyle& style) {
  const std::string_view connectivity = toString(tree.connectivity);
  QString text =
      (tree.levels == Levels::sublevel ? countOf(tree.minimaCount, "minimum", "minima")
                                       : countOf(tree.minimaCount, "maximum", "maxima")) +
      QStringLiteral("  ·  ") + countOf(tree.saddleCount(), "saddle", "saddles") +
      QStringLiteral("  ·  connectivity ") +
      QString::fromUtf8(connectivity.data(), static_cast<qsizetype>(connectivity.size()));
  if (style.smad) {
    text += QStringLiteral("  ·  SMAD ") + QString::fromStdString(formatNumber(*style.smad, 4));
  }
  return text;
}

}  // namespace

struct TreeFigure::Frame {
  double text;  ///< text size
  QRectF plot;  ///< where nodes stand
  QRectF bar;   ///< the colour bar of persistence
  QRectF legend;
  double captionY;  ///< middle of the line under the tree
  HeightMap heights;
  HeightMap persistence;
  ColourMap colours;
  std::vector<Tick> ticks;
  double tickWidth;
  double node;  ///< radius of a node's mark
};

TreeFigure::TreeFigure(std::shared_ptr<const MergeTree> tree, TreeStyle style)
    : tree_(std::move(tree)),
      style_(std::move(style)),
      branches_(branchDecomposition(*tree_)),
      layout_(layoutTree(*tree_, branches_)) {
  for (const Branch& branch : branches_.branches) {
    if (branch.parent < 0) {
      continue;  // it never ends
    }
    largestPersistence_ = std::max(largestPersistence_, branch.persistence);
  }
}

// The light end of a map is lost on white, its dark end on black: that part is left out.
constexpr double kFaintest = 0.3;

ColourBar TreeFigure::persistenceBar(const Frame& f) const {
  return {&f.persistence, &f.colours, {}, QStringLiteral("persistence"), kFaintest};
}

std::vector<LegendEntry> TreeFigure::entries(double text) const {
  const QColor ink = paletteOf(style_.theme).foreground;
  std::vector<LegendEntry> all;
  const bool sublevel = tree_->levels == Levels::sublevel;
  all.push_back({sublevel ? QStringLiteral("minimum") : QStringLiteral("maximum"), 1.0,
                 [=](QPainter& painter, const QRectF& area) {
                   (sublevel ? paintMinimum : paintMaximum)(painter, area.center(), 0.36 * text);
                 }});
  if (tree_->saddleCount() > 0) {
    all.push_back({QStringLiteral("merge saddle"), 1.0, [=](QPainter& painter, const QRectF& area) {
                     paintSaddle(painter, area.center(), 0.36 * text);
                   }});
  }
  all.push_back({sublevel ? QStringLiteral("highest point") : QStringLiteral("lowest point"), 1.0,
                 [=](QPainter& painter, const QRectF& area) {
                   paintMark(painter, Mark::square, area.center(), 0.28 * text, ink, Qt::NoPen);
                 }});
  all.push_back(
      {QStringLiteral("branch that never ends"), 1.4, [=](QPainter& painter, const QRectF& area) {
         painter.setPen(QPen(ink, kWidest * text, Qt::SolidLine, Qt::FlatCap));
         painter.drawLine(QPointF(area.left(), area.center().y()),
                          QPointF(area.right(), area.center().y()));
       }});
  return all;
}

TreeFigure::Frame TreeFigure::frame(const QRectF& area) const {
  const double text = fixedText_.value_or(textSize(area.size()));
  const std::vector<double> values = valuesOf(*tree_);
  const std::array<double, 2> persistences = {0.0, std::max(largestPersistence_, 0.0)};
  // Persistent branches stand out: dark on white, light on black.
  Frame f{text,
          {},
          {},
          {},
          area.bottom() - 1.3 * text,
          HeightMap(values, style_.height),
          HeightMap(persistences, HeightScale::linear),
          ColourMap(style_.colourMap, style_.theme == Theme::light),
          {},
          0.0,
          0.0};
  const double legendTop = area.top() + (style_.title.empty() ? 0.6 : 2.6) * text;
  const double legendWidth = area.width() - 2.0 * text;
  const double legendRows = legendHeight(entries(text), legendWidth, text);
  const double bottom = area.bottom() - 3.0 * text;
  double top = legendTop;
  if (bottom - legendTop - legendRows >= kLeastPlot * text) {
    f.legend = QRectF(area.left() + text, legendTop, legendWidth, legendRows);
    top = f.legend.bottom() + 0.6 * text;
  }
  const double height = std::max(bottom - top, 1.0);
  f.ticks = f.heights.ticks(std::clamp(static_cast<int>(height / (3.0 * text)), 2, 10));
  const QFontMetricsF metrics(figureFont(text));
  for (const Tick& tick : f.ticks) {
    f.tickWidth =
        std::max(f.tickWidth, metrics.horizontalAdvance(QString::fromStdString(tick.label)));
  }
  const double left = area.left() + 2.6 * text + f.tickWidth;
  double right = area.right() - text;
  const double barWidth = colourBarWidth(persistenceBar(f), height, text);
  if (largestPersistence_ > 0.0 && right - barWidth - text - left >= kLeastPlot * text) {
    f.bar = QRectF(right - barWidth, top, barWidth, height);
    right -= barWidth + text;
  }
  f.plot = QRectF(QPointF(left, top), QPointF(std::max(right, left + 1.0), bottom));
  const double spacing = f.plot.width() / std::max(layout_.width + 1.0, 1.0);
  f.node = std::clamp(0.32 * spacing, 0.14 * text, 0.42 * text);
  return f;
}

QPointF TreeFigure::place(const Frame& f, std::int32_t node) const {
  const auto n = static_cast<std::size_t>(node);
  const double margin = 1.2 * f.text;
  const double spread = layout_.width > 0.0 ? layout_.x[n] / layout_.width : 0.5;
  const double x = f.plot.left() + margin + (f.plot.width() - 2 * margin) * spread;
  const double inset = 0.6 * f.text;
  const double t = f.heights.unit(tree_->nodes[n].value);
  return {x, f.plot.bottom() - inset - (f.plot.height() - 2 * inset) * t};
}

void TreeFigure::paintArcs(QPainter& painter, const Frame& f) const {
  std::vector<std::int32_t> order;
  for (std::size_t i = 0; i < tree_->nodes.size(); ++i) {
    if (tree_->nodes[i].parent >= 0) {
      order.push_back(static_cast<std::int32_t>(i));
    }
  }
  const auto branchOf = [&](std::int32_t node) -> const Branch& {
    const std::int32_t branch = branches_.branchOfNode[static_cast<std::size_t>(node)];
    return branches_.branches[static_cast<std::size_t>(branch)];
  };
  // 0 … 1; a branch that never ends is above all.
  const auto rank = [&](std::int32_t node) {
    const Branch& branch = branchOf(node);
    if (branch.parent < 0) {
      return 2.0;
    }
    return largestPersistence_ > 0 ? branch.persistence / largestPersistence_ : 1.0;
  };
  std::ranges::stable_sort(order, {}, rank);
  const QColor ink = paletteOf(style_.theme).foreground;
  painter.setBrush(Qt::NoBrush);
  for (const std::int32_t node : order) {
    const double share = std::min(rank(node), 1.0);
    const bool ends = branchOf(node).parent >= 0;
    const QColor colour = toColour(f.colours.at(kFaintest + (1 - kFaintest) * share));
    const QPointF from = place(f, node);
    const QPointF to = place(f, tree_->nodes[static_cast<std::size_t>(node)].parent);
    const double width = f.text * (kThinnest + (kWidest - kThinnest) * std::sqrt(share));
    painter.setPen(QPen(ends ? colour : ink, width, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    const std::array<QPointF, 3> line = {from, QPointF(from.x(), to.y()), to};
    painter.drawPolyline(line.data(), from.x() == to.x() ? 2 : 3);
  }
}

void TreeFigure::paintNodes(QPainter& painter, const Frame& f) const {
  const Palette palette = paletteOf(style_.theme);
  for (std::size_t i = tree_->nodes.size(); i-- > 0;) {
    const QPointF at = place(f, static_cast<std::int32_t>(i));
    switch (tree_->nodes[i].kind) {
      case NodeKind::minimum:
        paintMinimum(painter, at, f.node);
        break;
      case NodeKind::maximum:
        paintMaximum(painter, at, f.node);
        break;
      case NodeKind::saddle:
        paintSaddle(painter, at, f.node);
        break;
      case NodeKind::root:
        paintMark(painter, Mark::square, at, 0.7 * f.node, palette.foreground, Qt::NoPen);
        break;
    }
  }
}

void TreeFigure::paintSelection(QPainter& painter, const Frame& f) const {
  if (!selection_ || *selection_ < 0 ||
      static_cast<std::size_t>(*selection_) >= tree_->arcOfVertex.size()) {
    return;
  }
  const std::int32_t arc = tree_->arcOfVertex[static_cast<std::size_t>(*selection_)];
  if (arc < 0) {
    return;
  }
  const TreeNode& node = tree_->nodes[static_cast<std::size_t>(arc)];
  const QColor colour = paletteOf(style_.theme).selection;
  const QPointF from = place(f, arc);
  painter.setBrush(Qt::NoBrush);
  if (node.parent >= 0) {
    const QPointF to = place(f, node.parent);
    painter.setPen(QPen(colour, 0.3 * f.text, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    const std::array<QPointF, 3> line = {from, QPointF(from.x(), to.y()), to};
    painter.drawPolyline(line.data(), 3);
  }
  if (node.vertex == *selection_) {
    painter.setPen(QPen(colour, 0.2 * f.text));
    painter.drawEllipse(from, f.node + 0.4 * f.text, f.node + 0.4 * f.text);
  }
}

void TreeFigure::paint(QPainter& painter, const QRectF& area) const {
  const Frame f = frame(area);
  const Palette palette = paletteOf(style_.theme);
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setFont(figureFont(f.text));
  for (const Tick& tick : f.ticks) {
    const double inset = 0.6 * f.text;
    const double y =
        f.plot.bottom() - inset - (f.plot.height() - 2 * inset) * f.heights.unit(tick.value);
    painter.setPen(QPen(palette.grid, 0.07 * f.text));
    painter.drawLine(QPointF(f.plot.left(), y), QPointF(f.plot.right(), y));
    painter.setPen(palette.foreground);
    painter.drawText(QRectF(f.plot.left() - f.tickWidth - 1.4 * f.text, y - f.text,
                            f.tickWidth + f.text, 2 * f.text),
                     Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                     QString::fromStdString(tick.label));
  }
  painter.setPen(QPen(palette.foreground, 0.08 * f.text));
  painter.drawLine(f.plot.topLeft(), f.plot.bottomLeft());

  paintArcs(painter, f);
  paintSelection(painter, f);
  paintNodes(painter, f);

  painter.setPen(palette.foreground);
  constexpr int kCentre = Qt::AlignCenter | Qt::TextDontClip;
  painter.drawText(QRectF(area.left(), f.captionY - f.text, area.width(), 2 * f.text), kCentre,
                   fitted(caption(*tree_, style_), painter.font(), area.width() - f.text));
  paintTitle(painter, area, QString::fromStdString(style_.title), f.text);
  paintLegend(painter, f.legend, entries(f.text), palette, f.text);
  painter.setPen(palette.foreground);
  painter.save();
  painter.translate(area.left() + 1.0 * f.text, f.plot.center().y());
  painter.rotate(-90);
  painter.drawText(
      QRectF(-f.plot.height() / 2, -f.text, f.plot.height(), 2 * f.text), kCentre,
      fitted(QString::fromStdString(style_.quantity), painter.font(), f.plot.height()));
  painter.restore();
  paintColourBar(painter, f.bar, persistenceBar(f), palette, f.text);
  painter.restore();
}

QPointF TreeFigure::nodePosition(const QRectF& area, std::int32_t node) const {
  return place(frame(area), node);
}

std::optional<std::int32_t> TreeFigure::nodeAt(const QRectF& area, const QPointF& position) const {
  const Frame f = frame(area);
  const double reach = std::max(f.node, 0.5 * f.text);
  double best = reach * reach;
  std::optional<std::int32_t> found;
  for (std::size_t i = 0; i < tree_->nodes.size(); ++i) {
    const QPointF d = place(f, static_cast<std::int32_t>(i)) - position;
    const double distance = QPointF::dotProduct(d, d);
    if (distance <= best) {
      best = distance;
      found = static_cast<std::int32_t>(i);
    }
  }
  return found;
}

}  // namespace tarn::ui
