#include <algorithm>
#include <format>
#include <iostream>
#include <tuple>
#include <utility>
#include <vector>

#include "app/commands/command.h"
#include "app/figure_options.h"
#include "app/render_options.h"
#include "app/render_runs.h"
#include "app/render_spectrum.h"
#include "app/topology_options.h"
#include "engine/project/project.h"
#include "engine/tasks/projection.h"
#include "topology/analysis/analysis.h"
#include "topology/base/error.h"
#include "topology/persistence/diagram.h"
#include "ui/figures/figure.h"
#include "ui/figures/project_figure.h"
#include "ui/scene/height_map.h"
#include "ui/scene/volume_data.h"
#include "ui/window/refining_grid.h"

namespace tarn::app {
namespace {

int report(const RenderOptions& options, const Invocation& invocation,
           const nlohmann::json& written) {
  if (invocation.global.json) {
    printJson(written);
  } else if (!invocation.global.quiet) {
    std::cout << options.out << ": " << options.view << " of " << options.file << '\n';
  }
  return 0;
}

int renderSpectrum(const RenderOptions& options, const ui::FigureSpec& spec,
                   const Invocation& invocation) {
  SpectrumPicture picture;
  picture.file = options.file;
  picture.part = options.part;
  picture.out = options.out;
  picture.style.theme = options.theme == "dark" ? ui::Theme::dark : ui::Theme::light;
  picture.style.title = options.title;
  picture.style.logarithmic = options.logarithmic;
  picture.style.layer = options.layer;
  const ui::FigureApplication application;
  const nlohmann::json written = writeSpectrum(picture, spec);
  return report(options, invocation, written);
}

int renderRuns(const RenderOptions& options, ui::FigureSpec spec, const Invocation& invocation) {
  RunsPicture picture;
  picture.file = options.file;
  picture.view = options.view;
  picture.plane = options.plane;
  picture.out = options.out;
  picture.names = parseNames(options.names);
  if (!options.runs.empty()) {
    picture.runs = parseIds("runs", options.runs);
  }
  if (options.view == "curves") {
    picture.parts = options.part;
  } else {
    spec.part = parsePart(options.part);
  }
  picture.style.theme = options.theme == "dark" ? ui::Theme::dark : ui::Theme::light;
  picture.style.title = options.title;
  picture.style.logarithmic = options.logarithmic;
  picture.style.axis = options.by == "epoch" ? ui::CurveAxis::epoch : ui::CurveAxis::step;
  picture.style.smoothing = options.smoothing;
  const ui::FigureApplication application;
  const nlohmann::json written = writeRuns(picture, spec, invocation.stop);
  return report(options, invocation, written);
}

/// Whether a view can show a landscape of so many axes.
bool fits(const std::string& view, std::size_t axes) {
  if (view == "surface" || view == "contour" || view == "basins") {
    return axes >= 2;
  }
  return view == "volume" ? axes >= 3 : view != "line" || axes == 1;
}

/// The latest landscape that the view can show, or the latest of all, so that it is said what does
/// not fit.
StoredLandscape latestFor(const Project& project, const std::string& view) {
  const auto all = project.landscapes();
  const auto found = std::find_if(all.rbegin(), all.rend(), [&](const StoredLandscape& one) {
    return fits(view, one.axes.size());
  });
  return found != all.rend() ? *found
                             : project.landscape(project.resolve(ResultKind::landscape, 0));
}

/// What is missing of a landscape that is not finished is interpolated.
void fillUp(ui::LandscapeData& data, const StoredLandscape& landscape, const RenderOptions& options,
            const std::stop_token& stop) {
  data.grid = std::make_shared<const ScalarGrid>(
      ui::evenPreview(ui::beginRefining(landscape, data.grid->values())));
  data.tree = std::make_shared<const MergeTree>(
      joinTree(*data.grid, connectivityFromString(options.topology.connectivity), stop));
}

ui::LandscapeData openLandscape(const RenderOptions& options, const std::stop_token& stop,
                                std::vector<std::string>& warnings) {
  ui::LandscapeChoice choice;
  choice.connectivity = connectivityFromString(options.topology.connectivity);
  if (!options.runs.empty()) {
    const auto ids = parseIds("runs", options.runs);
    choice.runs.emplace(ids.begin(), ids.end());
  }
  choice.names = parseNames(options.names);
  if (!isProject(options.file)) {
    return ui::landscapeDataOf(openLandscapeGrid(options.file, stop).grid, choice.connectivity,
                               stop);
  }
  const ResultAddress where = parseAddress(options.file);
  if (where.kind != ResultKind::landscape) {
    throw Error(ErrorCode::usage, "'" + options.file + "' is not the address of a landscape.",
                "Write NAME.tarn#landscape/ID; `tarn info` lists the ids.");
  }
  const auto project = Project::open(where.path, Access::read);
  const StoredLandscape landscape =
      where.id == 0 ? latestFor(*project, options.view)
                    : project->landscape(project->resolve(where.kind, where.id));
  for (const auto& [id, name] : choice.names) {
    project->run(id);  // throws when there is none
  }
  auto data = ui::landscapeDataOf(*project, landscape.id, choice, stop);
  if (const auto unfinished = whyUnfinished(*project, landscape)) {
    warnings.push_back(*unfinished + " What is missing is interpolated in the figure.");
    fillUp(data, landscape, options, stop);
  }
  return data;
}

/// The landscape as the topology options want it: mended, its tree simplified or of the maxima.
ui::LandscapeData asWanted(const TopologyOptions& options, ui::LandscapeData data,
                           const std::stop_token& stop) {
  const auto shift = shiftToUndo(options, *data.grid);
  const bool sameTree = !shift && !options.superlevel && options.persistence.empty();
  if (shift) {
    data.grid = std::make_shared<const ScalarGrid>(undoSerpentine(*data.grid, *shift));
  }
  if (!sameTree) {
    data.tree = std::make_shared<const MergeTree>(
        treeOf(*data.grid, analysisOptions(options, *data.grid), stop));
  }
  return data;
}

void writeTree(const RenderOptions& options, const ui::LandscapeData& data,
               const ui::LandscapeStyle& landscape, const ui::FigureSpec& spec) {
  ui::TreeStyle style;
  style.theme = landscape.theme;
  style.height = landscape.height;
  style.colourMap = landscape.colourMap;
  style.title = landscape.title;
  style.quantity = data.quantity;
  style.smad = smad(*data.tree).plain;
  ui::writeTreeFigure(options.out, data.tree, style, spec);
}

void writeTopology(const RenderOptions& options, const ui::LandscapeData& data,
                   const ui::LandscapeStyle& landscape, const ui::FigureSpec& spec) {
  const AnalysisOptions wanted = analysisOptions(options.topology, *data.grid);
  const ui::PlotStyle style{landscape.theme, landscape.title, data.quantity, wanted.threshold};
  if (options.view == "profile") {
    ui::writeProfileFigure(options.out, *data.grid, data.tree, style, spec);
    return;
  }
  auto diagram = std::make_shared<const PersistenceDiagram>(
      persistenceDiagram(*data.grid, wanted.connectivity, wanted.levels));
  ui::writePersistenceFigure(
      options.out, std::move(diagram),
      options.view == "barcode" ? ui::PersistencePlot::barcode : ui::PersistencePlot::diagram,
      style, spec);
}

/// Whether a view shows two axes, and of a landscape of more of them a slice.
bool isPlane(const std::string& view) {
  return view == "surface" || view == "contour" || view == "basins";
}

/// What such a view shows.
ui::LandscapeData planeOf(const RenderOptions& options, const ui::LandscapeData& data) {
  const ui::SliceChoice choice = parseSlice(options.axes, options.at);
  if (data.grid->dimension() > 2) {
    return ui::slicedLandscape(data, ui::sliceOf(*data.grid, choice));
  }
  if (choice != ui::SliceChoice()) {
    throw Error(ErrorCode::usage,
                "--axes and --at choose a slice of a landscape of three axes or more, and " +
                    options.file + " has " + std::to_string(data.grid->dimension()) + ".",
                "Leave them out.");
  }
  return data;
}

ui::VolumeStyle volumeOf(const RenderOptions& options, const ScalarGrid& grid) {
  ui::VolumeStyle volume;
  volume.level = options.level;
  volume.surfaces = options.surfaces;
  if (!options.slices.empty()) {
    volume.slices = parseSlices(options.slices);
  }
  return ui::isVolume(grid) ? ui::through(volume, ui::sliceOf(grid, parseSlice({}, options.at)))
                            : volume;
}

/// The values that heights and colours of a view stand for.
std::vector<double> valuesShown(const std::string& view, const ui::LandscapeData& data) {
  if (view != "tree" && view != "basins") {
    return {data.grid->values().begin(), data.grid->values().end()};
  }
  std::vector<double> values;
  for (const TreeNode& node : data.tree->nodes) {
    if (view == "tree" || node.kind == NodeKind::minimum) {
      values.push_back(node.value);
    }
  }
  return values;
}

/// Refuses a logarithmic scale that has nothing to stand on, and says what it cannot place.
void checkLogarithm(const RenderOptions& options, const ui::LandscapeData& data,
                    std::vector<std::string>& warnings) {
  if (!options.logarithmic) {
    return;
  }
  const auto values = valuesShown(options.view, data);
  const ui::HeightMap heights(values, ui::HeightScale::logarithmic);
  if (heights.notPositive() == 0) {
    return;
  }
  if (heights.linear()) {
    throw Error(ErrorCode::badInput,
                "--log needs values above 0, and " + options.file + " has none to show.",
                "Leave --log out, or add a constant to the values first.");
  }
  warnings.push_back(std::format(
      "{} of {} values are 0 or less, where --log has no place: they are drawn as the lowest "
      "positive value, {:.6g}.",
      heights.notPositive(), heights.count(), heights.low()));
}

nlohmann::json trajectoriesOf(const ui::LandscapeData& data) {
  nlohmann::json all = nlohmann::json::array();
  for (const ui::Trajectory& one : data.trajectories) {
    all.push_back(
        {{"name", one.name},
         {"explained_variance",
          one.explainedVariance ? nlohmann::json(*one.explainedVariance) : nlohmann::json()}});
  }
  return all;
}

int renderFigure(const RenderOptions& options, const Invocation& invocation) {
  ui::FigureSpec spec;
  std::tie(spec.width, spec.height) = parseSize(options.size);
  spec.scale = options.scale;
  spec.provenance = invocation.line;
  const ui::Point3 middle = options.view == "volume" ? ui::Point3{} : ui::ViewPoint().focus;
  spec.viewPoint = parseCamera(options.camera, middle);
  requireViewHas(options);
  if (options.view == "spectrum") {
    return renderSpectrum(options, spec, invocation);
  }
  if (options.view == "curves" || options.view == "trajectories") {
    return renderRuns(options, spec, invocation);
  }
  spec.part = parsePart(options.part);
  ui::LandscapeStyle style;
  style.theme = options.theme == "dark" ? ui::Theme::dark : ui::Theme::light;
  style.height = options.logarithmic ? ui::HeightScale::logarithmic : ui::HeightScale::linear;
  style.colourMap = options.colourMap;
  style.clip = options.clip;
  style.reverseColours = options.reverse;
  style.contours = !options.noContours;
  style.criticalPoints = !options.noMinima;
  style.trajectories = !options.noRuns;
  style.title = options.title;

  style.basins = options.basins;
  std::vector<std::string> warnings;
  ui::LandscapeData data = asWanted(
      options.topology, openLandscape(options, invocation.stop, warnings), invocation.stop);
  if (options.basins || options.view == "basins") {
    data.basins = std::make_shared<const std::vector<std::int32_t>>(
        basinsOf(*data.grid, analysisOptions(options.topology, *data.grid), invocation.stop)
            .basinOfVertex);
  }
  checkLogarithm(options, data, warnings);
  if (const auto nothing = whyNothingToSee(*data.grid)) {
    warnings.push_back(*nothing);
  }
  std::ranges::for_each(warnings, warn);
  const ui::LandscapeData plane = isPlane(options.view) ? planeOf(options, data) : data;
  const bool runsDrawn =
      style.trajectories &&
      (options.view == "surface" || options.view == "contour" || options.view == "volume");
  for (const ui::Trajectory& one : data.trajectories) {
    if (runsDrawn && one.explainedVariance) {
      remark(invocation.global,
             one.name + ": " + motionText(*one.explainedVariance, data.grid->dimension()) + ".");
    }
  }
  const ui::FigureApplication application;
  if (options.view == "surface") {
    ui::writeSurfaceFigure(options.out, plane, style, spec);
  } else if (options.view == "contour") {
    ui::writeContourFigure(options.out, plane, style, spec);
  } else if (options.view == "line") {
    ui::writeLineFigure(options.out, data, style, spec);
  } else if (options.view == "volume") {
    ui::writeVolumeFigure(options.out, data, style, volumeOf(options, *data.grid), spec);
  } else if (options.view == "tree") {
    writeTree(options, data, style, spec);
  } else if (options.view == "basins") {
    ui::writeBasinsFigure(options.out, plane, *plane.basins, style, spec);
  } else {
    writeTopology(options, data, style, spec);
  }

  return report(
      options, invocation,
      {{"figure", options.out},
       {"view", options.view},
       {"shape", data.grid->shape()},
       {"runs", data.trajectories.size()},
       {"trajectories", trajectoriesOf(data)},
       {"warnings", warnings},
       {data.tree->levels == Levels::sublevel ? "minima" : "maxima", data.tree->minimaCount}});
}

}  // namespace

void addRender(CLI::App& program, Run& run) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* command = program.add_subcommand("render", "a figure of a landscape; needs no display");
  addRenderOptions(*command, *options);
  command->callback(
      [=, &run] { run = [=](const Invocation& i) { return renderFigure(*options, i); }; });
}

}  // namespace tarn::app
