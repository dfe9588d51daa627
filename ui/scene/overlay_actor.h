#pragma once

#include <QImage>

#include <vtkNew.h>
#include <vtkPoints.h>
#include <vtkTexture.h>
#include <vtkTexturedActor2D.h>

namespace tarn::ui {

/// An image that covers the whole viewport, one image pixel a pixel.
class OverlayActor {
 public:
  OverlayActor();
  vtkTexturedActor2D* actor() const { return actor_; }
  /// Takes an image of Format_RGBA8888.
  void setImage(QImage image);

 private:
  QImage image_;  ///< VTK reads its bytes
  vtkNew<vtkPoints> corners_;
  vtkNew<vtkTexture> texture_;
  vtkNew<vtkTexturedActor2D> actor_;
};

}  // namespace tarn::ui
