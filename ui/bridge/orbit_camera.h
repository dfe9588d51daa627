#pragma once

#include <QObject>
#include <QPointF>

class vtkRenderer;
class QEvent;
class QTimer;

namespace tarn::ui {

class RenderWidget;

/// Mouse, wheel, pinch and keys turn, shift and zoom a renderer's camera around its focal point;
/// the vertical axis stays upright. Events it does not use go on to the widget's parents.
///
/// Left drag: orbit. Middle, right, or Shift + left drag: shift. Wheel, pinch, + and -: zoom.
/// Arrow keys: orbit by 5 degrees. R or double click: reset.
class OrbitCamera : public QObject {
  Q_OBJECT

 public:
  OrbitCamera(RenderWidget* widget, vtkRenderer* renderer);

  void orbit(double azimuthDegrees, double elevationDegrees);
  /// By pixels of the widget.
  void shift(const QPointF& delta);
  /// Above one: nearer.
  void zoom(double factor);

 Q_SIGNALS:
  /// The camera begins or ends to move; while it moves, a coarser scene may be drawn.
  void movingChanged(bool moving);
  void resetRequested();
  /// A click that was no drag.
  void clicked(const QPointF& position);
  void hovered(const QPointF& position);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  bool handleMouse(QEvent* event);
  bool handleKey(QEvent* event);
  void touch();
  void setMoving(bool moving);

  RenderWidget* widget_;
  vtkRenderer* renderer_;
  QTimer* stillness_;
  QPointF pressedAt_;
  QPointF last_;
  Qt::MouseButton button_ = Qt::NoButton;
  bool dragging_ = false;
  bool moving_ = false;
};

}  // namespace tarn::ui
