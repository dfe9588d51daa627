#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "ui/figures/marks.h"
#include "ui/figures/scaled_frame.h"
#include "ui/figures/spectrum_plot.h"

namespace tarn::ui {
namespace {

const QColor kHalves = runLook(0).colour;

class BatchPlot : public SpectrumPlot {
 public:
  BatchPlot(SpectrumDataPtr data, const SpectrumStyle& style)
      : data_(std::move(data)), style_(style) {}

  void paint(QPainter& painter, const QRectF& area, double text,
             const QString& title) const override;
  std::optional<SpectrumHit> hitAt(const QRectF& area, double text, bool titled,
                                   const QPointF& position) const override;
  std::optional<QPointF> positionOf(const QRectF& area, double text, bool titled,
                                    const SpectrumHit& hit) const override;

 private:
  const std::vector<BatchEigenvalue>& batches() const { return data_->batches; }
  /// Samples of half of the data, as far as its size is known.
  double half() const { return data_->samples >= 2 ? data_->samples / 2 : 1.0; }
  /// The largest eigenvalue of all data: among the pairs, or by a batch's ratio. NaN: unknown.
  double whole() const;
  ScaledFrame layOut(const QRectF& area, double text, bool titled) const;
  QStringList facts(const QRectF& area, double text) const;
  std::vector<LegendEntry> entries(double text) const;
  void paintBatches(QPainter& painter, const ScaledFrame& frame, const Palette& palette) const;
  void paintHalves(QPainter& painter, const ScaledFrame& frame, const Palette& palette) const;

  SpectrumDataPtr data_;
  SpectrumStyle style_;
};

double BatchPlot::whole() const {
  if (!data_->eigenvalues.empty()) {
    return data_->eigenvalues.front().value;
  }
  return batches().empty() ? std::nan("") : batches().back().eigenvalue / batches().back().ratio;
}

ScaledFrame BatchPlot::layOut(const QRectF& area, double text, bool titled) const {
  double fewest = data_->samples >= 1 ? data_->samples : 1.0;
  double most = fewest;
  double low = 0.0;
  double high = 0.0;
  const auto include = [&](double samples, double from, double to) {
    fewest = std::min(fewest, samples);
    most = std::max(most, samples);
    low = std::min(low, from);
    high = std::max(high, to);
  };
  for (const BatchEigenvalue& one : batches()) {
    const double error = std::isnan(one.standardError) ? 0.0 : one.standardError;
    include(one.batch, one.eigenvalue - error, one.eigenvalue + error);
  }
  if (data_->halves) {
    for (const auto* values : {&data_->halves->first, &data_->halves->second}) {
      include(half(), values->back(), values->front());
    }
  }
  if (const double value = whole(); !std::isnan(value)) {
    include(most, value, value);
  }
  const double margin = 0.06 * (high / 2 - low / 2) * 2;
  return ScaledFrame::layOut(
      area, text, PlotScale(ScaleKind::logarithmic, fewest / 1.3, most * 1.3),
      PlotScale(ScaleKind::linear, low < 0 ? low - margin : low, high > 0 ? high + margin : high),
      entries(text), titled, static_cast<int>(facts(area, text).size()));
}

QStringList BatchPlot::facts(const QRectF& area, double text) const {
  if (!data_->halves) {
    return {};
  }
  const HalvesAgreement& halves = *data_->halves;
  QStringList words{QStringLiteral("halves of the data")};
  const auto add = [&](const QString& name, double value) {
    if (!std::isnan(value)) {
      words += name + QLatin1Char(' ') + QString::fromStdString(formatNumber(value, 3));
    }
  };
  add(QStringLiteral("‖H_a − H_b‖"), halves.differenceNorm);
  add(QStringLiteral("overlap of %1 eigenvectors").arg(halves.vectors), halves.overlap);
  add(QStringLiteral("spread of Hg"), halves.gradientSpread);
  return factLines(words, area, text);
}

std::vector<LegendEntry> BatchPlot::entries(double text) const {
  std::vector<LegendEntry> list;
  if (!batches().empty()) {
    const QColor colour = spectrumBlue(style_.theme);
    list.push_back({QStringLiteral("λ₁ of random batches ± standard error"), 1.0,
                    [=](QPainter& painter, const QRectF& area) {
                      paintMark(painter, Mark::circle, area.center(), 0.34 * text, colour,
                                Qt::NoPen);
                    }});
  }
  if (data_->halves) {
    const std::size_t count = data_->halves->first.size();
    list.push_back({count == 1 ? QStringLiteral("λ₁ of each half")
                               : QStringLiteral("%1 eigenvalues of each half").arg(count),
                    1.0, [=](QPainter& painter, const QRectF& area) {
                      paintMark(painter, Mark::diamond, area.center(), 0.4 * text, kHalves,
                                Qt::NoPen);
                    }});
  }
  if (!std::isnan(whole())) {
    list.push_back({QStringLiteral("λ₁ of all data"), 1.8,
                    [text, colour = paletteOf(style_.theme).foreground](QPainter& painter,
                                                                        const QRectF& area) {
                      painter.setPen(QPen(colour, 0.1 * text, Qt::DashLine));
                      painter.drawLine(QPointF(area.left(), area.center().y()),
                                       QPointF(area.right(), area.center().y()));
                    }});
  }
  return list;
}

void BatchPlot::paintBatches(QPainter& painter, const ScaledFrame& frame,
                             const Palette& palette) const {
  const double text = frame.frame.text;
  const double r = 0.34 * text;
  const QColor colour = spectrumBlue(style_.theme);
  QPolygonF line;
  for (const BatchEigenvalue& one : batches()) {
    line << frame.at(one.batch, one.eigenvalue);
  }
  painter.setPen(QPen(colour, 0.1 * text));
  painter.drawPolyline(line);
  for (const BatchEigenvalue& one : batches()) {
    if (one.standardError > 0) {
      painter.setPen(QPen(palette.foreground, 0.1 * text));
      const QPointF top = frame.at(one.batch, one.eigenvalue + one.standardError);
      const QPointF bottom = frame.at(one.batch, one.eigenvalue - one.standardError);
      painter.drawLine(top, bottom);
      for (const QPointF& end : {top, bottom}) {
        painter.drawLine(end - QPointF(r, 0), end + QPointF(r, 0));
      }
    }
    paintMark(painter, Mark::circle, frame.at(one.batch, one.eigenvalue), r, colour, Qt::NoPen);
  }
}

void BatchPlot::paintHalves(QPainter& painter, const ScaledFrame& frame,
                            const Palette& palette) const {
  const double r = 0.4 * frame.frame.text;
  double side = -1.2 * r;
  for (const auto* values : {&data_->halves->first, &data_->halves->second}) {
    for (const double value : *values) {
      paintMark(painter, Mark::diamond, frame.at(half(), value) + QPointF(side, 0), r, kHalves,
                QPen(palette.background, 0.1 * r));
    }
    side = -side;
  }
}

void BatchPlot::paint(QPainter& painter, const QRectF& area, double text,
                      const QString& title) const {
  const ScaledFrame frame = layOut(area, text, !title.isEmpty());
  const Palette palette = paletteOf(style_.theme);
  frame.paintGrid(painter, palette);
  painter.save();
  painter.setClipRect(frame.frame.plot, Qt::IntersectClip);
  if (const double value = whole(); !std::isnan(value)) {
    painter.setPen(QPen(palette.foreground, 0.08 * text, Qt::DashLine));
    painter.drawLine(frame.at(frame.x.low(), value), frame.at(frame.x.high(), value));
  }
  paintBatches(painter, frame, palette);
  if (data_->halves) {
    paintHalves(painter, frame, palette);
  }
  painter.restore();
  frame.frame.paintAxes(painter, palette, QStringLiteral("samples"), QStringLiteral("eigenvalue λ"),
                        title);
  paintFacts(painter, area, text, !title.isEmpty(), facts(area, text), style_.theme);
  paintLegend(painter, frame.frame.legend, entries(text), palette, text);
}

std::optional<SpectrumHit> BatchPlot::hitAt(const QRectF& area, double text, bool titled,
                                            const QPointF& position) const {
  const ScaledFrame frame = layOut(area, text, titled);
  std::optional<SpectrumHit> found;
  double nearest = 1.5 * text;
  for (std::size_t i = 0; i < batches().size(); ++i) {
    const double away = std::abs(frame.at(batches()[i].batch, 0).x() - position.x());
    if (frame.frame.plot.contains(position) && away <= nearest) {
      nearest = away;
      found = SpectrumHit{SpectrumPart::batches, i};
    }
  }
  return found;
}

std::optional<QPointF> BatchPlot::positionOf(const QRectF& area, double text, bool titled,
                                             const SpectrumHit& hit) const {
  if (hit.part != SpectrumPart::batches || hit.index >= batches().size()) {
    return std::nullopt;
  }
  const BatchEigenvalue& one = batches()[hit.index];
  return layOut(area, text, titled).at(one.batch, one.eigenvalue);
}

}  // namespace

std::unique_ptr<SpectrumPlot> batchPlot(SpectrumDataPtr data, const SpectrumStyle& style) {
  return std::make_unique<BatchPlot>(std::move(data), style);
}

}  // namespace tarn::ui
