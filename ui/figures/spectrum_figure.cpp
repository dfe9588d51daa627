#include "ui/figures/spectrum_figure.h"

#include <QFontMetricsF>
#include <QPainter>
#include <cmath>

#include "ui/figures/legend.h"
#include "ui/figures/marks.h"

namespace tarn::ui {
namespace {

std::unique_ptr<SpectrumPlot> plotOf(SpectrumPart part, SpectrumDataPtr data,
                                     const SpectrumStyle& style) {
  switch (part) {
    case SpectrumPart::eigenvalues:
      return eigenvaluePlot(std::move(data), style);
    case SpectrumPart::density:
      return densityPlot(std::move(data), style);
    case SpectrumPart::layers:
      return layerPlot(std::move(data), style);
    case SpectrumPart::batches:
      return batchPlot(std::move(data), style);
    case SpectrumPart::weights:
      break;
  }
  return weightPlot(std::move(data), style);
}

}  // namespace

QColor spectrumBlue(Theme theme) {
  return runLook(theme == Theme::light ? 4 : 1).colour;
}

QStringList factLines(const QStringList& facts, const QRectF& area, double size) {
  const QFontMetricsF metrics(figureFont(size));
  const QString between = QStringLiteral("  ·  ");
  QStringList lines;
  for (const QString& fact : facts) {
    const QString longer = lines.isEmpty() ? fact : lines.back() + between + fact;
    const bool fits = metrics.horizontalAdvance(longer) <= area.width() - 1.6 * size;
    if (fits && !lines.isEmpty()) {
      lines.back() = longer;
    } else {
      lines += fact;
    }
  }
  return lines;
}

void paintFacts(QPainter& painter, const QRectF& area, double size, bool titled,
                const QStringList& lines, Theme theme) {
  painter.save();
  painter.setFont(figureFont(size));
  painter.setPen(paletteOf(theme).muted);
  QRectF place(area.left() + 0.8 * size, area.top() + (titled ? 2.5 : 0.6) * size,
               area.width() - 1.6 * size, 1.5 * size);
  for (const QString& line : lines) {
    painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                     fitted(line, painter.font(), place.width()));
    place.translate(0, 1.5 * size);
  }
  painter.restore();
}

QString spectrumTitle(SpectrumPart part, const SpectrumData& data) {
  switch (part) {
    case SpectrumPart::eigenvalues:
      return QStringLiteral("Eigenvalues of the ") + QString::fromStdString(data.operatorName);
    case SpectrumPart::density:
      return QStringLiteral("Spectral density");
    case SpectrumPart::layers:
      return QStringLiteral("Curvature of the layers");
    case SpectrumPart::batches:
      return QStringLiteral("Curvature of parts of the data");
    case SpectrumPart::weights:
      break;
  }
  return QStringLiteral("Spectrum of the weights");
}

SpectrumFigure::SpectrumFigure(SpectrumDataPtr data, const std::vector<SpectrumPart>& parts,
                               SpectrumStyle style)
    : style_(std::move(style)) {
  for (const SpectrumPart part : parts) {
    if (data->has(part)) {
      titles_.push_back(spectrumTitle(part, *data));
      plots_.push_back(plotOf(part, data, style_));
    }
  }
}

double SpectrumFigure::text(const QRectF& area) const {
  // Panels share the area, and each has less room for words.
  const double shrink = plots_.size() > 1 ? 0.85 : 1.0;
  return fixedText_.value_or(shrink * textSize(area.size()));
}

// One below the other in a narrow area, beside each other in a wide one, two rows of four.
std::vector<SpectrumFigure::Cell> SpectrumFigure::cells(const QRectF& area) const {
  const std::size_t count = plots_.size();
  if (count <= 1) {
    return {{area, QString::fromStdString(style_.title)}};
  }
  const QRectF inside = style_.title.empty() ? area : area.adjusted(0, 2.4 * text(area), 0, 0);
  const bool wide = inside.width() >= 1.2 * inside.height();
  const std::size_t columns = count >= 4 || wide ? 2 : 1;
  const std::size_t rows = (count + columns - 1) / columns;
  const double width = inside.width() / static_cast<double>(columns);
  const double height = inside.height() / static_cast<double>(rows);
  std::vector<Cell> all;
  for (std::size_t i = 0; i < count; ++i) {
    // The last of an odd number has its row for itself.
    const bool alone = i + 1 == count && i % columns == 0;
    all.push_back({QRectF(inside.left() + width * static_cast<double>(i % columns),
                          inside.top() + height * static_cast<double>(i / columns),
                          alone ? inside.width() : width, height),
                   titles_[i]});
  }
  return all;
}

void SpectrumFigure::paint(QPainter& painter, const QRectF& area) const {
  painter.save();
  painter.setRenderHint(QPainter::Antialiasing);
  const double size = text(area);
  const auto places = cells(area);
  for (std::size_t i = 0; i < plots_.size(); ++i) {
    painter.save();
    painter.setFont(figureFont(size));
    plots_[i]->paint(painter, places[i].area, size, places[i].title);
    painter.restore();
  }
  if (plots_.size() > 1) {
    painter.setPen(paletteOf(style_.theme).foreground);
    paintTitle(painter, area, QString::fromStdString(style_.title), 1.15 * size);
  }
  painter.restore();
}

std::optional<SpectrumHit> SpectrumFigure::hitAt(const QRectF& area,
                                                 const QPointF& position) const {
  const auto places = cells(area);
  for (std::size_t i = 0; i < plots_.size(); ++i) {
    if (places[i].area.contains(position)) {
      return plots_[i]->hitAt(places[i].area, text(area), !places[i].title.isEmpty(), position);
    }
  }
  return std::nullopt;
}

std::optional<QPointF> SpectrumFigure::positionOf(const QRectF& area,
                                                  const SpectrumHit& hit) const {
  const auto places = cells(area);
  for (std::size_t i = 0; i < plots_.size(); ++i) {
    const auto found =
        plots_[i]->positionOf(places[i].area, text(area), !places[i].title.isEmpty(), hit);
    if (found) {
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace tarn::ui
