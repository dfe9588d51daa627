#pragma once

#include <vtkGenericOpenGLRenderWindow.h>

namespace tarn::ui {

/// VTK's window for a context that somebody else owns, made to start on EGL and Wayland too, where
/// VTK before 9.4 believes that its function loader failed.
class HostedRenderWindow : public vtkGenericOpenGLRenderWindow {
 public:
  static HostedRenderWindow* New();
  vtkTypeMacro(HostedRenderWindow, vtkGenericOpenGLRenderWindow);
  HostedRenderWindow(const HostedRenderWindow&) = delete;
  HostedRenderWindow& operator=(const HostedRenderWindow&) = delete;

  void OpenGLInitContext() override;
  /// Those of VTK's own framebuffer: a context without a surface has no other.
  int GetColorBufferSizes(int* rgba) override;
  /// Whether the context's functions were found.
  bool hasOpenGL() const { return Initialized; }

 protected:
  HostedRenderWindow() = default;
  ~HostedRenderWindow() override = default;
};

}  // namespace tarn::ui
