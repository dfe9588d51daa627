#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_camera.h"

class QPainter;
class QSizeF;
class vtkRenderer;

namespace tarn::ui {

/// A landscape as a surface in space: height and colour are the value (or colour is the basin, with
/// lines between basins and the selected one tinted), iso-lines and trajectories lie on it, minima
/// are balls and merge saddles are octahedra; cells with a NaN corner are holes. Axes, captions,
/// colour bar and legend are painted over it.
///
/// Add renderer() to a render window; whoever owns the window renders. The window's DPI is 72 times
/// the size of a pixel in the units that text is set in. Only for the thread of the window.
class SurfaceScene {
 public:
  SurfaceScene();
  ~SurfaceScene();
  SurfaceScene(const SurfaceScene&) = delete;
  SurfaceScene& operator=(const SurfaceScene&) = delete;

  vtkRenderer* renderer() const;

  /// Shows this. Rebuilds only what depends on what has changed; a grid is taken as changed when
  /// its pointer is another. The camera stays. Throws Error(unsupported) when the grid has not two
  /// axes.
  void update(const LandscapeData& data, const LandscapeStyle& style);
  /// Text of that size instead of one that grows with the picture; 0 takes it back.
  void setTextSize(double size);
  /// Highlights a vertex of the grid, and its basin where basins are shown.
  void select(std::optional<std::int64_t> vertex);
  /// While the camera moves, a mesh of at most 256 × 256 vertices is shown.
  void setMoving(bool moving);
  /// Looks at the whole landscape from the front right, above.
  void resetCamera();
  void setViewPoint(const ViewPoint& from);
  ViewPoint viewPoint() const;

  /// The minimum or saddle drawn within a few pixels of a position, else the vertex nearest to the
  /// point of the surface that is seen there. In VTK's pixels: origin bottom left.
  std::optional<std::int64_t> vertexAt(double x, double y) const;

  /// In a window the overlay is part of the scene. A still turns it off and paints it itself.
  void setOverlayVisible(bool visible);
  /// Paints axes, captions, colour bar and legend as the camera sees the scene, onto an area of
  /// this size whose origin is the top left.
  void paintOverlay(QPainter& painter, const QSizeF& size) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tarn::ui
