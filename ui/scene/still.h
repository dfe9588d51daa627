#pragma once

#include <QImage>

#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"

class vtkCamera;

namespace tarn::ui {

/// Renders a surface without a window: size in pixels before scaling, text included. Needs a
/// QGuiApplication (the offscreen platform will do), but no display: OpenGL comes from an EGL
/// context of its own. Seen by `camera` when given, else from the scene's own first view.
/// Throws Error(unsupported) when no OpenGL can be had, or the image is larger than it allows.
QImage renderSurface(const LandscapeData& data, const LandscapeStyle& style, const QSize& size,
                     double scale, const vtkCamera* camera = nullptr);

}  // namespace tarn::ui
