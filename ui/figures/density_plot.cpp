#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>
#include <numbers>

#include "ui/figures/marks.h"
#include "ui/figures/scaled_frame.h"
#include "ui/figures/spectrum_plot.h"

namespace tarn::ui {
namespace {

const QColor kStems = runLook(0).colour;

class DensityPlot : public SpectrumPlot {
 public:
  DensityPlot(SpectrumDataPtr data, const SpectrumStyle& style);

  void paint(QPainter& painter, const QRectF& area, double text,
             const QString& title) const override;
  std::optional<SpectrumHit> hitAt(const QRectF& area, double text, bool titled,
                                   const QPointF& position) const override;
  std::optional<QPointF> positionOf(const QRectF& area, double text, bool titled,
                                    const SpectrumHit& hit) const override;

 private:
  const SpectralDensity& density() const { return *data_->density; }
  double error(std::size_t i) const;
  ScaledFrame layOut(const QRectF& area, double text, bool titled) const;
  PlotScale across() const;
  std::vector<LegendEntry> entries(double text) const;
  QStringList facts(const QRectF& area, double text) const;
  QColor tint(int alpha) const;
  void paintCurve(QPainter& painter, const ScaledFrame& frame) const;
  void paintStems(QPainter& painter, const ScaledFrame& frame, const Palette& palette) const;
  void paintBulk(QPainter& painter, const ScaledFrame& frame, const Palette& palette) const;

  SpectrumDataPtr data_;
  SpectrumStyle style_;
  bool oneKnown_ = false;
  double one_ = 0.0;    ///< how high the density of a single eigenvalue stands
  double floor_ = 0.0;  ///< the lowest density that is drawn
  double peak_ = 0.0;
};

DensityPlot::DensityPlot(SpectrumDataPtr data, const SpectrumStyle& style)
    : data_(std::move(data)), style_(style) {
  for (std::size_t i = 0; i < density().density.size(); ++i) {
    if (std::isfinite(density().density[i])) {
      peak_ = std::max(peak_, density().density[i] + error(i));
    }
  }
  if (!(peak_ > 0)) {
    peak_ = 1.0;
  }
  // A Gaussian of that width and of the mass 1/P: below it there is nothing to be seen.
  one_ = 1.0 / (data_->parameters * density().width * std::sqrt(2 * std::numbers::pi));
  oneKnown_ = one_ > 0 && one_ < peak_;
  if (!oneKnown_) {
    one_ = 1e-3 * peak_;
  }
  floor_ = std::max(0.1 * one_, 1e-12 * peak_);
}

double DensityPlot::error(std::size_t i) const {
  const auto& errors = density().standardError;
  return errors.empty() || std::isnan(errors[i]) ? 0.0 : std::abs(errors[i]);
}

PlotScale DensityPlot::across() const {
  const auto& places = density().values;
  double low = 0.0;
  double high = 0.0;
  const auto include = [&](double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  };
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (density().density[i] >= floor_) {
      include(places[i]);
    }
  }
  for (const RitzValue& pair : data_->eigenvalues) {
    include(pair.value);
  }
  const double largest = std::max(high, -low);
  if (style_.logarithmic) {
    const double least = 1e-6 * largest;
    return {ScaleKind::symmetric, 1.5 * low, 1.5 * high,
            density().width > least ? density().width : least};
  }
  const double margin = 0.03 * (high / 2 - low / 2) * 2;
  return {ScaleKind::linear, low - margin, high + margin};
}

QColor DensityPlot::tint(int alpha) const {
  QColor colour = runLook(1).colour;
  colour.setAlpha(alpha);
  return colour;
}

std::vector<LegendEntry> DensityPlot::entries(double text) const {
  const SpectralDensity& one = density();
  QString words = QStringLiteral("density");
  if (one.probes > 0 && one.steps > 0) {
    words += QStringLiteral(" (%1 × %2 Lanczos steps)").arg(one.probes).arg(one.steps);
  }
  std::vector<LegendEntry> list{
      {words, 1.8, [text, theme = style_.theme](QPainter& painter, const QRectF& area) {
         painter.setPen(QPen(spectrumBlue(theme), 0.16 * text));
         painter.drawLine(QPointF(area.left(), area.center().y()),
                          QPointF(area.right(), area.center().y()));
       }}};
  if (!one.standardError.empty()) {
    list.push_back(
        {QStringLiteral("± standard error"), 1.8,
         [fill = tint(130), text](QPainter& painter, const QRectF& area) {
           painter.fillRect(
               QRectF(area.left(), area.center().y() - 0.4 * text, area.width(), 0.8 * text), fill);
         }});
  }
  if (!data_->eigenvalues.empty()) {
    list.push_back({oneKnown_ ? QStringLiteral("eigenvalue, at the density of one")
                              : QStringLiteral("eigenvalue"),
                    1.0, [=](QPainter& painter, const QRectF& area) {
                      painter.setPen(QPen(kStems, 0.12 * text));
                      const QPointF top(area.center().x(), area.center().y() - 0.35 * text);
                      painter.drawLine(top, top + QPointF(0, 0.9 * text));
                      paintMark(painter, Mark::circle, top, 0.2 * text, kStems, Qt::NoPen);
                    }});
  }
  if (data_->bulkEdge) {
    list.push_back({data_->outliers ? QStringLiteral("edge of the bulk, %1 %2")
                                          .arg(*data_->outliers)
                                          .arg(*data_->outliers == 1 ? "outlier" : "outliers")
                                    : QStringLiteral("edge of the bulk"),
                    1.0,
                    [text, colour = paletteOf(style_.theme).foreground](QPainter& painter,
                                                                        const QRectF& area) {
                      painter.setPen(QPen(colour, 0.1 * text, Qt::DashLine));
                      painter.drawLine(QPointF(area.center().x(), area.top() + 0.2 * text),
                                       QPointF(area.center().x(), area.bottom() - 0.2 * text));
                    }});
  }
  return list;
}

/// How much of the curvature is negative (the LLA criteria).
QStringList DensityPlot::facts(const QRectF& area, double text) const {
  QStringList words;
  const auto add = [&](const QString& name, double value) {
    if (!std::isnan(value)) {
      words += name + QLatin1Char(' ') + QString::fromStdString(formatNumber(value, 3));
    }
  };
  add(QStringLiteral("negative share"), data_->negativeShare);
  add(QStringLiteral("smallest to largest"), data_->negativeRatio);
  return factLines(words, area, text);
}

ScaledFrame DensityPlot::layOut(const QRectF& area, double text, bool titled) const {
  return ScaledFrame::layOut(area, text, across(),
                             PlotScale(ScaleKind::logarithmic, floor_, 2 * peak_), entries(text),
                             titled, static_cast<int>(facts(area, text).size()));
}

void DensityPlot::paintCurve(QPainter& painter, const ScaledFrame& frame) const {
  const auto& places = density().values;
  const auto point = [&](std::size_t i, double height) {
    return frame.at(places[i], std::isnan(height) ? floor_ : std::max(height, floor_));
  };
  QPolygonF curve;
  QPolygonF upper;
  QPolygonF lower;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double height = density().density[i];
    curve << point(i, height);
    upper << point(i, height + error(i));
    lower.prepend(point(i, height - error(i)));
  }
  QPolygonF under = curve;
  under << point(places.size() - 1, floor_) << point(0, floor_);
  painter.setPen(Qt::NoPen);
  painter.setBrush(tint(45));
  painter.drawPolygon(under);
  painter.setBrush(tint(130));
  painter.drawPolygon(upper + lower);
  painter.setBrush(Qt::NoBrush);
  painter.setPen(QPen(spectrumBlue(style_.theme), 0.14 * frame.frame.text, Qt::SolidLine,
                      Qt::FlatCap, Qt::RoundJoin));
  painter.drawPolyline(curve);
}

void DensityPlot::paintStems(QPainter& painter, const ScaledFrame& frame,
                             const Palette& palette) const {
  const double text = frame.frame.text;
  const double r = (data_->eigenvalues.size() <= 60 ? 0.2 : 0.1) * text;
  for (std::size_t i = 0; i < data_->eigenvalues.size(); ++i) {
    const double value = data_->eigenvalues[i].value;
    const QPointF top = frame.at(value, one_);
    const bool chosen = style_.chosen.contains(i);
    const QColor colour = chosen ? palette.selection : kStems;
    painter.setPen(QPen(colour, (chosen ? 0.2 : 0.1) * text));
    painter.drawLine(frame.at(value, floor_), top);
    paintMark(painter, Mark::circle, top, chosen ? 1.5 * r : r, colour, Qt::NoPen);
  }
}

void DensityPlot::paintBulk(QPainter& painter, const ScaledFrame& frame,
                            const Palette& palette) const {
  if (data_->bulkEdge) {
    painter.setPen(QPen(palette.foreground, 0.08 * frame.frame.text, Qt::DashLine));
    painter.drawLine(frame.at(*data_->bulkEdge, floor_), frame.at(*data_->bulkEdge, 2 * peak_));
  }
}

void DensityPlot::paint(QPainter& painter, const QRectF& area, double text,
                        const QString& title) const {
  const ScaledFrame frame = layOut(area, text, !title.isEmpty());
  const Palette palette = paletteOf(style_.theme);
  frame.paintGrid(painter, palette);
  painter.save();
  painter.setClipRect(frame.frame.plot, Qt::IntersectClip);
  paintCurve(painter, frame);
  paintBulk(painter, frame, palette);
  paintStems(painter, frame, palette);
  painter.restore();
  frame.frame.paintAxes(
      painter, palette,
      QStringLiteral("eigenvalue λ of the ") + QString::fromStdString(data_->operatorName),
      QStringLiteral("density"), title);
  paintFacts(painter, area, text, !title.isEmpty(), facts(area, text), style_.theme);
  paintLegend(painter, frame.frame.legend, entries(text), palette, text);
}

std::optional<SpectrumHit> DensityPlot::hitAt(const QRectF& area, double text, bool titled,
                                              const QPointF& position) const {
  const ScaledFrame frame = layOut(area, text, titled);
  if (!frame.frame.plot.contains(position)) {
    return std::nullopt;
  }
  // A stem within reach comes before the curve behind it.
  std::optional<SpectrumHit> found;
  double nearest = 0.6 * text;
  for (std::size_t i = 0; i < data_->eigenvalues.size(); ++i) {
    const QPointF top = frame.at(data_->eigenvalues[i].value, one_);
    const double away = std::abs(top.x() - position.x());
    if (position.y() >= top.y() - 0.6 * text && away <= nearest) {
      nearest = away;
      found = SpectrumHit{SpectrumPart::eigenvalues, i};
    }
  }
  if (found) {
    return found;
  }
  const auto& places = density().values;
  const double value = frame.valueAt(position).x();
  auto above = std::ranges::lower_bound(places, value);
  if (above == places.end() || (above != places.begin() && value - *(above - 1) < *above - value)) {
    --above;
  }
  return SpectrumHit{SpectrumPart::density, static_cast<std::size_t>(above - places.begin())};
}

std::optional<QPointF> DensityPlot::positionOf(const QRectF& area, double text, bool titled,
                                               const SpectrumHit& hit) const {
  const ScaledFrame frame = layOut(area, text, titled);
  if (hit.part == SpectrumPart::eigenvalues && hit.index < data_->eigenvalues.size()) {
    return frame.at(data_->eigenvalues[hit.index].value, one_);
  }
  if (hit.part != SpectrumPart::density || hit.index >= density().values.size()) {
    return std::nullopt;
  }
  return frame.at(density().values[hit.index], std::max(density().density[hit.index], floor_));
}

}  // namespace

std::unique_ptr<SpectrumPlot> densityPlot(SpectrumDataPtr data, const SpectrumStyle& style) {
  return std::make_unique<DensityPlot>(std::move(data), style);
}

}  // namespace tarn::ui
