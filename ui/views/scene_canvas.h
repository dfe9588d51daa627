#pragma once

#include <QPointF>
#include <QWidget>

class QLabel;
class QStackedLayout;
class vtkRenderer;

namespace tarn::ui {

class OrbitCamera;
class RenderWidget;

/// Where a scene of VTK is seen and turned, or a message why there is none. The scene outlives it.
class SceneCanvas : public QWidget {
  Q_OBJECT

 public:
  /// `name` begins the object names; `title` and `tip` are of the picture.
  SceneCanvas(const QString& name, const QString& title, const QString& tip, vtkRenderer* renderer);
  ~SceneCanvas() override;

  /// Shows the message instead of the scene; an empty one: the scene.
  void say(const QString& message);
  /// Whether OpenGL cannot be used; that is said already.
  bool failed() const { return failed_; }
  /// The scene has changed.
  void requestRender();
  /// Whether the user has moved the camera since it was reset.
  bool cameraIsOwn() const { return cameraIsOwn_; }
  void cameraWasReset() { cameraIsOwn_ = false; }

 Q_SIGNALS:
  // Positions are VTK's pixels: origin bottom left.
  void clicked(const QPointF& pixel);
  void hovered(const QPointF& pixel);
  void left();
  /// The camera begins or ends to move.
  void movingChanged(bool moving);
  void resetRequested();
  void resized();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  QStackedLayout* pages_;
  RenderWidget* widget_;
  QLabel* message_;
  OrbitCamera* camera_;
  vtkRenderer* renderer_;
  bool failed_ = false;
  bool cameraIsOwn_ = false;
};

}  // namespace tarn::ui
