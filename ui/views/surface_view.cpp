#include "ui/views/surface_view.h"

#include <QVBoxLayout>

#include "ui/scene/surface_scene.h"
#include "ui/views/scene_canvas.h"

namespace tarn::ui {

SurfaceView::SurfaceView(QWidget* parent)
    : LandscapeView(parent),
      scene_(std::make_unique<SurfaceScene>()),
      canvas_(new SceneCanvas("surface", tr("Surface"),
                              tr("Drag to turn, Shift+drag to shift, wheel to zoom, click to "
                                 "select, double click to reset"),
                              scene_->renderer())) {
  setObjectName("surfaceView");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(canvas_);
  connect(canvas_, &SceneCanvas::movingChanged, this,
          [this](bool moving) { scene_->setMoving(moving); });
  connect(canvas_, &SceneCanvas::resetRequested, this, &SurfaceView::resetView);
  connect(canvas_, &SceneCanvas::clicked, this,
          [this](const QPointF& pixel) { Q_EMIT vertexClicked(vertexAt(pixel).value_or(-1)); });
  connect(canvas_, &SceneCanvas::hovered, this, [this](const QPointF& pixel) {
    const auto vertex = vertexAt(pixel);
    Q_EMIT probed(vertex ? probeText(shown_, *vertex) : QString());
  });
  connect(canvas_, &SceneCanvas::left, this, [this] { Q_EMIT probed({}); });
  // Until the user has turned it, the landscape fills the view whatever its shape.
  connect(canvas_, &SceneCanvas::resized, this, [this] {
    if (!canvas_->cameraIsOwn() && shown_.plane.grid) {
      scene_->resetCamera();
    }
  });
}

SurfaceView::~SurfaceView() {
  delete canvas_;
}

std::optional<std::int64_t> SurfaceView::vertexAt(const QPointF& pixel) const {
  return shown_.plane.grid && !canvas_->failed()
             ? shown_.onLandscape(scene_->vertexAt(pixel.x(), pixel.y()))
             : std::nullopt;
}

void SurfaceView::showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) {
  shown_ = shown;
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
  if (canvas_->failed()) {
    return;
  }
  const LandscapeData& plane = shown_.plane;
  if (!plane.grid) {
    canvas_->say(tr("No landscape is shown"));
    return;
  }
  const auto shape = plane.grid->shape();
  if (shape.size() != 2) {
    canvas_->say(tr("The surface needs two axes; this landscape has one."));
    return;
  }
  if (shape[0] < 2 || shape[1] < 2) {
    canvas_->say(tr("The surface needs two points or more along each axis."));
    return;
  }
  canvas_->say({});
  scene_->setTextSize(fontInfo().pixelSize());
  scene_->update(plane, style_);
  canvas_->requestRender();
}

void SurfaceView::showSelection(std::optional<std::int64_t> vertex) {
  shown_.landscape.selection = vertex;
  shown_.plane.selection = shown_.onPlane(vertex);
  if (stale_) {
    return;
  }
  scene_->select(shown_.plane.selection);
  canvas_->requestRender();
}

void SurfaceView::resetView() {
  canvas_->cameraWasReset();
  scene_->resetCamera();
  canvas_->requestRender();
}

std::optional<ViewPoint> SurfaceView::viewPoint() const {
  return canvas_->cameraIsOwn() ? std::optional(scene_->viewPoint()) : std::nullopt;
}

}  // namespace tarn::ui
