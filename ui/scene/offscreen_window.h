#pragma once

#include <QImage>

#include <vtkCallbackCommand.h>
#include <vtkNew.h>

#include "ui/scene/hosted_render_window.h"
#include "ui/scene/offscreen_context.h"

namespace tarn::ui {

/// A render window that draws into memory, in a context that outlives it. Remove its renderers
/// before it goes.
class OffscreenWindow {
 public:
  /// Size in image pixels; pixelRatio of them make one unit of text sizes.
  /// Throws Error(unsupported) when the driver lacks functions of OpenGL 3.2.
  OffscreenWindow(const OffscreenContext& context, const QSize& size, double pixelRatio);
  ~OffscreenWindow();
  OffscreenWindow(const OffscreenWindow&) = delete;
  OffscreenWindow& operator=(const OffscreenWindow&) = delete;

  HostedRenderWindow* operator->() const { return window_; }
  /// What was rendered last.
  QImage image() const;

 private:
  vtkNew<HostedRenderWindow> window_;
  vtkNew<vtkCallbackCommand> onEvent_;
};

}  // namespace tarn::ui
