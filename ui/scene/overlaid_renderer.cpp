#include "ui/scene/overlaid_renderer.h"

#include <QPainter>
#include <algorithm>

#include <vtkCamera.h>
#include <vtkCommand.h>
#include <vtkLight.h>
#include <vtkRenderWindow.h>

#include "ui/figures/palette.h"

namespace tarn::ui {

OverlaidRenderer::OverlaidRenderer(std::function<void(const QSizeF&)> place,
                                   std::function<void(QPainter&, const QSizeF&)> paint)
    : place_(std::move(place)), paint_(std::move(paint)) {
  renderer_->SetUseFXAA(false);
  renderer_->AddActor2D(overlay_.actor());
  // One light that comes from the viewer's upper left; the rest of the light is ambient.
  renderer_->AutomaticLightCreationOff();
  vtkNew<vtkLight> light;
  light->SetLightTypeToCameraLight();
  light->SetPosition(-0.5, 0.8, 1.2);
  light->SetFocalPoint(0, 0, 0);
  renderer_->AddLight(light);
  onStart_->SetClientData(this);
  onStart_->SetCallback([](vtkObject*, unsigned long, void* self, void*) {
    static_cast<OverlaidRenderer*>(self)->beforeRender();
  });
  renderer_->AddObserver(vtkCommand::StartEvent, onStart_);
}

OverlaidRenderer::~OverlaidRenderer() {
  renderer_->RemoveObserver(onStart_);
}

double OverlaidRenderer::pixelRatio() const {
  vtkRenderWindow* window = renderer_->GetRenderWindow();
  return window == nullptr ? 1.0 : std::max(window->GetDPI() / 72.0, 0.25);
}

QSizeF OverlaidRenderer::size() const {
  vtkRenderWindow* window = renderer_->GetRenderWindow();
  if (window == nullptr) {
    return {1.0, 1.0};
  }
  const int* pixels = window->GetActualSize();
  return QSizeF(std::max(pixels[0], 1), std::max(pixels[1], 1)) / pixelRatio();
}

double OverlaidRenderer::textOn(const QSizeF& area) const {
  return fixedText_ > 0.0 ? fixedText_ : textSize(area);
}

void OverlaidRenderer::setTextSize(double size) {
  fixedText_ = size;
  stale_ = true;
}

QPointF OverlaidRenderer::positionOf(double x, double y) const {
  return {x / pixelRatio(), size().height() - y / pixelRatio()};
}

void OverlaidRenderer::sceneChanged(Theme theme) {
  const QColor background = paletteOf(theme).background;
  renderer_->SetBackground(background.redF(), background.greenF(), background.blueF());
  hasScene_ = true;
  stale_ = true;
}

void OverlaidRenderer::resetCamera() {
  placed_ = false;
  stale_ = true;
}

void OverlaidRenderer::setViewPoint(const ViewPoint& from) {
  lookFrom(*renderer_->GetActiveCamera(), from);
  placed_ = true;
  stale_ = true;
}

ViewPoint OverlaidRenderer::viewPoint() const {
  return viewPointOf(*renderer_->GetActiveCamera());
}

void OverlaidRenderer::setOverlayVisible(bool visible) {
  overlay_.actor()->SetVisibility(visible);
}

Point3 OverlaidRenderer::viewer() const {
  Point3 viewer{};
  renderer_->GetActiveCamera()->GetPosition(viewer.data());
  return viewer;
}

void OverlaidRenderer::beforeRender() {
  if (!hasScene_ || renderer_->GetRenderWindow() == nullptr) {
    return;
  }
  if (!placed_) {
    place_(size());
    placed_ = true;
  }
  renderer_->ResetCameraClippingRange();
  if (prepare_) {
    prepare_();
  }
  if (!overlay_.actor()->GetVisibility()) {
    return;
  }
  const int* pixels = renderer_->GetRenderWindow()->GetActualSize();
  const std::array<int, 2> now = {std::max(pixels[0], 1), std::max(pixels[1], 1)};
  const vtkMTimeType camera = renderer_->GetActiveCamera()->GetMTime();
  if (!stale_ && now == seenSize_ && camera == seenCamera_) {
    return;
  }
  QImage image(now[0], now[1], QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  painter.scale(pixelRatio(), pixelRatio());
  paint_(painter, size());
  painter.end();
  overlay_.setImage(image.convertToFormat(QImage::Format_RGBA8888));
  seenSize_ = now;
  seenCamera_ = camera;
  stale_ = false;
}

}  // namespace tarn::ui
