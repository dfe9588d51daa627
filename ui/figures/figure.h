#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "topology/merge_tree/merge_tree.h"
#include "ui/figures/contour_figure.h"
#include "ui/figures/curve_figure.h"
#include "ui/figures/persistence_figure.h"
#include "ui/figures/spectrum_plot.h"
#include "ui/figures/trajectory_figure.h"
#include "ui/scene/landscape_data.h"
#include "ui/scene/style.h"
#include "ui/scene/surface_camera.h"
#include "ui/scene/volume_data.h"

namespace tarn::ui {

/// Size and origin of a figure file. The format follows the file's ending.
struct FigureSpec {
  int width = 1600;  ///< in pixels of 1/96 inch; text grows with the figure
  int height = 1200;
  double scale = 1;        ///< PNG: this many image pixels for each of them
  std::string provenance;  ///< kept in the file's metadata: the command that makes it again
  std::optional<ViewPoint> viewPoint;  ///< surface, volume: none is the first view
  std::optional<PlaneView> part;       ///< contour, trajectories: none is the whole plane
};

/// Write a figure; it needs a QGuiApplication (or FigureApplication) but no display. Throw
/// Error(usage) for an ending that this kind of figure does not have (surface and volume: png; the
/// others: png, svg, pdf), Error(unsupported) for a grid that has not two axes (surface, contour
/// and basins), three (volume) or one (line) or without OpenGL (surface and volume), Error(io)
/// when the file cannot be written.
void writeSurfaceFigure(const std::filesystem::path& file, const LandscapeData& data,
                        const LandscapeStyle& style, const FigureSpec& spec);
void writeVolumeFigure(const std::filesystem::path& file, const LandscapeData& data,
                       const LandscapeStyle& style, const VolumeStyle& volume,
                       const FigureSpec& spec);
void writeContourFigure(const std::filesystem::path& file, const LandscapeData& data,
                        const LandscapeStyle& style, const FigureSpec& spec);
void writeLineFigure(const std::filesystem::path& file, const LandscapeData& data,
                     const LandscapeStyle& style, const FigureSpec& spec);
void writeTreeFigure(const std::filesystem::path& file, std::shared_ptr<const MergeTree> tree,
                     const TreeStyle& style, const FigureSpec& spec);
void writePersistenceFigure(const std::filesystem::path& file,
                            std::shared_ptr<const PersistenceDiagram> diagram, PersistencePlot plot,
                            const PlotStyle& style, const FigureSpec& spec);
void writeProfileFigure(const std::filesystem::path& file, const ScalarGrid& grid,
                        std::shared_ptr<const MergeTree> tree, const PlotStyle& style,
                        const FigureSpec& spec);
/// `basinOfVertex` as for BasinsFigure.
void writeBasinsFigure(const std::filesystem::path& file, const LandscapeData& data,
                       const std::vector<std::int32_t>& basinOfVertex, const LandscapeStyle& style,
                       const FigureSpec& spec);
/// The parts of a spectrum, as for SpectrumFigure.
void writeSpectrumFigure(const std::filesystem::path& file, SpectrumDataPtr data,
                         const std::vector<SpectrumPart>& parts, const SpectrumStyle& style,
                         const FigureSpec& spec);
/// The parts of training curves, as for CurveFigure.
void writeCurveFigure(const std::filesystem::path& file, CurveDataPtr data,
                      const std::vector<CurvePart>& parts, const CurveStyle& style,
                      const FigureSpec& spec);
void writeTrajectoryFigure(const std::filesystem::path& file, const TrajectoryData& data,
                           Theme theme, const std::string& title, const FigureSpec& spec);

/// A QGuiApplication without a display, for the life of this object; nothing when the program has
/// one already. Painting text needs it.
class FigureApplication {
 public:
  FigureApplication();
  ~FigureApplication();
  FigureApplication(const FigureApplication&) = delete;
  FigureApplication& operator=(const FigureApplication&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tarn::ui
