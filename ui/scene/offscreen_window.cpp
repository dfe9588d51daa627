#include "ui/scene/offscreen_window.h"

#include <cmath>
#include <cstring>

#include <vtkCommand.h>
#include <vtkUnsignedCharArray.h>

#include "topology/base/error.h"

namespace tarn::ui {

OffscreenWindow::OffscreenWindow(const OffscreenContext& context, const QSize& size,
                                 double pixelRatio) {
  onEvent_->SetClientData(const_cast<OffscreenContext*>(&context));
  onEvent_->SetCallback([](vtkObject*, unsigned long event, void* data, void* answer) {
    const auto* gl = static_cast<const OffscreenContext*>(data);
    if (event == vtkCommand::WindowMakeCurrentEvent) {
      gl->makeCurrent();
    } else if (event == vtkCommand::WindowIsCurrentEvent) {
      *static_cast<bool*>(answer) = gl->isCurrent();
    } else {
      *static_cast<int*>(answer) = 1;
    }
  });
  for (const auto event :
       {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent,
        vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowIsDirectEvent}) {
    window_->AddObserver(event, onEvent_);
  }
  window_->SetOwnContext(0);
  window_->SetFrameBlitModeToNoBlit();
  window_->SetReadyForRendering(true);
  window_->SetMapped(1);
  window_->SetMultiSamples(4);
  window_->SetSize(size.width(), size.height());
  window_->SetScreenSize(size.width(), size.height());
  window_->SetDPI(static_cast<int>(std::lround(72 * pixelRatio)));
  window_->OpenGLInitContext();
  if (!window_->hasOpenGL()) {
    throw Error(ErrorCode::unsupported, "The graphics driver lacks functions of OpenGL 3.2.",
                "Install a newer driver, or Mesa (libgl1-mesa-dri).");
  }
  window_->OpenGLInit();
}

OffscreenWindow::~OffscreenWindow() {
  window_->Finalize();
  window_->RemoveObserver(onEvent_);
}

QImage OffscreenWindow::image() const {
  const int* size = window_->GetActualSize();
  vtkNew<vtkUnsignedCharArray> bytes;
  window_->GetRGBACharPixelData(0, 0, size[0] - 1, size[1] - 1, 0, bytes);
  QImage image(size[0], size[1], QImage::Format_RGBX8888);
  const auto row = static_cast<std::size_t>(size[0]) * 4;
  for (int y = 0; y < size[1]; ++y) {
    std::memcpy(image.scanLine(size[1] - 1 - y), bytes->GetPointer(static_cast<vtkIdType>(row) * y),
                row);
  }
  return image;
}

}  // namespace tarn::ui
