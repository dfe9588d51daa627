#include <QFontMetricsF>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/figures/marks.h"
#include "ui/figures/scaled_frame.h"
#include "ui/figures/spectrum_plot.h"

namespace tarn::ui {
namespace {

/// One quantity of all layers.
struct LayerColumn {
  QString caption;
  QColor colour;
  std::vector<double> values;  ///< NaN: none
  std::vector<double> errors;  ///< NaN: none
};

/// Where the columns stand. Layer i has the ordinate −i.
struct LayerFrames {
  std::vector<ScaledFrame> columns;
  double labelLeft = 0.0;
  double labelWidth = 0.0;
  std::size_t stride = 1;  ///< every so many layers have their name written
};

class LayerPlot : public SpectrumPlot {
 public:
  LayerPlot(SpectrumDataPtr data, const SpectrumStyle& style);

  void paint(QPainter& painter, const QRectF& area, double text,
             const QString& title) const override;
  std::optional<SpectrumHit> hitAt(const QRectF& area, double text, bool titled,
                                   const QPointF& position) const override;
  std::optional<QPointF> positionOf(const QRectF& area, double text, bool titled,
                                    const SpectrumHit& hit) const override;

 private:
  LayerFrames layOut(const QRectF& area, double text, bool titled) const;
  PlotScale scaleOf(const LayerColumn& column) const;
  void paintBars(QPainter& painter, const ScaledFrame& frame, const LayerColumn& column,
                 const Palette& palette) const;
  void paintNames(QPainter& painter, const LayerFrames& frames, const Palette& palette) const;

  SpectrumDataPtr data_;
  SpectrumStyle style_;
  std::vector<LayerColumn> columns_;
};

LayerPlot::LayerPlot(SpectrumDataPtr data, const SpectrumStyle& style)
    : data_(std::move(data)), style_(style) {
  const double none = std::nan("");
  columns_ = {{QStringLiteral("trace"), spectrumBlue(style_.theme), {}, {}},
              {QStringLiteral("mean curvature"), runLook(5).colour, {}, {}},
              {QStringLiteral("largest λ"), runLook(0).colour, {}, {}}};
  for (const LayerCurvature& layer : data_->layers) {
    const auto add = [&](std::size_t column, double value, double error) {
      columns_[column].values.push_back(value);
      columns_[column].errors.push_back(error);
    };
    add(0, layer.trace, layer.traceError);
    add(1, layer.meanCurvature, layer.parameters > 0 ? layer.traceError / layer.parameters : none);
    add(2, layer.eigenvalue, layer.residual);
  }
  // What was not computed for any layer has no column; the trace's stays, so that there is one.
  for (std::size_t i = columns_.size(); i-- > 1;) {
    if (std::ranges::all_of(columns_[i].values, [](double value) { return std::isnan(value); })) {
      columns_.erase(columns_.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

PlotScale LayerPlot::scaleOf(const LayerColumn& column) const {
  double low = 0.0;
  double high = 0.0;
  double smallest = 0.0;
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    const double value = column.values[i];
    if (std::isnan(value)) {
      continue;
    }
    const double error = std::isnan(column.errors[i]) ? 0.0 : column.errors[i];
    low = std::min(low, value < 0 ? value - error : value);
    high = std::max(high, value + error);
    if (const double size = std::abs(value); size > 0 && (smallest == 0 || size < smallest)) {
      smallest = size;
    }
  }
  if (style_.logarithmic) {
    return {ScaleKind::symmetric, 1.5 * low, 1.5 * high,
            std::max(smallest, 1e-6 * std::max(high, -low))};
  }
  const double margin = 0.06 * (high / 2 - low / 2) * 2;
  return {ScaleKind::linear, low < 0 ? low - margin : low, high > 0 ? high + margin : high};
}

LayerFrames LayerPlot::layOut(const QRectF& area, double text, bool titled) const {
  LayerFrames frames;
  const QFontMetricsF metrics(figureFont(text));
  double widest = 0.0;
  for (const LayerCurvature& layer : data_->layers) {
    widest = std::max(widest, metrics.horizontalAdvance(QString::fromStdString(layer.layer)));
  }
  const double margin = 0.8 * text;
  const double gap = 1.6 * text;
  const double top = area.top() + margin + (titled ? 1.9 * text : 0.0);
  const double bottom = std::max(area.bottom() - 4.1 * text, top + 1.0);
  frames.labelLeft = area.left() + margin;
  frames.labelWidth = std::min(widest, 0.3 * area.width());
  const double left = frames.labelLeft + frames.labelWidth + 0.8 * text;
  const double right = std::max(area.right() - margin - text, left + 1.0);
  const auto count = static_cast<double>(columns_.size());
  const double width = std::max((right - left - gap * (count - 1)) / count, 1.0);
  const auto layers = static_cast<double>(data_->layers.size());
  const PlotScale rows(ScaleKind::linear, 0.5 - layers, 0.5);
  double at = left;
  for (const LayerColumn& column : columns_) {
    const QRectF plot(at, top, width, bottom - top);
    frames.columns.emplace_back(area, plot, text, scaleOf(column), rows);
    frames.columns.back().frame.yTicks.clear();
    at += width + gap;
  }
  frames.stride =
      static_cast<std::size_t>(std::max(1.0, std::ceil(1.25 * text * layers / (bottom - top))));
  return frames;
}

void LayerPlot::paintBars(QPainter& painter, const ScaledFrame& frame, const LayerColumn& column,
                          const Palette& palette) const {
  const double text = frame.frame.text;
  const double pitch = frame.frame.plot.height() / static_cast<double>(column.values.size());
  const double half = std::min(0.35 * pitch, 1.3 * text);
  painter.save();
  painter.setClipRect(frame.frame.plot, Qt::IntersectClip);
  for (std::size_t i = 0; i < column.values.size(); ++i) {
    const double row = -static_cast<double>(i);
    if (data_->layers[i].layer == style_.layer) {
      QColor behind = palette.selection;
      behind.setAlpha(40);
      const double y = frame.at(0, row).y();
      painter.fillRect(
          QRectF(frame.frame.plot.left(), y - pitch / 2, frame.frame.plot.width(), pitch), behind);
    }
    if (std::isnan(column.values[i])) {
      continue;
    }
    const QPointF end = frame.at(column.values[i], row);
    const QPointF zero = frame.at(0, row);
    painter.fillRect(
        QRectF(QPointF(zero.x(), zero.y() - half), QPointF(end.x(), end.y() + half)).normalized(),
        column.colour);
    if (column.errors[i] > 0) {
      const QPointF from = frame.at(column.values[i] - column.errors[i], row);
      const QPointF to = frame.at(column.values[i] + column.errors[i], row);
      if (to.x() - from.x() > 0.2 * text) {
        painter.setPen(QPen(palette.foreground, std::min(0.12 * text, half)));
        painter.drawLine(from, to);
        for (const QPointF& cap : {from, to}) {
          painter.drawLine(cap - QPointF(0, 0.6 * half), cap + QPointF(0, 0.6 * half));
        }
      }
    }
  }
  painter.setPen(QPen(palette.foreground, 0.08 * text));
  painter.drawLine(QPointF(frame.at(0, 0).x(), frame.frame.plot.top()),
                   QPointF(frame.at(0, 0).x(), frame.frame.plot.bottom()));
  painter.restore();
}

void LayerPlot::paintNames(QPainter& painter, const LayerFrames& frames,
                           const Palette& palette) const {
  const double text = frames.columns.front().frame.text;
  painter.setFont(figureFont(text));
  for (std::size_t i = 0; i < data_->layers.size(); i += frames.stride) {
    const std::string& name = data_->layers[i].layer;
    const double y = frames.columns.front().at(0, -static_cast<double>(i)).y();
    painter.setPen(name == style_.layer ? palette.selection : palette.foreground);
    painter.drawText(QRectF(frames.labelLeft, y - text, frames.labelWidth, 2 * text),
                     Qt::AlignRight | Qt::AlignVCenter | Qt::TextDontClip,
                     fitted(QString::fromStdString(name), painter.font(), frames.labelWidth + 1));
  }
}

void LayerPlot::paint(QPainter& painter, const QRectF& area, double text,
                      const QString& title) const {
  const LayerFrames frames = layOut(area, text, !title.isEmpty());
  const Palette palette = paletteOf(style_.theme);
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    frames.columns[i].paintGrid(painter, palette);
    paintBars(painter, frames.columns[i], columns_[i], palette);
    frames.columns[i].frame.paintAxes(painter, palette, columns_[i].caption, {},
                                      i == 0 ? title : QString());
  }
  paintNames(painter, frames, palette);
}

std::optional<SpectrumHit> LayerPlot::hitAt(const QRectF& area, double text, bool titled,
                                            const QPointF& position) const {
  const LayerFrames frames = layOut(area, text, titled);
  const QRectF first = frames.columns.front().frame.plot;
  QRectF reach = first.united(frames.columns.back().frame.plot);
  reach.setLeft(frames.labelLeft);
  if (!reach.contains(position)) {
    return std::nullopt;
  }
  const double row = std::round(-frames.columns.front().valueAt(position).y());
  const auto last = static_cast<double>(data_->layers.size() - 1);
  return SpectrumHit{SpectrumPart::layers, static_cast<std::size_t>(std::clamp(row, 0.0, last))};
}

std::optional<QPointF> LayerPlot::positionOf(const QRectF& area, double text, bool titled,
                                             const SpectrumHit& hit) const {
  if (hit.part != SpectrumPart::layers || hit.index >= data_->layers.size()) {
    return std::nullopt;
  }
  const LayerFrames frames = layOut(area, text, titled);
  const double value = columns_.front().values[hit.index];
  return frames.columns.front().at(std::isnan(value) ? 0.0 : value / 2,
                                   -static_cast<double>(hit.index));
}

}  // namespace

std::unique_ptr<SpectrumPlot> layerPlot(SpectrumDataPtr data, const SpectrumStyle& style) {
  return std::make_unique<LayerPlot>(std::move(data), style);
}

}  // namespace tarn::ui
