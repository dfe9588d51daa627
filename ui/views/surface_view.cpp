#include "ui/views/surface_view.h"

#include <QEvent>
#include <QLabel>
#include <QStackedLayout>

#include <vtkRenderWindow.h>
#include <vtkRenderer.h>

#include "ui/actions/action.h"
#include "ui/bridge/orbit_camera.h"
#include "ui/bridge/render_widget.h"
#include "ui/scene/surface_scene.h"

namespace tarn::ui {

SurfaceView::SurfaceView(QWidget* parent)
    : LandscapeView(parent),
      pages_(new QStackedLayout(this)),
      widget_(new RenderWidget),
      message_(new QLabel),
      scene_(std::make_unique<SurfaceScene>()) {
  setObjectName("surfaceView");
  describe(widget_, "surfaceCanvas", tr("Surface"),
           tr("Drag to turn, Shift+drag to shift, wheel to zoom, click to select, double click to "
              "reset"));
  widget_->setToolTip({});
  widget_->setMinimumSize(120, 100);
  message_->setObjectName("surfaceMessage");
  message_->setAlignment(Qt::AlignCenter);
  message_->setWordWrap(true);
  message_->setMargin(20);
  pages_->addWidget(widget_);
  pages_->addWidget(message_);
  widget_->renderWindow()->AddRenderer(scene_->renderer());
  widget_->renderWindow()->SetMultiSamples(4);
  widget_->installEventFilter(this);
  camera_ = new OrbitCamera(widget_, scene_->renderer());
  connect(camera_, &OrbitCamera::movingChanged, this, [this](bool moving) {
    cameraIsOwn_ = true;
    scene_->setMoving(moving);
    widget_->renderWindow()->SetMultiSamples(moving ? 0 : 4);
  });
  connect(camera_, &OrbitCamera::resetRequested, this, &SurfaceView::resetView);
  connect(camera_, &OrbitCamera::clicked, this,
          [this](const QPointF& position) { Q_EMIT vertexClicked(pickAt(position).value_or(-1)); });
  connect(widget_, &RenderWidget::failed, this, [this](const QString& reason) {
    failed_ = true;
    say(reason);
  });
}

// The scene's pipeline goes while its window's context is still there.
SurfaceView::~SurfaceView() {
  widget_->renderWindow()->RemoveRenderer(scene_->renderer());
  delete widget_;
}

void SurfaceView::say(const QString& message) {
  message_->setText(message);
  pages_->setCurrentWidget(message.isEmpty() ? static_cast<QWidget*>(widget_) : message_);
}

std::optional<std::int64_t> SurfaceView::pickAt(const QPointF& position) {
  if (!widget_->isRendering() || !data_.grid) {
    return std::nullopt;
  }
  widget_->makeCurrent();
  const QPointF pixel = widget_->toRenderPixels(position);
  const auto vertex = scene_->vertexAt(pixel.x(), pixel.y());
  widget_->doneCurrent();
  // Picking may have drawn into VTK's framebuffer.
  widget_->requestRender();
  return vertex;
}

void SurfaceView::showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) {
  data_ = shown.landscape;
  style_ = style;
  stale_ = true;
  if (isVisible()) {
    updateScene();
  }
}

void SurfaceView::showEvent(QShowEvent* event) {
  LandscapeView::showEvent(event);
  if (stale_) {
    updateScene();
  }
}

void SurfaceView::updateScene() {
  stale_ = false;
  if (failed_) {
    return;
  }
  if (!data_.grid) {
    say(tr("No landscape is shown"));
    return;
  }
  const auto shape = data_.grid->shape();
  if (shape.size() != 2) {
    say(tr("The surface needs two axes; this landscape has %1.").arg(shape.size()));
    return;
  }
  if (shape[0] < 2 || shape[1] < 2) {
    say(tr("The surface needs two points or more along each axis."));
    return;
  }
  say({});
  scene_->setTextSize(fontInfo().pixelSize());
  scene_->update(data_, style_);
  widget_->requestRender();
}

void SurfaceView::showSelection(std::optional<std::int64_t> vertex) {
  data_.selection = vertex;
  if (stale_) {
    return;
  }
  scene_->select(vertex);
  widget_->requestRender();
}

void SurfaceView::resetView() {
  cameraIsOwn_ = false;
  scene_->resetCamera();
  widget_->requestRender();
}

// Until the user has turned it, the landscape fills the view whatever its shape.
bool SurfaceView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == widget_ && event->type() == QEvent::Resize && !cameraIsOwn_ && data_.grid) {
    scene_->resetCamera();
  }
  return LandscapeView::eventFilter(watched, event);
}

std::optional<ViewPoint> SurfaceView::viewPoint() const {
  return cameraIsOwn_ ? std::optional(scene_->viewPoint()) : std::nullopt;
}

}  // namespace tarn::ui
