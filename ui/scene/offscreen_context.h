#pragma once

#include <string>

namespace tarn::ui {

/// An OpenGL 3.2 core context without window and display (EGL, surfaceless), current for the life
/// of this object. No other context may be current in the thread.
class OffscreenContext {
 public:
  /// Throws Error(unsupported) with what to install.
  OffscreenContext();
  ~OffscreenContext();
  OffscreenContext(const OffscreenContext&) = delete;
  OffscreenContext& operator=(const OffscreenContext&) = delete;

  void makeCurrent() const;
  bool isCurrent() const;
  /// "OpenGL 4.5 (Core Profile) Mesa 25.0.7, llvmpipe (…)"
  std::string description() const;
  int largestImageSide() const;

 private:
  void* display_ = nullptr;
  void* context_ = nullptr;
};

}  // namespace tarn::ui
