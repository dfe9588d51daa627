#pragma once

#include <QImage>
#include <optional>

#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_camera.h"
#include "ui/scene/volume_data.h"

namespace tarn::ui {

/// Renders a surface without a window: size in pixels before scaling, text included. Needs a
/// QGuiApplication (the offscreen platform will do), but no display: OpenGL comes from an EGL
/// context of its own. Seen from a point when given, else as the scene is at first.
/// Throws Error(unsupported) when no OpenGL can be had, or the image is larger than it allows.
QImage renderSurface(const LandscapeData& data, const LandscapeStyle& style, const QSize& size,
                     double scale, const std::optional<ViewPoint>& from = std::nullopt);

/// The same of a volume.
QImage renderVolume(const LandscapeData& data, const LandscapeStyle& style,
                    const VolumeStyle& volume, const QSize& size, double scale,
                    const std::optional<ViewPoint>& from = std::nullopt);

}  // namespace tarn::ui
