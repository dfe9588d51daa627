#include "ui/scene/still.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <functional>

#include <vtkRenderer.h>

#include "topology/base/error.h"
#include "ui/scene/offscreen_context.h"
#include "ui/scene/offscreen_window.h"
#include "ui/scene/surface_scene.h"
#include "ui/scene/volume_scene.h"

namespace tarn::ui {
namespace {

// Beyond, the samples of every pixel would take gigabytes.
constexpr qint64 kMultisampledPixels = qint64{64} << 20;

/// A scene in a window of its own, without a display; `update` says what it shows.
template <typename Scene>
QImage renderScene(const QSize& size, double scale, const std::optional<ViewPoint>& from,
                   const std::function<void(Scene&)>& update) {
  const QSize pixels(static_cast<int>(std::lround(size.width() * scale)),
                     static_cast<int>(std::lround(size.height() * scale)));
  const OffscreenContext context;
  const int largest = context.largestImageSide();
  if (pixels.width() < 1 || pixels.height() < 1 || pixels.width() > largest ||
      pixels.height() > largest) {
    throw Error(ErrorCode::unsupported,
                "A picture of " + std::to_string(pixels.width()) + " x " +
                    std::to_string(pixels.height()) + " pixels cannot be drawn.",
                "This computer's OpenGL draws up to " + std::to_string(largest) +
                    " pixels a side, scale included.");
  }
  // Every pixel is the mean of four where the image is not large, besides multisampling.
  const bool small = 2 * std::max(pixels.width(), pixels.height()) <= std::min(largest, 8192);
  const int over = small ? 2 : 1;
  Scene scene;
  QImage image;
  {
    OffscreenWindow window(context, pixels * over, scale * over);
    if (static_cast<qint64>(pixels.width()) * pixels.height() > kMultisampledPixels) {
      window->SetMultiSamples(0);
    }
    window->AddRenderer(scene.renderer());
    scene.setOverlayVisible(false);
    update(scene);
    if (from) {
      scene.setViewPoint(*from);
    }
    window->Render();
    image = window.image();
    window->RemoveRenderer(scene.renderer());
  }
  if (over > 1) {
    image = image.scaled(pixels, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
  }
  image = image.convertToFormat(QImage::Format_RGB32);
  QPainter painter(&image);
  painter.scale(scale, scale);
  scene.paintOverlay(painter, size);
  return image;
}

}  // namespace

QImage renderSurface(const LandscapeData& data, const LandscapeStyle& style, const QSize& size,
                     double scale, const std::optional<ViewPoint>& from) {
  return renderScene<SurfaceScene>(size, scale, from,
                                   [&](SurfaceScene& scene) { scene.update(data, style); });
}

QImage renderVolume(const LandscapeData& data, const LandscapeStyle& style,
                    const VolumeStyle& volume, const QSize& size, double scale,
                    const std::optional<ViewPoint>& from) {
  return renderScene<VolumeScene>(size, scale, from,
                                  [&](VolumeScene& scene) { scene.update(data, style, volume); });
}

}  // namespace tarn::ui
