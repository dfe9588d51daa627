#include "ui/views/scene_canvas.h"

#include <QEvent>
#include <QLabel>
#include <QStackedLayout>

#include <vtkRenderWindow.h>
#include <vtkRenderer.h>

#include "ui/actions/action.h"
#include "ui/bridge/orbit_camera.h"
#include "ui/bridge/render_widget.h"

namespace tarn::ui {

SceneCanvas::SceneCanvas(const QString& name, const QString& title, const QString& tip,
                         vtkRenderer* renderer)
    : pages_(new QStackedLayout(this)),
      widget_(new RenderWidget),
      message_(new QLabel),
      renderer_(renderer) {
  describe(widget_, name + "Canvas", title, tip);
  widget_->setToolTip({});
  widget_->setMinimumSize(120, 100);
  message_->setObjectName(name + "Message");
  message_->setAlignment(Qt::AlignCenter);
  message_->setWordWrap(true);
  message_->setMargin(20);
  pages_->addWidget(widget_);
  pages_->addWidget(message_);
  widget_->renderWindow()->AddRenderer(renderer_);
  widget_->renderWindow()->SetMultiSamples(4);
  widget_->installEventFilter(this);
  camera_ = new OrbitCamera(widget_, renderer_);
  connect(camera_, &OrbitCamera::movingChanged, this, [this](bool moving) {
    cameraIsOwn_ = true;
    widget_->renderWindow()->SetMultiSamples(moving ? 0 : 4);
    Q_EMIT movingChanged(moving);
  });
  connect(camera_, &OrbitCamera::resetRequested, this, &SceneCanvas::resetRequested);
  connect(camera_, &OrbitCamera::clicked, this,
          [this](const QPointF& position) { Q_EMIT clicked(widget_->toRenderPixels(position)); });
  connect(camera_, &OrbitCamera::hovered, this,
          [this](const QPointF& position) { Q_EMIT hovered(widget_->toRenderPixels(position)); });
  connect(widget_, &RenderWidget::failed, this, [this](const QString& reason) {
    failed_ = true;
    say(reason);
  });
}

// The scene's pipeline goes while its window's context is still there.
SceneCanvas::~SceneCanvas() {
  widget_->renderWindow()->RemoveRenderer(renderer_);
  delete widget_;
}

void SceneCanvas::say(const QString& message) {
  message_->setText(message);
  pages_->setCurrentWidget(message.isEmpty() ? static_cast<QWidget*>(widget_) : message_);
}

void SceneCanvas::requestRender() {
  widget_->requestRender();
}

bool SceneCanvas::eventFilter(QObject* watched, QEvent* event) {
  if (watched == widget_ && event->type() == QEvent::Resize) {
    Q_EMIT resized();
  } else if (watched == widget_ && event->type() == QEvent::Leave) {
    Q_EMIT left();
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace tarn::ui
