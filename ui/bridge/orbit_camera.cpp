#include "ui/bridge/orbit_camera.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QNativeGestureEvent>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <array>
#include <cmath>

#include <vtkCamera.h>
#include <vtkMath.h>
#include <vtkRenderer.h>

#include "ui/bridge/render_widget.h"

namespace tarn::ui {
namespace {

constexpr double steepestDegrees = 89.0;
constexpr double degreesPerPixel = 0.35;
constexpr double keyStepDegrees = 5.0;
constexpr int stillAfterMilliseconds = 200;

}  // namespace

OrbitCamera::OrbitCamera(RenderWidget* widget, vtkRenderer* renderer)
    : QObject(widget), widget_(widget), renderer_(renderer), stillness_(new QTimer(this)) {
  stillness_->setSingleShot(true);
  stillness_->setInterval(stillAfterMilliseconds);
  connect(stillness_, &QTimer::timeout, this, [this] {
    if (dragging_) {
      stillness_->start();
    } else {
      setMoving(false);
    }
  });
  widget->installEventFilter(this);
}

void OrbitCamera::setMoving(bool moving) {
  if (moving != moving_) {
    moving_ = moving;
    Q_EMIT movingChanged(moving);
    widget_->requestRender();
  }
}

void OrbitCamera::touch() {
  setMoving(true);
  stillness_->start();
  renderer_->ResetCameraClippingRange();
  widget_->requestRender();
}

void OrbitCamera::orbit(double azimuthDegrees, double elevationDegrees) {
  auto* camera = renderer_->GetActiveCamera();
  std::array<double, 3> focus{};
  std::array<double, 3> position{};
  camera->GetFocalPoint(focus.data());
  camera->GetPosition(position.data());
  const double x = position[0] - focus[0];
  const double y = position[1] - focus[1];
  const double z = position[2] - focus[2];
  const double distance = std::max(std::sqrt(x * x + y * y + z * z), 1e-12);
  const double azimuth = std::atan2(y, x) + vtkMath::RadiansFromDegrees(azimuthDegrees);
  const double limit = vtkMath::RadiansFromDegrees(steepestDegrees);
  const double elevation = std::clamp(std::asin(std::clamp(z / distance, -1.0, 1.0)) +
                                          vtkMath::RadiansFromDegrees(elevationDegrees),
                                      -limit, limit);
  camera->SetPosition(focus[0] + distance * std::cos(elevation) * std::cos(azimuth),
                      focus[1] + distance * std::cos(elevation) * std::sin(azimuth),
                      focus[2] + distance * std::sin(elevation));
  camera->SetViewUp(0, 0, 1);
  touch();
}

void OrbitCamera::shift(const QPointF& delta) {
  auto* camera = renderer_->GetActiveCamera();
  std::array<double, 3> focus{};
  std::array<double, 3> position{};
  std::array<double, 3> up{};
  std::array<double, 3> right{};
  camera->GetFocalPoint(focus.data());
  camera->GetPosition(position.data());
  camera->OrthogonalizeViewUp();
  camera->GetViewUp(up.data());
  vtkMath::Cross(camera->GetDirectionOfProjection(), up.data(), right.data());
  const double high = camera->GetParallelProjection() != 0
                          ? 2.0 * camera->GetParallelScale()
                          : 2.0 * camera->GetDistance() *
                                std::tan(vtkMath::RadiansFromDegrees(camera->GetViewAngle()) / 2);
  const double perPixel = high / std::max(1, widget_->height());
  for (std::size_t i = 0; i < 3; ++i) {
    const double move = (-delta.x() * right[i] + delta.y() * up[i]) * perPixel;
    focus[i] += move;
    position[i] += move;
  }
  camera->SetFocalPoint(focus.data());
  camera->SetPosition(position.data());
  camera->SetViewUp(0, 0, 1);
  touch();
}

void OrbitCamera::zoom(double factor) {
  auto* camera = renderer_->GetActiveCamera();
  if (camera->GetParallelProjection() != 0) {
    camera->SetParallelScale(camera->GetParallelScale() / factor);
  } else {
    camera->Dolly(factor);
  }
  touch();
}

bool OrbitCamera::handleMouse(QEvent* event) {
  auto* mouse = static_cast<QMouseEvent*>(event);
  const QPointF position = mouse->position();
  switch (event->type()) {
    case QEvent::MouseButtonPress:
      if (button_ == Qt::NoButton) {
        button_ = mouse->button();
        pressedAt_ = last_ = position;
      }
      return true;
    case QEvent::MouseButtonDblClick:
      Q_EMIT resetRequested();
      return true;
    case QEvent::MouseButtonRelease:
      if (mouse->button() == button_) {
        const bool wasDrag = dragging_;
        button_ = Qt::NoButton;
        dragging_ = false;
        if (!wasDrag && mouse->button() == Qt::LeftButton) {
          Q_EMIT clicked(position);
        }
      }
      return true;
    case QEvent::MouseMove: {
      if (button_ == Qt::NoButton) {
        Q_EMIT hovered(position);
        return true;
      }
      const QPointF delta = position - last_;
      dragging_ = dragging_ ||
                  (position - pressedAt_).manhattanLength() >= QApplication::startDragDistance();
      if (dragging_) {
        last_ = position;
        if (button_ == Qt::LeftButton && !mouse->modifiers().testFlag(Qt::ShiftModifier)) {
          orbit(-delta.x() * degreesPerPixel, delta.y() * degreesPerPixel);
        } else {
          shift(delta);
        }
      }
      return true;
    }
    default:
      return false;
  }
}

bool OrbitCamera::handleKey(QEvent* event) {
  const auto* key = static_cast<QKeyEvent*>(event);
  if ((key->modifiers() & ~(Qt::ShiftModifier | Qt::KeypadModifier)) != Qt::NoModifier) {
    return false;
  }
  switch (key->key()) {
    case Qt::Key_Left:
      orbit(-keyStepDegrees, 0);
      return true;
    case Qt::Key_Right:
      orbit(keyStepDegrees, 0);
      return true;
    case Qt::Key_Up:
      orbit(0, keyStepDegrees);
      return true;
    case Qt::Key_Down:
      orbit(0, -keyStepDegrees);
      return true;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoom(1.1);
      return true;
    case Qt::Key_Minus:
      zoom(1 / 1.1);
      return true;
    case Qt::Key_R:
      Q_EMIT resetRequested();
      return true;
    default:
      return false;
  }
}

bool OrbitCamera::eventFilter(QObject* watched, QEvent* event) {
  switch (event->type()) {
    case QEvent::MouseButtonPress:
    case QEvent::MouseButtonRelease:
    case QEvent::MouseButtonDblClick:
    case QEvent::MouseMove:
      return handleMouse(event);
    case QEvent::KeyPress:
      if (handleKey(event)) {
        return true;
      }
      break;
    case QEvent::Wheel: {
      auto* wheel = static_cast<QWheelEvent*>(event);
      zoom(std::pow(1.1, wheel->angleDelta().y() / 120.0));
      wheel->accept();
      return true;
    }
    case QEvent::NativeGesture: {
      const auto* gesture = static_cast<QNativeGestureEvent*>(event);
      if (gesture->gestureType() == Qt::ZoomNativeGesture) {
        zoom(1.0 + std::clamp(gesture->value(), -0.5, 0.5));
        return true;
      }
      break;
    }
    default:
      break;
  }
  return QObject::eventFilter(watched, event);
}

}  // namespace tarn::ui
