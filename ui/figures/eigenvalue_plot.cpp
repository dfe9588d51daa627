#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "ui/figures/marks.h"
#include "ui/figures/scaled_frame.h"
#include "ui/figures/spectrum_plot.h"

namespace tarn::ui {
namespace {

const QColor kNegative = runLook(0).colour;

/// Residuals have a strip of their own below the values: beside these they are too small to be
/// seen.
constexpr double kStrip = 0.26;
constexpr double kLeastHeight = 22.0;  ///< of an area with a strip, in text sizes

class EigenvaluePlot : public SpectrumPlot {
 public:
  EigenvaluePlot(SpectrumDataPtr data, const SpectrumStyle& style)
      : data_(std::move(data)), style_(style) {}

  void paint(QPainter& painter, const QRectF& area, double text,
             const QString& title) const override;
  std::optional<SpectrumHit> hitAt(const QRectF& area, double text, bool titled,
                                   const QPointF& position) const override;
  std::optional<QPointF> positionOf(const QRectF& area, double text, bool titled,
                                    const SpectrumHit& hit) const override;

 private:
  struct Frames {
    ScaledFrame values;
    std::optional<ScaledFrame> residuals;
  };

  const std::vector<RitzValue>& all() const { return data_->eigenvalues; }
  Frames layOut(const QRectF& area, double text, bool titled) const;
  PlotScale valueScale() const;
  std::optional<PlotScale> residualScale() const;
  QStringList facts(const QRectF& area, double text) const;
  std::vector<LegendEntry> entries(double text) const;
  double radius(const ScaledFrame& frame) const;
  void paintValues(QPainter& painter, const ScaledFrame& frame, const Palette& palette) const;
  void paintResiduals(QPainter& painter, const ScaledFrame& frame, const Palette& palette) const;

  SpectrumDataPtr data_;
  SpectrumStyle style_;
};

PlotScale EigenvaluePlot::valueScale() const {
  double low = 0.0;
  double high = 0.0;
  double smallest = 0.0;
  for (const RitzValue& pair : all()) {
    const double error = std::isnan(pair.residual) ? 0.0 : pair.residual;
    low = std::min(low, pair.value - error);
    high = std::max(high, pair.value + error);
    // What is no larger than its residual may as well be 0.
    const double size = std::abs(pair.value);
    if (size > error && (smallest == 0 || size < smallest)) {
      smallest = size;
    }
  }
  if (style_.logarithmic) {
    const double least = 1e-6 * std::max(high, -low);
    return {ScaleKind::symmetric, 2 * low, 2 * high, std::max(smallest, least)};
  }
  const double margin = 0.06 * (high / 2 - low / 2) * 2;
  return {ScaleKind::linear, low < 0 ? low - margin : low, high > 0 ? high + margin : high};
}

std::optional<PlotScale> EigenvaluePlot::residualScale() const {
  double low = 0.0;
  double high = 0.0;
  for (const RitzValue& pair : all()) {
    if (pair.residual > 0) {
      low = low == 0 ? pair.residual : std::min(low, pair.residual);
      high = std::max(high, pair.residual);
    }
  }
  if (high == 0) {
    return std::nullopt;
  }
  const double floor = std::max(low, 1e-12 * high);
  return PlotScale(ScaleKind::logarithmic, floor / 4, high * 2);
}

/// What it was computed on, and what stands out; nothing in a low area.
QStringList EigenvaluePlot::facts(const QRectF& area, double text) const {
  QStringList words;
  if (area.height() < kLeastHeight * text) {
    return words;
  }
  const auto shown = [](double value, int digits) {
    return QString::fromStdString(formatNumber(value, digits));
  };
  const auto add = [&](double value, const QString& saying) {
    if (!std::isnan(value)) {
      words += saying;
    }
  };
  const auto counted = [](double count) {
    return QLocale(QLocale::English).toString(std::min(count, 1e15), 'f', 0);
  };
  add(data_->parameters, counted(data_->parameters) + QStringLiteral(" parameters"));
  add(data_->samples, counted(data_->samples) + QStringLiteral(" samples"));
  add(data_->loss, QStringLiteral("loss ") + shown(data_->loss, 4));
  const QString error = std::isnan(data_->traceError)
                            ? QString()
                            : QStringLiteral(" ± ") + shown(data_->traceError, 2);
  add(data_->trace, QStringLiteral("trace ") + shown(data_->trace, 4) + error);
  if (data_->outliers) {
    words +=
        QStringLiteral("%1 %2")
            .arg(*data_->outliers)
            .arg(*data_->outliers == 1 ? QStringLiteral("outlier") : QStringLiteral("outliers"));
  }
  add(data_->bifurcationRatio,
      QStringLiteral("bifurcation ratio ") + shown(data_->bifurcationRatio, 3));
  return factLines(words, area, text);
}

std::vector<LegendEntry> EigenvaluePlot::entries(double text) const {
  std::vector<LegendEntry> list;
  const QColor positive = spectrumBlue(style_.theme);
  const auto mark = [&](const QString& words, Mark shape, const QColor& fill, const QColor& line) {
    list.push_back({words, 1.0, [=](QPainter& painter, const QRectF& area) {
                      paintMark(painter, shape, area.center(), 0.34 * text, fill,
                                QPen(line, 0.12 * text));
                    }});
  };
  const auto any = [&](auto test) { return std::ranges::any_of(all(), test); };
  const bool negative = any([](const RitzValue& pair) { return pair.value < 0; });
  const bool unsure = any([](const RitzValue& pair) { return !pair.converged; });
  if (negative) {
    mark(QStringLiteral("positive"), Mark::circle, positive, positive);
    mark(QStringLiteral("negative"), Mark::triangleDown, kNegative, kNegative);
  }
  if (unsure) {
    mark(QStringLiteral("not converged"), Mark::circle, paletteOf(style_.theme).background,
         positive);
  }
  return list;
}

EigenvaluePlot::Frames EigenvaluePlot::layOut(const QRectF& area, double text, bool titled) const {
  const auto count = static_cast<double>(all().size());
  const PlotScale ranks(ScaleKind::linear, 0.5, count + 0.5);
  const auto onlyWhole = [](ScaledFrame& scaled) {
    std::erase_if(scaled.frame.xTicks, [&](const Tick& tick) {
      const double rank = scaled.x.value(tick.value);
      return std::abs(rank - std::round(rank)) > 1e-6;
    });
    for (Tick& tick : scaled.frame.xTicks) {
      tick.label = std::to_string(std::lround(scaled.x.value(tick.value)));
    }
  };
  ScaledFrame whole = ScaledFrame::layOut(area, text, ranks, valueScale(), entries(text), titled,
                                          static_cast<int>(facts(area, text).size()));
  const auto residuals = residualScale();
  if (!residuals || area.height() < kLeastHeight * text) {
    onlyWhole(whole);
    return {whole, std::nullopt};
  }
  // Both plots start where the wider labels end.
  const ScaledFrame other = ScaledFrame::layOut(area, text, ranks, *residuals, {}, titled);
  QRectF upper = whole.frame.plot;
  upper.setLeft(std::max(upper.left(), other.frame.plot.left()));
  QRectF lower = upper;
  lower.setTop(upper.bottom() - kStrip * upper.height());
  upper.setBottom(lower.top() - 1.1 * text);
  Frames frames{ScaledFrame(area, upper, text, ranks, whole.y),
                ScaledFrame(area, lower, text, ranks, *residuals)};
  frames.values.frame.legend = whole.frame.legend;
  onlyWhole(*frames.residuals);
  frames.values.frame.xTicks.clear();
  return frames;
}

double EigenvaluePlot::radius(const ScaledFrame& frame) const {
  const double pitch = frame.frame.plot.width() / static_cast<double>(all().size());
  return std::clamp(0.3 * pitch, 0.08 * frame.frame.text, 0.38 * frame.frame.text);
}

void EigenvaluePlot::paintValues(QPainter& painter, const ScaledFrame& frame,
                                 const Palette& palette) const {
  const double text = frame.frame.text;
  const double r = radius(frame);
  painter.save();
  painter.setClipRect(frame.frame.plot.adjusted(-r, -r, r, r), Qt::IntersectClip);
  painter.setPen(QPen(palette.muted, 0.08 * text));
  painter.drawLine(frame.at(0.5, 0), frame.at(static_cast<double>(all().size()) + 0.5, 0));
  for (std::size_t i = 0; i < all().size(); ++i) {
    const RitzValue& pair = all()[i];
    const auto rank = static_cast<double>(i + 1);
    const QPointF at = frame.at(rank, pair.value);
    const QColor colour = pair.value < 0 ? kNegative : spectrumBlue(style_.theme);
    painter.setPen(QPen(colour, std::min(0.1 * text, r)));
    painter.drawLine(frame.at(rank, 0), at);
    if (pair.residual > 0) {
      painter.setPen(QPen(palette.foreground, std::min(0.12 * text, r)));
      const QPointF top = frame.at(rank, pair.value + pair.residual);
      const QPointF bottom = frame.at(rank, pair.value - pair.residual);
      if (bottom.y() - top.y() > 2 * r) {
        painter.drawLine(top, bottom);
        for (const QPointF& end : {top, bottom}) {
          painter.drawLine(end - QPointF(0.8 * r, 0), end + QPointF(0.8 * r, 0));
        }
      }
    }
    paintMark(painter, pair.value < 0 ? Mark::triangleDown : Mark::circle, at, r,
              pair.converged ? colour : palette.background, QPen(colour, 0.3 * r));
    if (style_.chosen.contains(i)) {
      painter.setBrush(Qt::NoBrush);
      painter.setPen(QPen(palette.selection, 0.2 * text));
      painter.drawEllipse(at, r + 0.35 * text, r + 0.35 * text);
    }
  }
  painter.restore();
}

void EigenvaluePlot::paintResiduals(QPainter& painter, const ScaledFrame& frame,
                                    const Palette& palette) const {
  const double half = std::max(0.5, 0.8 * radius(frame));
  for (std::size_t i = 0; i < all().size(); ++i) {
    if (const RitzValue& pair = all()[i]; pair.residual > 0) {
      const QPointF top = frame.at(static_cast<double>(i + 1), pair.residual);
      painter.fillRect(QRectF(QPointF(top.x() - half, top.y()),
                              QPointF(top.x() + half, frame.frame.plot.bottom())),
                       pair.converged ? palette.muted : kNegative);
    }
  }
}

void EigenvaluePlot::paint(QPainter& painter, const QRectF& area, double text,
                           const QString& title) const {
  const Frames frames = layOut(area, text, !title.isEmpty());
  const Palette palette = paletteOf(style_.theme);
  const QString ranks = QStringLiteral("rank");
  frames.values.paintGrid(painter, palette);
  paintValues(painter, frames.values, palette);
  frames.values.frame.paintAxes(painter, palette, frames.residuals ? QString() : ranks,
                                QStringLiteral("eigenvalue λ"), title);
  if (frames.residuals) {
    frames.residuals->paintGrid(painter, palette);
    paintResiduals(painter, *frames.residuals, palette);
    frames.residuals->frame.paintAxes(painter, palette, ranks, QStringLiteral("residual"), {});
  }
  paintFacts(painter, area, text, !title.isEmpty(), facts(area, text), style_.theme);
  paintLegend(painter, frames.values.frame.legend, entries(text), palette, text);
}

std::optional<SpectrumHit> EigenvaluePlot::hitAt(const QRectF& area, double text, bool titled,
                                                 const QPointF& position) const {
  const Frames frames = layOut(area, text, titled);
  QRectF reach = frames.values.frame.plot;
  if (frames.residuals) {
    reach = reach.united(frames.residuals->frame.plot);
  }
  if (all().empty() || !reach.contains(position)) {
    return std::nullopt;
  }
  const double rank = std::round(frames.values.valueAt(position).x());
  const double last = static_cast<double>(all().size());
  return SpectrumHit{SpectrumPart::eigenvalues,
                     static_cast<std::size_t>(std::clamp(rank, 1.0, last)) - 1};
}

std::optional<QPointF> EigenvaluePlot::positionOf(const QRectF& area, double text, bool titled,
                                                  const SpectrumHit& hit) const {
  if (hit.part != SpectrumPart::eigenvalues || hit.index >= all().size()) {
    return std::nullopt;
  }
  return layOut(area, text, titled)
      .values.at(static_cast<double>(hit.index + 1), all()[hit.index].value);
}

}  // namespace

std::unique_ptr<SpectrumPlot> eigenvaluePlot(SpectrumDataPtr data, const SpectrumStyle& style) {
  return std::make_unique<EigenvaluePlot>(std::move(data), style);
}

}  // namespace tarn::ui
