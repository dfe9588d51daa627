#include "ui/figures/figure.h"

#include <QGuiApplication>
#include <QImage>
#include <array>

#include "topology/profile/profile.h"
#include "ui/figures/basins_figure.h"
#include "ui/figures/export.h"
#include "ui/figures/line_figure.h"
#include "ui/figures/profile_figure.h"
#include "ui/figures/spectrum_figure.h"
#include "ui/figures/tree_figure.h"
#include "ui/scene/still.h"

namespace tarn::ui {
namespace {

FigureFile fileOf(const std::filesystem::path& path, const FigureSpec& spec, Theme theme,
                  const std::string& title) {
  FigureFile file;
  file.path = path;
  file.size = QSizeF(spec.width, spec.height);
  file.scale = spec.scale;
  file.theme = theme;
  file.title = title;
  file.provenance = spec.provenance;
  return file;
}

}  // namespace

void writeSurfaceFigure(const std::filesystem::path& path, const LandscapeData& data,
                        const LandscapeStyle& style, const FigureSpec& spec) {
  const FigureFile file = fileOf(path, spec, style.theme, style.title);
  requireImageFile(file);
  writeImage(
      file, renderSurface(data, style, QSize(spec.width, spec.height), spec.scale, spec.viewPoint));
}

void writeVolumeFigure(const std::filesystem::path& path, const LandscapeData& data,
                       const LandscapeStyle& style, const VolumeStyle& volume,
                       const FigureSpec& spec) {
  const FigureFile file = fileOf(path, spec, style.theme, style.title);
  requireImageFile(file);
  writeImage(file, renderVolume(data, style, volume, QSize(spec.width, spec.height), spec.scale,
                                spec.viewPoint));
}

void writeContourFigure(const std::filesystem::path& path, const LandscapeData& data,
                        const LandscapeStyle& style, const FigureSpec& spec) {
  ContourFigure figure(data, style);
  if (spec.part) {
    figure.setView(*spec.part);
  }
  writeFigure(fileOf(path, spec, style.theme, style.title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

void writeLineFigure(const std::filesystem::path& path, const LandscapeData& data,
                     const LandscapeStyle& style, const FigureSpec& spec) {
  const LineFigure figure(data, style);
  writeFigure(fileOf(path, spec, style.theme, style.title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

void writeTreeFigure(const std::filesystem::path& path, std::shared_ptr<const MergeTree> tree,
                     const TreeStyle& style, const FigureSpec& spec) {
  const TreeFigure figure(std::move(tree), style);
  writeFigure(fileOf(path, spec, style.theme, style.title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

void writePersistenceFigure(const std::filesystem::path& path,
                            std::shared_ptr<const PersistenceDiagram> diagram, PersistencePlot plot,
                            const PlotStyle& style, const FigureSpec& spec) {
  const PersistenceFigure figure(std::move(diagram), plot, style);
  writeFigure(fileOf(path, spec, style.theme, style.title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

void writeProfileFigure(const std::filesystem::path& path, const ScalarGrid& grid,
                        std::shared_ptr<const MergeTree> tree, const PlotStyle& style,
                        const FigureSpec& spec) {
  auto profile = std::make_shared<const TopologicalProfile>(topologicalProfile(grid, *tree));
  const ProfileFigure figure(std::move(tree), std::move(profile), style);
  writeFigure(fileOf(path, spec, style.theme, style.title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

void writeBasinsFigure(const std::filesystem::path& path, const LandscapeData& data,
                       const std::vector<std::int32_t>& basinOfVertex, const LandscapeStyle& style,
                       const FigureSpec& spec) {
  const BasinsFigure figure(data, basinOfVertex, style);
  writeFigure(fileOf(path, spec, style.theme, style.title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

void writeSpectrumFigure(const std::filesystem::path& path, SpectrumDataPtr data,
                         const std::vector<SpectrumPart>& parts, const SpectrumStyle& style,
                         const FigureSpec& spec) {
  const SpectrumFigure figure(std::move(data), parts, style);
  writeFigure(fileOf(path, spec, style.theme, style.title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

void writeCurveFigure(const std::filesystem::path& path, CurveDataPtr data,
                      const std::vector<CurvePart>& parts, const CurveStyle& style,
                      const FigureSpec& spec) {
  const CurveFigure figure(std::move(data), parts, style);
  writeFigure(fileOf(path, spec, style.theme, style.title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

void writeTrajectoryFigure(const std::filesystem::path& path, const TrajectoryData& data,
                           Theme theme, const std::string& title, const FigureSpec& spec) {
  TrajectoryFigure figure(data, theme, title);
  if (spec.part) {
    figure.setView(*spec.part);
  }
  writeFigure(fileOf(path, spec, theme, title),
              [&](QPainter& painter, const QRectF& area) { figure.paint(painter, area); });
}

struct FigureApplication::State {
  // QGuiApplication keeps references to these.
  int count = 3;
  std::array<char, 5> name{"tarn"};
  std::array<char, 10> option{"-platform"};
  std::array<char, 10> platform{"offscreen"};
  std::array<char*, 4> arguments{name.data(), option.data(), platform.data(), nullptr};
  QGuiApplication application{count, arguments.data()};
};

FigureApplication::FigureApplication() {
  if (QCoreApplication::instance() == nullptr) {
    state_ = std::make_unique<State>();
  }
}

FigureApplication::~FigureApplication() = default;

}  // namespace tarn::ui
