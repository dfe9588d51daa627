#pragma once

#include <QPointF>
#include <QRectF>
#include <QString>
#include <optional>
#include <string>
#include <vector>

#include "ui/figures/curve_lines.h"
#include "ui/scene/curve_data.h"
#include "ui/scene/style.h"

class QPainter;

namespace tarn::ui {

/// How training curves are drawn.
struct CurveStyle {
  Theme theme = Theme::light;
  std::string title;
  bool logarithmic = false;  ///< loss, norms and rate; an accuracy never is
  CurveAxis axis = CurveAxis::step;
  std::optional<double> smoothing{};  ///< 0 to kMostSmoothing; none: as smoothingOf has it

  bool operator==(const CurveStyle&) const = default;
};

/// A point of a curve that is near a position.
struct CurveHit {
  std::size_t run = 0;  ///< index into CurveData::runs
  CurvePart part = CurvePart::loss;
  bool heldOut = false;
  double step = 0;
  double value = 0;
  std::optional<double> average{};  ///< the smoothed value, where the curve is
};

/// The curves of several runs: a panel for every part, one legend for all. Runs differ by colour,
/// dash and mark (runLook); values of the samples held out are thin lines with hollow marks. Where
/// a curve is smoothed the values as they were measured are pale behind it.
class CurveFigure {
 public:
  /// Of the parts those that were measured are drawn.
  CurveFigure(CurveDataPtr data, const std::vector<CurvePart>& parts, CurveStyle style);

  /// Text of a fixed size, as in a window. At first it grows with the figure.
  void setTextSize(double pixels) { fixedText_ = pixels; }
  /// Paints into the area; its units are pixels of 1/96 inch.
  void paint(QPainter& painter, const QRectF& area) const;
  /// The nearest point that is drawn within a few pixels of a position, smoothed or not.
  std::optional<CurveHit> hitAt(const QRectF& area, const QPointF& position) const;
  /// Where the value of a run's part at a step stands, as it was measured; none when it is not
  /// drawn.
  std::optional<QPointF> positionOf(const QRectF& area, const CurveHit& hit) const;

 private:
  struct Panels;
  Panels layOut(const QRectF& area) const;

  CurveDataPtr data_;
  std::vector<CurvePart> parts_;
  std::vector<std::vector<CurveLine>> lines_;  ///< for each part
  CurveStyle style_;
  std::optional<double> fixedText_;
};

/// "Loss", "Norm of the gradient", …
QString curveTitle(CurvePart part);

}  // namespace tarn::ui
