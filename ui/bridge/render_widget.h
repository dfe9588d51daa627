#pragma once

#include <QMetaObject>
#include <QOpenGLWidget>

#include <vtkNew.h>
#include <vtkSmartPointer.h>

#include "ui/scene/hosted_render_window.h"

class QSurface;
class vtkCallbackCommand;

namespace tarn::ui {

/// Shows a VTK render window inside a Qt widget.
///
/// VTK renders into its own framebuffer; paintGL copies that to Qt's. Nothing renders between
/// paint events: whoever changes the scene calls requestRender(). Needs prepareOpenGL() before the
/// QApplication. Only for the GUI thread.
class RenderWidget : public QOpenGLWidget {
  Q_OBJECT

 public:
  explicit RenderWidget(QWidget* parent = nullptr);
  ~RenderWidget() override;

  /// Add renderers to it; never call its Render().
  HostedRenderWindow* renderWindow() const { return window_; }
  /// Draws again at the next paint event.
  void requestRender();
  /// VTK's pixels (device pixels, origin bottom left) of a position in the widget.
  QPointF toRenderPixels(const QPointF& position) const;
  /// Whether OpenGL started; false before the widget was first shown.
  bool isRendering() const { return rendering_; }

 Q_SIGNALS:
  /// OpenGL could not be used; the reason is a sentence for the user.
  void failed(const QString& reason);
  /// A frame was drawn (not merely copied again).
  void rendered();

 protected:
  void initializeGL() override;
  void resizeGL(int width, int height) override;
  void paintGL() override;

 private:
  void connectWindow();
  void makeWindowCurrent();
  bool windowIsCurrent() const;
  void releaseContext();
  void fitWindow();
  void copyToScreen();

  vtkNew<HostedRenderWindow> window_;
  vtkNew<vtkCallbackCommand> onWindowEvent_;
  QMetaObject::Connection contextGone_;
  QSurface* surface_ = nullptr;
  bool rendering_ = false;
  bool painting_ = false;
  bool dirty_ = true;
};

}  // namespace tarn::ui
