#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_camera.h"
#include "ui/scene/volume_data.h"

class QPainter;
class QSizeF;
class vtkRenderer;

namespace tarn::ui {

/// A landscape of three axes in a cube: iso-surfaces of a few values one in the other, slices at
/// right angles to the axes with iso-lines on them, trajectories, minima (balls) and merge saddles
/// (octahedra); cells with a NaN corner are left out. Colours are the value; axes, captions, colour
/// bar and legend are painted over it.
///
/// To be used as SurfaceScene.
class VolumeScene {
 public:
  VolumeScene();
  ~VolumeScene();
  VolumeScene(const VolumeScene&) = delete;
  VolumeScene& operator=(const VolumeScene&) = delete;

  vtkRenderer* renderer() const;

  /// Shows this. Rebuilds only what depends on what has changed; a grid is taken as changed when
  /// its pointer is another. The camera stays. Throws Error(unsupported) when the grid has not
  /// three axes.
  void update(const LandscapeData& data, const LandscapeStyle& style, const VolumeStyle& volume);
  void setTextSize(double size);
  void select(std::optional<std::int64_t> vertex);
  void resetCamera();
  void setViewPoint(const ViewPoint& from);
  ViewPoint viewPoint() const;

  /// The minimum or saddle drawn within a few pixels of a position, else the vertex nearest to the
  /// point of a slice or an iso-surface that is seen there. In VTK's pixels: origin bottom left.
  std::optional<std::int64_t> vertexAt(double x, double y) const;

  void setOverlayVisible(bool visible);
  void paintOverlay(QPainter& painter, const QSizeF& size) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace tarn::ui
