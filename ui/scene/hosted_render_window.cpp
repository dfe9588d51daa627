#include "ui/scene/hosted_render_window.h"

#include <algorithm>

#include <vtkAutoInit.h>
#include <vtkObject.h>
#include <vtkObjectFactory.h>
#include <vtkVersionMacros.h>
#include <vtk_glew.h>

// VTK's factories for OpenGL, text and interaction: here, in the one source that every picture
// needs, and not by vtk_module_autoinit, whose absolute paths keep a compiler cache from being
// shared.
VTK_MODULE_INIT(vtkInteractionStyle);
VTK_MODULE_INIT(vtkRenderingFreeType);
VTK_MODULE_INIT(vtkRenderingOpenGL2);

namespace tarn::ui {

vtkStandardNewMacro(HostedRenderWindow);

void HostedRenderWindow::OpenGLInitContext() {
#if VTK_VERSION_NUMBER >= VTK_VERSION_CHECK(9, 4, 0)
  Superclass::OpenGLInitContext();
#else
  if (Initialized) {
    ContextCreationTime.Modified();
    return;
  }
  const int warnings = vtkObject::GetGlobalWarningDisplay();
  vtkObject::GlobalWarningDisplayOff();
  Superclass::OpenGLInitContext();
  vtkObject::SetGlobalWarningDisplay(warnings);
  // GLEW gives up when there is no GLX display, after it has loaded every function.
  if (!Initialized && glGenVertexArrays != nullptr && glBlitFramebuffer != nullptr) {
    Initialized = true;
    GlewInitValid = true;
  }
#endif
}

int HostedRenderWindow::GetColorBufferSizes(int* rgba) {
  constexpr int kBits = 8;
  if (rgba == nullptr) {
    return 0;
  }
  std::fill_n(rgba, 4, kBits);
  return 4 * kBits;
}

}  // namespace tarn::ui
