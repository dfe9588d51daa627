#pragma once

#include <vector>

#include "ui/figures/spectrum_plot.h"

namespace tarn::ui {

/// One part of a spectrum, or several as panels of one figure.
class SpectrumFigure {
 public:
  /// Of the parts those that the spectrum has are drawn.
  SpectrumFigure(SpectrumDataPtr data, const std::vector<SpectrumPart>& parts, SpectrumStyle style);

  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels) { fixedText_ = pixels; }
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;
  /// What is drawn at a position.
  std::optional<SpectrumHit> hitAt(const QRectF& area, const QPointF& position) const;
  /// Where something is drawn, in the first panel that has it.
  std::optional<QPointF> positionOf(const QRectF& area, const SpectrumHit& hit) const;

 private:
  struct Cell {
    QRectF area;
    QString title;
  };
  double text(const QRectF& area) const;
  std::vector<Cell> cells(const QRectF& area) const;

  std::vector<std::unique_ptr<SpectrumPlot>> plots_;
  std::vector<QString> titles_;
  SpectrumStyle style_;
  std::optional<double> fixedText_;
};

/// What stands above a part.
QString spectrumTitle(SpectrumPart part, const SpectrumData& data);

}  // namespace tarn::ui
