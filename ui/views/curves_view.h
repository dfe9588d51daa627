#pragma once

#include <memory>
#include <optional>

#include "ui/figures/curve_figure.h"
#include "ui/views/painted_view.h"

class QDoubleSpinBox;
class QToolButton;

namespace tarn::ui {

class PartChooser;

/// The training curves of a project's runs, side by side or one part of them; they grow while runs
/// are trained. Of a landscape it shows nothing.
class CurvesView : public PaintedView {
  Q_OBJECT

 public:
  explicit CurvesView(QWidget* parent = nullptr);

  void showCurves(CurveDataPtr curves);
  void showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) override;
  void showSelection(std::optional<std::int64_t> /*vertex*/) override {}
  /// All parts, over steps, linear, smoothed as usual.
  void resetView() override;

  const CurveDataPtr& curves() const { return curves_; }
  const CurveStyle& style() const { return style_; }
  std::optional<CurvePart> part() const { return part_; }
  void setPart(std::optional<CurvePart> part);
  void setLogarithmic(bool logarithmic);
  void setAxis(CurveAxis axis);
  /// None: as usual (smoothingOf).
  void setSmoothing(std::optional<double> smoothing);
  /// Where a point stands, in widget coordinates; nothing when it is not drawn.
  std::optional<QPointF> positionOf(const CurveHit& hit) const;

 protected:
  void draw(QPainter& painter, const QRectF& area) override;
  QString emptyText() const override;
  QRectF area() const override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  QWidget* makeTools();
  void rebuild();

  PartChooser* parts_;
  QToolButton* logarithmic_;
  QToolButton* epochs_;
  QDoubleSpinBox* smoothing_;
  QWidget* tools_;
  CurveDataPtr curves_ = std::make_shared<const CurveData>();
  std::optional<CurvePart> part_;  ///< none: all
  CurveStyle style_;
  std::unique_ptr<CurveFigure> figure_;
};

}  // namespace tarn::ui
