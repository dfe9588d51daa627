#include "ui/scene/offscreen_context.h"

#include <algorithm>
#include <array>
#include <string_view>

#define EGL_NO_X11
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GL/gl.h>

#include "topology/base/error.h"

namespace tarn::ui {
namespace {

[[noreturn]] void refuse(const std::string& reason) {
  throw Error(ErrorCode::unsupported, "OpenGL cannot be had without a display: " + reason + ".",
              "Install a Mesa driver (libegl1 and libgl1-mesa-dri) or the EGL library of the "
              "graphics card's driver.");
}

bool offers(const char* extensions, std::string_view name) {
  return extensions != nullptr && std::string_view(extensions).find(name) != std::string_view::npos;
}

template <typename Function>
Function load(const char* name) {
  return reinterpret_cast<Function>(eglGetProcAddress(name));
}

bool starts(EGLDisplay display) {
  return display != EGL_NO_DISPLAY && eglInitialize(display, nullptr, nullptr) == EGL_TRUE;
}

/// Mesa's surfaceless platform, else a graphics card by itself, else whatever is the default.
EGLDisplay openDisplay() {
  const char* client = eglQueryString(EGL_NO_DISPLAY, EGL_EXTENSIONS);
  const auto platform = load<PFNEGLGETPLATFORMDISPLAYEXTPROC>("eglGetPlatformDisplayEXT");
  if (platform != nullptr && offers(client, "EGL_MESA_platform_surfaceless")) {
    EGLDisplay display = platform(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, nullptr);
    if (starts(display)) {
      return display;
    }
  }
  const auto queryDevices = load<PFNEGLQUERYDEVICESEXTPROC>("eglQueryDevicesEXT");
  if (platform != nullptr && queryDevices != nullptr && offers(client, "EGL_EXT_platform_device")) {
    std::array<EGLDeviceEXT, 16> devices{};
    EGLint count = 0;
    queryDevices(static_cast<EGLint>(devices.size()), devices.data(), &count);
    for (EGLint i = 0; i < count; ++i) {
      EGLDisplay display =
          platform(EGL_PLATFORM_DEVICE_EXT, devices[static_cast<std::size_t>(i)], nullptr);
      if (starts(display)) {
        return display;
      }
    }
  }
  EGLDisplay display = eglGetDisplay(EGL_DEFAULT_DISPLAY);
  if (!starts(display)) {
    refuse("EGL finds no driver");
  }
  return display;
}

EGLContext createContext(EGLDisplay display) {
  if (eglBindAPI(EGL_OPENGL_API) != EGL_TRUE) {
    refuse("the driver has no desktop OpenGL");
  }
  constexpr std::array<EGLint, 5> kConfig = {EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_SURFACE_TYPE,
                                             EGL_DONT_CARE, EGL_NONE};
  EGLConfig config = nullptr;
  EGLint count = 0;
  if (eglChooseConfig(display, kConfig.data(), &config, 1, &count) != EGL_TRUE || count == 0) {
    config = EGL_NO_CONFIG_KHR;
  }
  constexpr std::array<EGLint, 7> kVersion = {EGL_CONTEXT_MAJOR_VERSION,
                                              3,
                                              EGL_CONTEXT_MINOR_VERSION,
                                              2,
                                              EGL_CONTEXT_OPENGL_PROFILE_MASK,
                                              EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT,
                                              EGL_NONE};
  EGLContext context = eglCreateContext(display, config, EGL_NO_CONTEXT, kVersion.data());
  if (context == EGL_NO_CONTEXT) {
    refuse("the driver has no OpenGL 3.2");
  }
  return context;
}

}  // namespace

OffscreenContext::OffscreenContext() : display_(openDisplay()) {
  context_ = createContext(display_);
  if (eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_) != EGL_TRUE) {
    eglDestroyContext(display_, context_);
    refuse("the driver draws only with a window");
  }
}

OffscreenContext::~OffscreenContext() {
  eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  eglDestroyContext(display_, context_);
}

void OffscreenContext::makeCurrent() const {
  eglMakeCurrent(display_, EGL_NO_SURFACE, EGL_NO_SURFACE, context_);
}

bool OffscreenContext::isCurrent() const {
  return eglGetCurrentContext() == context_;
}

std::string OffscreenContext::description() const {
  const auto text = [](GLenum name) {
    const GLubyte* value = glGetString(name);
    return value == nullptr ? std::string("?") : reinterpret_cast<const char*>(value);
  };
  return "OpenGL " + text(GL_VERSION) + ", " + text(GL_RENDERER);
}

int OffscreenContext::largestImageSide() const {
  GLint side = 0;
  std::array<GLint, 2> viewport{};
  glGetIntegerv(GL_MAX_TEXTURE_SIZE, &side);
  glGetIntegerv(GL_MAX_VIEWPORT_DIMS, viewport.data());
  return std::min({side, viewport[0], viewport[1]});
}

}  // namespace tarn::ui
