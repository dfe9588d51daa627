#pragma once

#include <utility>

#include <vtkActor.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>

#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_actors.h"
#include "ui/scene/surface_shape.h"

namespace tarn::ui {

/// What stands in the scene: the surface, the lines on it, runs, minima and saddles, and the mark
/// of the selection. Each is rebuilt on its own.
class SurfaceBodies {
 public:
  /// The bodies stand in that renderer.
  explicit SurfaceBodies(vtkRenderer* renderer) : renderer_(renderer) {}

  void buildMesh(const SurfaceShape& shape, const LandscapeStyle& style);
  void buildLines(const SurfaceShape& shape, const LandscapeStyle& style, double width);
  /// Without `trajectories` or `criticalPoints` in the style there are none.
  void buildRuns(const SurfaceShape& shape, const LandscapeData& data, const LandscapeStyle& style);
  void buildGlyphs(const SurfaceShape& shape, const LandscapeData& data,
                   const LandscapeStyle& style);
  void buildSelection(const SurfaceShape& shape, const LandscapeData& data, Theme theme,
                      double width);
  /// Colours the mesh by basin where basins are shown, else by value again.
  void colourBasins(const LandscapeData& data, const LandscapeStyle& style);
  /// Lines between basins where they are shown.
  void buildBorders(const SurfaceShape& shape, const LandscapeData& data,
                    const LandscapeStyle& style, double width);
  /// While the camera moves, a mesh of at most 256 × 256 vertices is shown.
  void setMoving(bool moving);

 private:
  void replace(Actors& actors, Actors fresh) {
    replaceActors(*renderer_, actors, std::move(fresh));
  }
  void showMesh();

  vtkRenderer* renderer_;
  vtkSmartPointer<vtkActor> fine_;
  vtkSmartPointer<vtkActor> coarse_;  ///< null when fine is coarse enough
  Actors lines_;
  Actors borders_;
  Actors runs_;
  Actors glyphs_;
  Actors selection_;
  bool moving_ = false;
};

}  // namespace tarn::ui
