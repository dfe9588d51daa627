#pragma once

#include <QPointF>
#include <QSizeF>
#include <array>
#include <functional>
#include <utility>

#include <vtkCallbackCommand.h>
#include <vtkNew.h>
#include <vtkRenderer.h>

#include "ui/scene/overlay_actor.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_camera.h"
#include "ui/scene/surface_projection.h"

class QPainter;

namespace tarn::ui {

/// A renderer with one light from the viewer's upper left, and what is painted over what it draws:
/// anew whenever the camera, the size or the scene has changed. Positions and sizes are in the
/// units that text is set in, the origin at the top left.
class OverlaidRenderer {
 public:
  /// `place` puts the camera to where it is at first, `paint` paints the overlay.
  OverlaidRenderer(std::function<void(const QSizeF&)> place,
                   std::function<void(QPainter&, const QSizeF&)> paint);
  ~OverlaidRenderer();
  OverlaidRenderer(const OverlaidRenderer&) = delete;
  OverlaidRenderer& operator=(const OverlaidRenderer&) = delete;

  vtkRenderer* renderer() const { return renderer_; }
  double pixelRatio() const;
  double lineWidth() const { return 1.2 * pixelRatio(); }
  QSizeF size() const;
  /// The size of text on an area.
  double textOn(const QSizeF& area) const;
  /// Text of that size instead of one that grows with the picture; 0 takes it back.
  void setTextSize(double size);
  SurfaceProjection projectionOn(const QSizeF& area) const {
    return {*renderer_->GetActiveCamera(), area};
  }
  /// Of one of VTK's pixels.
  QPointF positionOf(double x, double y) const;

  /// The scene is another one; nothing is placed or painted before the first time.
  void sceneChanged(Theme theme);
  void resetCamera();
  void setViewPoint(const ViewPoint& from);
  ViewPoint viewPoint() const;
  void setOverlayVisible(bool visible);
  /// Where the camera stands.
  Point3 viewer() const;
  /// Called before each picture, after the camera was placed.
  void beforeEach(std::function<void()> prepare) { prepare_ = std::move(prepare); }

 private:
  void beforeRender();

  std::function<void(const QSizeF&)> place_;
  std::function<void(QPainter&, const QSizeF&)> paint_;
  std::function<void()> prepare_;
  vtkNew<vtkRenderer> renderer_;
  vtkNew<vtkCallbackCommand> onStart_;
  OverlayActor overlay_;
  bool hasScene_ = false;
  bool placed_ = false;  ///< the camera has been set once
  bool stale_ = true;
  double fixedText_ = 0.0;
  vtkMTimeType seenCamera_ = 0;
  std::array<int, 2> seenSize_{};
};

}  // namespace tarn::ui
