#include <algorithm>
#include <format>
#include <iostream>
#include <tuple>
#include <utility>
#include <vector>

#include "app/commands/command.h"
#include "app/figure_options.h"
#include "app/render_runs.h"
#include "app/render_spectrum.h"
#include "app/topology_options.h"
#include "engine/project/project.h"
#include "engine/tasks/projection.h"
#include "topology/analysis/analysis.h"
#include "topology/base/error.h"
#include "topology/base/text.h"
#include "topology/persistence/diagram.h"
#include "ui/figures/figure.h"
#include "ui/figures/project_figure.h"
#include "ui/scene/colour_map.h"
#include "ui/scene/height_map.h"
#include "ui/scene/volume_data.h"

namespace tarn::app {
namespace {

struct RenderOptions {
  std::string file;
  std::string view;
  std::string out;
  std::string size = "1600x1200";
  double scale = 1;
  bool logarithmic = false;
  std::string colourMap = "viridis";
  std::string theme = "light";
  std::optional<double> clip;
  TopologyOptions topology;
  std::string title;
  bool reverse = false;
  bool noContours = false;
  bool noMinima = false;
  bool noRuns = false;
  bool basins = false;
  std::string runs;
  std::string camera;
  std::string part;
  std::string axes;
  std::string at;
  std::optional<double> level;
  int surfaces = ui::VolumeStyle().surfaces;
  std::string slices;
  std::string layer;
  std::string plane;
  std::string by = "step";
};

/// Refuses options that say nothing about the view.
void requireViewHas(const RenderOptions& options) {
  const auto only = [&](bool given, const char* option, std::vector<std::string> views) {
    if (given && std::ranges::find(views, options.view) == views.end()) {
      throw Error(ErrorCode::usage,
                  std::string("--") + option + " says nothing about the view " + options.view + ".",
                  "It belongs to --view " + tarn::joined(views) + ".");
    }
  };
  only(!options.camera.empty(), "camera", {"surface", "volume"});
  only(!options.part.empty(), "part", {"contour", "spectrum", "curves", "trajectories"});
  only(!options.axes.empty(), "axes", {"surface", "contour", "basins"});
  only(!options.at.empty(), "at", {"surface", "contour", "volume", "basins"});
  only(options.level.has_value(), "level", {"volume"});
  only(options.surfaces != ui::VolumeStyle().surfaces, "surfaces", {"volume"});
  only(!options.slices.empty(), "slices", {"volume"});
  only(!options.plane.empty(), "plane", {"trajectories"});
  only(options.by != RenderOptions().by, "by", {"curves"});
  only(!options.layer.empty(), "layer", {"spectrum"});
  only(options.basins, "basins", {"surface"});
  only(options.topology.superlevel, "superlevel", {"tree", "barcode", "diagram", "profile"});
  only(options.logarithmic, "log",
       {"surface", "contour", "volume", "line", "tree", "basins", "spectrum", "curves"});
  only(options.colourMap != RenderOptions().colourMap, "colormap",
       {"surface", "contour", "volume", "tree", "basins"});
  const std::vector<std::string> ofColours{"surface", "contour", "volume", "basins"};
  std::vector<std::string> ofValues = ofColours;
  ofValues.emplace_back("line");
  only(options.clip.has_value(), "clip", ofValues);
  only(options.reverse, "reverse", ofColours);
  only(options.noContours, "no-contours", {"surface", "contour", "volume"});
  only(options.noMinima, "no-minima", ofValues);
  only(options.noRuns, "no-runs", ofColours);
  only(!options.runs.empty(), "runs",
       {"surface", "contour", "volume", "basins", "curves", "trajectories"});
  const std::vector<std::string> ofLandscapes{"surface", "contour", "volume",  "line",  "tree",
                                              "barcode", "diagram", "profile", "basins"};
  const TopologyOptions usual;
  only(options.topology.connectivity != usual.connectivity, "connectivity", ofLandscapes);
  only(!options.topology.persistence.empty(), "persistence", ofLandscapes);
  only(options.topology.repair, "repair", ofLandscapes);
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
  if (invocation.global.json) {
    printJson(written);
  } else if (!invocation.global.quiet) {
    std::cout << options.out << ": spectrum of " << options.file << '\n';
  }
  return 0;
}

int renderRuns(const RenderOptions& options, ui::FigureSpec spec, const Invocation& invocation) {
  RunsPicture picture;
  picture.file = options.file;
  picture.view = options.view;
  picture.plane = options.plane;
  picture.out = options.out;
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
  const ui::FigureApplication application;
  const nlohmann::json written = writeRuns(picture, spec, invocation.stop);
  if (invocation.global.json) {
    printJson(written);
  } else if (!invocation.global.quiet) {
    std::cout << options.out << ": " << options.view << " of " << options.file << '\n';
  }
  return 0;
}

ui::LandscapeData openLandscape(const RenderOptions& options, const std::stop_token& stop) {
  ui::LandscapeChoice choice;
  choice.connectivity = connectivityFromString(options.topology.connectivity);
  if (!options.runs.empty()) {
    const auto ids = parseIds("runs", options.runs);
    choice.runs.emplace(ids.begin(), ids.end());
  }
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
  return ui::landscapeDataOf(*project, project->resolve(where.kind, where.id), choice, stop);
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
  ui::LandscapeData data =
      asWanted(options.topology, openLandscape(options, invocation.stop), invocation.stop);
  if (options.basins || options.view == "basins") {
    data.basins = std::make_shared<const std::vector<std::int32_t>>(
        basinsOf(*data.grid, analysisOptions(options.topology, *data.grid), invocation.stop)
            .basinOfVertex);
  }
  std::vector<std::string> warnings;
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

  if (invocation.global.json) {
    printJson(
        {{"figure", options.out},
         {"view", options.view},
         {"shape", data.grid->shape()},
         {"runs", data.trajectories.size()},
         {"trajectories", trajectoriesOf(data)},
         {"warnings", warnings},
         {data.tree->levels == Levels::sublevel ? "minima" : "maxima", data.tree->minimaCount}});
  } else if (!invocation.global.quiet) {
    std::cout << options.out << ": " << options.view << " of " << options.file << '\n';
  }
  return 0;
}

std::vector<std::string> knownColourMaps() {
  const auto names = ui::colourMapNames();
  return {names.begin(), names.end()};
}

}  // namespace

void addRender(CLI::App& program, Run& run) {
  auto options = std::make_shared<RenderOptions>();
  CLI::App* command = program.add_subcommand("render", "a figure of a landscape; needs no display");
  command
      ->add_option("file", options->file,
                   std::string(kGridWords) +
                       "; for a spectrum NAME.tarn[#spectrum/ID], for curves and "
                       "trajectories NAME.tarn[#run/ID]")
      ->required();
  command->add_option("--view", options->view, "what to draw")
      ->check(CLI::IsMember({"surface", "contour", "volume", "line", "tree", "barcode", "diagram",
                             "profile", "basins", "spectrum", "curves", "trajectories"}))
      ->required();
  command
      ->add_option("--out", options->out,
                   "FIG.png, or FIG.svg and FIG.pdf (all but surface and volume)")
      ->required();
  command->add_option("--size", options->size, "pixels; text grows with them")
      ->capture_default_str();
  command->add_option("--scale", options->scale, "PNG: so many times the pixels")
      ->check(CLI::Range(0.1, 16.0))
      ->capture_default_str();
  command->add_flag(
      "--log", options->logarithmic,
      "logarithmic heights and colours, eigenvalues of a spectrum, or curves; what is 0 or "
      "less is drawn as "
      "the lowest, and counted");
  command->add_option("--colormap", options->colourMap, "colours")
      ->check(CLI::IsMember(knownColourMaps()))
      ->capture_default_str();
  command->add_option("--theme", options->theme, "background")
      ->check(CLI::IsMember({"light", "dark"}))
      ->capture_default_str();
  command->add_option("--clip", options->clip, "draw values above this at this height");
  addTopologyOptions(*command, options->topology);
  command->add_option("--title", options->title, "written above the figure");
  command->add_flag("--reverse", options->reverse, "swap the colours of low and high");
  command->add_flag("--no-contours", options->noContours, "no iso-lines");
  command->add_flag("--no-minima", options->noMinima, "no marks at minima and saddles");
  command->add_flag("--no-runs", options->noRuns, "no trajectories");
  command->add_flag("--basins", options->basins, "surface: colour by basin instead of by value");
  command->add_option("--runs", options->runs, "only these runs: ID,ID");
  command->add_option(
      "--camera", options->camera,
      "surface and volume, seen from AZIMUTH,ELEVATION,DISTANCE[,X,Y,Z[,RIGHT,UP]]: degrees; "
      "the landscape is 2 wide");
  command->add_option(
      "--part", options->part,
      "contour and trajectories: only X0,X1,Y0,Y1 of the plane; spectrum: only eigenvalues, "
      "density, layers, weights or batches; curves: loss, accuracy, gradient, step, rate, with "
      "commas");
  command->add_option("--axes", options->axes,
                      "surface, contour and basins of a landscape of three axes or more: X,Y, the "
                      "two that are shown, counted from 1 (2,1 otherwise)");
  command->add_option("--at", options->at,
                      "where the slice lies along the other axes, or the slices of a volume along "
                      "theirs: AXIS=COORDINATE,… (at 0 otherwise, where the model is)");
  command->add_option("--level", options->level,
                      "volume: the value of the outermost iso-surface (what a fifth of the points "
                      "do not exceed otherwise)");
  command->add_option("--surfaces", options->surfaces, "volume: how many iso-surfaces")
      ->check(CLI::Range(0, ui::kMostSurfaces))
      ->capture_default_str();
  command->add_option("--slices", options->slices,
                      "volume: slices at a right angle to these axes, counted from 1, or none "
                      "(1,2,3 otherwise)");
  command->add_option("--plane", options->plane,
                      "trajectories: pca (of all that are drawn), pca:ID,ID (of these runs), or "
                      "ends (through the ends of three); NAME.tarn#landscape/ID: its plane");
  command->add_option("--by", options->by, "curves: over steps or epochs")
      ->check(CLI::IsMember({"step", "epoch"}))
      ->capture_default_str();
  command->add_option("--layer", options->layer,
                      "spectrum: whose weights are shown, and which bars are highlighted");
  command->callback(
      [=, &run] { run = [=](const Invocation& i) { return renderFigure(*options, i); }; });
}

}  // namespace tarn::app
