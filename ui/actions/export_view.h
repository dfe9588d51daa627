#pragma once

#include <QSize>
#include <QString>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ui/figures/contour_figure.h"
#include "ui/figures/curve_figure.h"
#include "ui/figures/spectrum_plot.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_camera.h"
#include "ui/scene/volume_data.h"
#include "ui/views/landscape_view.h"

namespace tarn::ui {

enum class ViewKind {
  surface,
  contour,
  volume,
  line,
  tree,
  barcode,
  diagram,
  profile,
  basins,
  spectrum,
  curves
};

/// Those that a landscape of so many axes has, in this order.
std::vector<ViewKind> viewKinds(std::size_t axes);

/// A spectrum as it is shown.
struct SpectrumOrder {
  std::string source;  ///< NAME.tarn#spectrum/1
  SpectrumDataPtr data;
  std::optional<SpectrumPart> part;  ///< none: all
  bool logarithmic = false;
  std::string layer;
};

/// Training curves as they are shown.
struct CurvesOrder {
  std::string source;  ///< NAME.tarn
  CurveDataPtr data;
  std::optional<CurvePart> part;  ///< none: all
  CurveStyle style;
};

/// What is exported, and how.
struct ExportOrder {
  ViewKind view = ViewKind::surface;
  std::size_t axes = 2;  ///< of the landscape
  std::filesystem::path file;
  QSize size{1200, 900};  ///< pixels of 1/96 inch
  double scale = 1.0;     ///< PNG: image pixels for each of them
  std::string source;     ///< NAME.tarn#landscape/3, or the grid's file
  std::string connectivity = "2n";
  double threshold = 0.0;                         ///< of persistence; 0: no branch is left out
  bool repaired = false;                          ///< the serpentine shift is undone
  std::optional<std::vector<std::int64_t>> runs;  ///< by id; none: all of them
  std::optional<ViewPoint> viewPoint;             ///< surface: none is the first view
  std::optional<ViewPoint> volumePoint;           ///< volume: the same
  std::optional<PlaneView> part;                  ///< contour: none is the whole plane
  SliceChoice slice;   ///< surface, contour, basins of three axes or more
  SliceChoice places;  ///< volume: where its slices lie
  VolumeStyle volume;
  SpectrumOrder spectrum;  ///< spectrum, beside size and scale
  CurvesOrder curves;      ///< curves, likewise

  /// From where a kind of view is seen; none for one without a camera.
  std::optional<ViewPoint> viewPointOf(ViewKind kind) const;
};

/// "surface", "contour", …: the word of `tarn render --view`.
std::string viewWord(ViewKind view);
/// The same for people.
QString viewTitle(ViewKind view);
/// The endings this view can be written as, the best first.
QStringList exportFormats(ViewKind view);

/// The command line that makes the same figure: only with the options that this view needs.
std::string renderCommand(const ExportOrder& order, const LandscapeStyle& style);

/// Writes the figure, in the light theme whatever the window's and without the selection. Throws
/// Error(usage), Error(io), Error(unsupported).
void exportView(const ExportOrder& order, const ShownLandscape& shown, LandscapeStyle style);

}  // namespace tarn::ui
