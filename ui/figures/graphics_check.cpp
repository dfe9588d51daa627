#include "ui/figures/graphics_check.h"

#include "ui/scene/offscreen_context.h"

namespace tarn::ui {

std::string describeOffscreenGraphics() {
  return OffscreenContext().description();
}

}  // namespace tarn::ui
