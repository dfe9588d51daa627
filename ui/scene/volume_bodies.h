#pragma once

#include <utility>
#include <vector>

#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_actors.h"
#include "ui/scene/volume_data.h"
#include "ui/scene/volume_meshes.h"
#include "ui/scene/volume_ray.h"
#include "ui/scene/volume_shape.h"

namespace tarn::ui {

/// The places of a run's snapshots.
std::vector<Point3> wayOf(const VolumeShape& shape, const Trajectory& run);

/// What stands in the scene of a volume: iso-surfaces, slices, runs, minima and saddles, the mark
/// of the selection, and the walls of the cube. Each is rebuilt on its own.
class VolumeBodies {
 public:
  /// The bodies stand in that renderer.
  explicit VolumeBodies(vtkRenderer* renderer) : renderer_(renderer) {}

  void buildWalls(const VolumeShape& shape, Theme theme, double width);
  /// Only the walls of the cube that the viewer sees from inside.
  void showWalls(const Point3& viewer);
  /// `units` as of surfaceUnits.
  void buildSurfaces(const IsoSurfaces& surfaces, const std::vector<double>& units,
                     const LandscapeStyle& style);
  void buildSlices(const VolumeShape& shape, const SlicePlaces& at, const LandscapeStyle& style,
                   double width);
  /// Without `trajectories` or `criticalPoints` in the style there are none.
  void buildRuns(const VolumeShape& shape, const LandscapeData& data, const LandscapeStyle& style);
  void buildGlyphs(const VolumeShape& shape, const LandscapeData& data,
                   const LandscapeStyle& style);
  void buildSelection(const VolumeShape& shape, const LandscapeData& data, Theme theme,
                      double width);

 private:
  void replace(Actors& actors, Actors fresh) {
    replaceActors(*renderer_, actors, std::move(fresh));
  }

  vtkRenderer* renderer_;
  Actors walls_;  ///< the lower and the upper one of each direction
  Actors surfaces_;
  Actors slices_;
  Actors runs_;
  Actors glyphs_;
  Actors selection_;
};

}  // namespace tarn::ui
