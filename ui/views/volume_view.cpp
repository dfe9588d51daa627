#include "ui/views/volume_view.h"

#include <QVBoxLayout>

#include "ui/scene/volume_scene.h"
#include "ui/views/scene_canvas.h"
#include "ui/views/volume_tools.h"

namespace tarn::ui {

VolumeView::VolumeView(QWidget* parent)
    : LandscapeView(parent),
      scene_(std::make_unique<VolumeScene>()),
      tools_(new VolumeTools),
      canvas_(new SceneCanvas("volume", tr("Volume"),
                              tr("Drag to turn, Shift+drag to shift, wheel to zoom, click to "
                                 "select, double click to reset"),
                              scene_->renderer())) {
  setObjectName("volumeView");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(tools_);
  column->addWidget(canvas_, 1);
  tools_->hide();
  connect(tools_, &VolumeTools::volumeChosen, this, &VolumeView::setVolume);
  connect(tools_, &VolumeTools::placeChosen, this, [this](std::size_t axis, std::size_t index) {
    Slice slice = shown_.slice;
    slice.at.at(axis) = index;
    Q_EMIT sliceRequested(slice);
  });
  connect(canvas_, &SceneCanvas::resetRequested, this, &VolumeView::resetView);
  connect(canvas_, &SceneCanvas::clicked, this,
          [this](const QPointF& pixel) { Q_EMIT vertexClicked(vertexAt(pixel).value_or(-1)); });
  connect(canvas_, &SceneCanvas::hovered, this, [this](const QPointF& pixel) {
    const auto vertex = vertexAt(pixel);
    Q_EMIT probed(vertex ? probeText(shown_, *vertex) : QString());
  });
  connect(canvas_, &SceneCanvas::left, this, [this] { Q_EMIT probed({}); });
  // Until the user has turned it, the landscape fills the view whatever its shape.
  connect(canvas_, &SceneCanvas::resized, this, [this] {
    if (!canvas_->cameraIsOwn() && drawable()) {
      scene_->resetCamera();
    }
  });
}

VolumeView::~VolumeView() {
  delete canvas_;
}

bool VolumeView::drawable() const {
  return shown_.landscape.grid && isVolume(*shown_.landscape.grid) &&
         fits(shown_.slice, *shown_.landscape.grid);
}

std::optional<std::int64_t> VolumeView::vertexAt(const QPointF& pixel) const {
  return drawable() && !canvas_->failed() ? scene_->vertexAt(pixel.x(), pixel.y()) : std::nullopt;
}

void VolumeView::showLandscape(const ShownLandscape& shown, const LandscapeStyle& style) {
  const auto& before = shown_.landscape.grid;
  const auto& now = shown.landscape.grid;
  if (!before || !now || before->shape() != now->shape()) {
    volume_.level.reset();  // it is a value of another landscape
  }
  shown_ = shown;
  style_ = style;
  stale_ = true;
  if (isVisible()) {
    updateScene();
  }
}

void VolumeView::showEvent(QShowEvent* event) {
  LandscapeView::showEvent(event);
  if (stale_) {
    updateScene();
  }
}

void VolumeView::setVolume(const VolumeStyle& volume) {
  volume_ = volume;
  updateScene();
}

void VolumeView::updateScene() {
  stale_ = false;
  if (canvas_->failed()) {
    return;
  }
  tools_->setVisible(drawable());
  if (!drawable()) {
    canvas_->say(tr("The volume needs three axes with two points or more along each."));
    return;
  }
  canvas_->say({});
  volume_ = through(volume_, shown_.slice);
  tools_->showVolume(shown_, style_, volume_);
  scene_->setTextSize(fontInfo().pixelSize());
  scene_->update(shown_.landscape, style_, volume_);
  canvas_->requestRender();
}

void VolumeView::showSelection(std::optional<std::int64_t> vertex) {
  shown_.landscape.selection = vertex;
  if (stale_) {
    return;
  }
  scene_->select(vertex);
  canvas_->requestRender();
}

void VolumeView::resetView() {
  canvas_->cameraWasReset();
  scene_->resetCamera();
  canvas_->requestRender();
}

QRect VolumeView::pictureRect() const {
  return canvas_->geometry();
}

std::optional<ViewPoint> VolumeView::viewPoint() const {
  return canvas_->cameraIsOwn() ? std::optional(scene_->viewPoint()) : std::nullopt;
}

}  // namespace tarn::ui
