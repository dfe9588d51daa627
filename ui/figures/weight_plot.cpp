#include <QPainter>
#include <QPolygonF>
#include <algorithm>
#include <cmath>

#include "ui/figures/marks.h"
#include "ui/figures/scaled_frame.h"
#include "ui/figures/spectrum_plot.h"
#include "ui/figures/weight_exponents.h"
#include "ui/figures/weight_fits.h"

namespace tarn::ui {
namespace {

/// The exponents stand beside the density where that still has so many text sizes.
constexpr double kWidthForExponents = 52.0;
constexpr double kExponentShare = 0.36;

QString shown(double value) {
  return std::isnan(value) ? QStringLiteral("–") : QString::fromStdString(formatNumber(value, 3));
}

class WeightPlot : public SpectrumPlot {
 public:
  WeightPlot(SpectrumDataPtr data, const SpectrumStyle& style);

  void paint(QPainter& painter, const QRectF& area, double text,
             const QString& title) const override;
  std::optional<SpectrumHit> hitAt(const QRectF& area, double text, bool titled,
                                   const QPointF& position) const override;
  std::optional<QPointF> positionOf(const QRectF& area, double text, bool titled,
                                    const SpectrumHit& hit) const override;

 private:
  struct Areas {
    QRectF whole;
    QRectF density;
    QRectF exponents;  ///< null where there is no room, or one matrix
  };

  const WeightSpectrum& weight() const { return data_->weights[shown_]; }
  Areas areasOf(const QRectF& area, double text) const;
  ScaledFrame densityFrame(const Areas& areas, double text, bool titled) const;
  std::vector<LegendEntry> entries(double text) const;
  QStringList lines(const QRectF& area, double text) const;
  void paintDensity(QPainter& painter, const ScaledFrame& frame, const Palette& palette) const;
  void paintFits(QPainter& painter, const ScaledFrame& frame) const;

  SpectrumDataPtr data_;
  SpectrumStyle style_;
  std::size_t shown_ = 0;
  WeightHistogram histogram_;
  std::optional<PowerTail> ks_;
  std::optional<PowerTail> hill_;
};

WeightPlot::WeightPlot(SpectrumDataPtr data, const SpectrumStyle& style)
    : data_(std::move(data)),
      style_(style),
      shown_(data_->weightsOf(style.layer).value_or(0)),
      histogram_(histogramOf(weight())) {
  ks_ = tailOf(histogram_, weight().alphaKs, weight().ksMinimum);
  // Hill's estimate is made from the upper half.
  if (const std::size_t count = weight().eigenvalues.size(); count > 0) {
    hill_ = tailOf(histogram_, weight().alphaHill, weight().eigenvalues[count / 2]);
  }
}

QStringList WeightPlot::lines(const QRectF& area, double text) const {
  const WeightSpectrum& one = weight();
  QStringList facts{QString::fromStdString(one.title())};
  const auto add = [&](const QString& words, double value) {
    if (!std::isnan(value)) {
      facts += words + QLatin1Char(' ') + shown(value);
    }
  };
  if (one.rows > 0 && one.columns > 0) {
    facts += QStringLiteral("%1 × %2").arg(one.rows).arg(one.columns);
  }
  add(QStringLiteral("stable rank"), one.stableRank);
  add(QStringLiteral("‖W‖₂"), one.spectralNorm);
  add(QStringLiteral("α·log₁₀λ₁"), one.alphaHat);
  add(QStringLiteral("FARMS α"), one.farmsAlpha);
  if (histogram_.zeros > 0) {
    facts += QStringLiteral("%1 eigenvalues are 0").arg(histogram_.zeros);
  }
  if (!one.note.empty()) {
    facts += QString::fromStdString(one.note);
  }
  return factLines(facts, area, text);
}

std::vector<LegendEntry> WeightPlot::entries(double text) const {
  std::vector<LegendEntry> list;
  const auto line = [&](const QString& words, const QColor& colour, Qt::PenStyle dash) {
    list.push_back({words, 2.2, [=](QPainter& painter, const QRectF& area) {
                      painter.setPen(QPen(colour, 0.18 * text, dash, Qt::FlatCap));
                      painter.drawLine(QPointF(area.left(), area.center().y()),
                                       QPointF(area.right(), area.center().y()));
                    }});
  };
  if (ks_) {
    QString words = QStringLiteral("power law, α = ") + shown(weight().alphaKs);
    if (!std::isnan(weight().ksDistance)) {
      words += QStringLiteral(" (KS distance %1)").arg(shown(weight().ksDistance));
    }
    line(words, runLook(0).colour, Qt::SolidLine);
  }
  if (hill_) {
    line(QStringLiteral("Hill, α = ") + shown(weight().alphaHill), runLook(3).colour, Qt::DashLine);
  }
  if (weight().lowEdge) {
    line(QStringLiteral("independent entries (Marchenko–Pastur), %1 to %2")
             .arg(shown(*weight().lowEdge), shown(*weight().highEdge)),
         runLook(5).colour, Qt::SolidLine);
  }
  return list;
}

WeightPlot::Areas WeightPlot::areasOf(const QRectF& area, double text) const {
  if (data_->weights.size() < 2 || area.width() < kWidthForExponents * text) {
    return {area, area, {}};
  }
  QRectF left = area;
  left.setRight(area.right() - kExponentShare * area.width());
  QRectF right = area;
  right.setLeft(left.right());
  return {area, left, right};
}

ScaledFrame WeightPlot::densityFrame(const Areas& areas, double text, bool titled) const {
  double low = histogram_.values.empty() ? 0.1 : histogram_.edges.front();
  double high = histogram_.values.empty() ? 1.0 : histogram_.edges.back();
  if (weight().lowEdge) {
    low = std::min(low, std::max(*weight().lowEdge, 1e-2 * low));
    high = std::max(high, std::min(*weight().highEdge, 1e2 * high));
  }
  double bottom = 0.0;
  double top = 0.0;
  for (const double height : histogram_.density) {
    if (height > 0) {
      bottom = bottom == 0 ? height : std::min(bottom, height);
      top = std::max(top, height);
    }
  }
  if (top == 0) {
    bottom = 0.1;
    top = 1.0;
  }
  const double wider = std::pow(high / low, 0.03);
  return ScaledFrame::layOut(areas.density, text,
                             PlotScale(ScaleKind::logarithmic, low / wider, high * wider),
                             PlotScale(ScaleKind::logarithmic, bottom / 3, top * 4), entries(text),
                             titled, static_cast<int>(lines(areas.whole, text).size()));
}

void WeightPlot::paintFits(QPainter& painter, const ScaledFrame& frame) const {
  const double text = frame.frame.text;
  const auto curve = [&](double from, double to, auto density) {
    QPolygonF line;
    constexpr int kPoints = 160;
    for (int i = 0; i <= kPoints; ++i) {
      const double value = from * std::pow(to / from, i / static_cast<double>(kPoints));
      line << frame.at(value, density(value));
    }
    painter.drawPolyline(line);
  };
  painter.setBrush(Qt::NoBrush);
  if (weight().lowEdge) {
    const double low = *weight().lowEdge;
    const double high = *weight().highEdge;
    painter.setPen(QPen(runLook(5).colour, 0.16 * text));
    const double from = std::max({low, frame.x.low(), 1e-12 * high});
    curve(from, high, [&](double value) { return randomDensity(low, high, value); });
    painter.setPen(QPen(runLook(5).colour, 0.1 * text, Qt::DotLine));
    for (const double edge : {low, high}) {
      if (edge > 0) {
        const double x = frame.at(edge, 1).x();
        painter.drawLine(QPointF(x, frame.frame.plot.top()), QPointF(x, frame.frame.plot.bottom()));
      }
    }
  }
  if (ks_ && histogram_.values.back() > ks_->from) {
    painter.setPen(QPen(runLook(0).colour, 0.2 * text, Qt::SolidLine, Qt::FlatCap));
    curve(ks_->from, histogram_.values.back(), [&](double value) { return ks_->at(value); });
  }
  if (hill_ && histogram_.values.back() > hill_->from) {
    painter.setPen(QPen(runLook(3).colour, 0.18 * text, Qt::DashLine, Qt::FlatCap));
    curve(hill_->from, histogram_.values.back(), [&](double value) { return hill_->at(value); });
  }
}

void WeightPlot::paintDensity(QPainter& painter, const ScaledFrame& frame,
                              const Palette& palette) const {
  const double text = frame.frame.text;
  painter.save();
  painter.setClipRect(frame.frame.plot, Qt::IntersectClip);
  QColor fill = runLook(1).colour;
  fill.setAlpha(120);
  painter.setPen(QPen(palette.background, 0.06 * text));
  painter.setBrush(fill);
  for (std::size_t i = 0; i < histogram_.density.size(); ++i) {
    if (histogram_.density[i] > 0) {
      const QPointF top = frame.at(histogram_.edges[i], histogram_.density[i]);
      const QPointF corner(frame.at(histogram_.edges[i + 1], 1).x(), frame.frame.plot.bottom());
      painter.drawRect(QRectF(top, corner));
    }
  }
  // Every single one, where they can be told apart.
  if (histogram_.values.size() <= 2000) {
    painter.setPen(QPen(palette.foreground, 0.05 * text));
    for (const double value : histogram_.values) {
      const double x = frame.at(value, 1).x();
      painter.drawLine(QPointF(x, frame.frame.plot.bottom()),
                       QPointF(x, frame.frame.plot.bottom() - 0.6 * text));
    }
  }
  paintFits(painter, frame);
  painter.restore();
}

void WeightPlot::paint(QPainter& painter, const QRectF& area, double text,
                       const QString& title) const {
  const Areas areas = areasOf(area, text);
  const Palette palette = paletteOf(style_.theme);
  const bool titled = !title.isEmpty();
  const ScaledFrame frame = densityFrame(areas, text, titled);
  frame.paintGrid(painter, palette);
  paintDensity(painter, frame, palette);
  frame.frame.paintAxes(painter, palette, QStringLiteral("eigenvalue λ of WᵀW"),
                        QStringLiteral("density"), {});
  paintLegend(painter, frame.frame.legend, entries(text), palette, text);
  paintFacts(painter, area, text, titled, lines(area, text), style_.theme);
  if (!areas.exponents.isNull()) {
    paintExponents(painter, exponentFrame(*data_, areas.exponents, text, titled), *data_, shown_,
                   palette);
  }
  painter.setPen(palette.foreground);
  paintTitle(painter, area, title, text);
}

std::optional<SpectrumHit> WeightPlot::hitAt(const QRectF& area, double text, bool titled,
                                             const QPointF& position) const {
  const Areas areas = areasOf(area, text);
  if (areas.exponents.contains(position)) {
    const ScaledFrame frame = exponentFrame(*data_, areas.exponents, text, titled);
    const double row = std::round(-frame.valueAt(position).y());
    if (row >= 0 && row < static_cast<double>(data_->weights.size())) {
      return SpectrumHit{SpectrumPart::weights, static_cast<std::size_t>(row)};
    }
    return std::nullopt;
  }
  return densityFrame(areas, text, titled).frame.plot.contains(position)
             ? std::optional(SpectrumHit{SpectrumPart::weights, shown_})
             : std::nullopt;
}

std::optional<QPointF> WeightPlot::positionOf(const QRectF& area, double text, bool titled,
                                              const SpectrumHit& hit) const {
  const Areas areas = areasOf(area, text);
  if (hit.part != SpectrumPart::weights || hit.index >= data_->weights.size()) {
    return std::nullopt;
  }
  if (!areas.exponents.isNull()) {
    const ScaledFrame frame = exponentFrame(*data_, areas.exponents, text, titled);
    const double middle = (frame.x.low() + frame.x.high()) / 2;
    return frame.at(middle, -static_cast<double>(hit.index));
  }
  return hit.index == shown_ ? std::optional(densityFrame(areas, text, titled).frame.plot.center())
                             : std::nullopt;
}

}  // namespace

std::unique_ptr<SpectrumPlot> weightPlot(SpectrumDataPtr data, const SpectrumStyle& style) {
  return std::make_unique<WeightPlot>(std::move(data), style);
}

}  // namespace tarn::ui
