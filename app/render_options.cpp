#include "app/render_options.h"

#include <algorithm>
#include <format>
#include <vector>

#include "app/open_grid.h"
#include "topology/base/error.h"
#include "topology/base/text.h"
#include "ui/scene/colour_map.h"
#include "ui/scene/curve_smoothing.h"

namespace tarn::app {
namespace {

std::vector<std::string> knownColourMaps() {
  const auto names = ui::colourMapNames();
  return {names.begin(), names.end()};
}

}  // namespace

void addRenderOptions(CLI::App& command, RenderOptions& options) {
  command
      .add_option("file", options.file,
                  std::string(kGridWords) +
                      " (the latest that the view can show); for a spectrum "
                      "NAME.tarn[#spectrum/ID], for curves and "
                      "trajectories NAME.tarn[#run/ID]")
      ->required();
  command.add_option("--view", options.view, "what to draw")
      ->check(CLI::IsMember({"surface", "contour", "volume", "line", "tree", "barcode", "diagram",
                             "profile", "basins", "spectrum", "curves", "trajectories"}))
      ->required();
  command
      .add_option("--out", options.out,
                  "FIG.png, or FIG.svg and FIG.pdf (all but surface and volume)")
      ->required();
  command.add_option("--size", options.size, "pixels; text grows with them")->capture_default_str();
  command.add_option("--scale", options.scale, "PNG: so many times the pixels")
      ->check(CLI::Range(0.1, 16.0))
      ->capture_default_str();
  command.add_flag(
      "--log", options.logarithmic,
      "logarithmic heights and colours, eigenvalues of a spectrum, or curves; what is 0 or "
      "less is drawn as "
      "the lowest, and counted");
  command.add_option("--colormap", options.colourMap, "colours")
      ->check(CLI::IsMember(knownColourMaps()))
      ->capture_default_str();
  command.add_option("--theme", options.theme, "background")
      ->check(CLI::IsMember({"light", "dark"}))
      ->capture_default_str();
  command.add_option("--clip", options.clip, "draw values above this at this height");
  addTopologyOptions(command, options.topology);
  command.add_option("--title", options.title, "written above the figure");
  command.add_flag("--reverse", options.reverse, "swap the colours of low and high");
  command.add_flag("--no-contours", options.noContours, "no iso-lines");
  command.add_flag("--no-minima", options.noMinima, "no marks at minima and saddles");
  command.add_flag("--no-runs", options.noRuns, "no trajectories");
  command.add_flag("--basins", options.basins, "surface: colour by basin instead of by value");
  command.add_option("--runs", options.runs, "only these runs: ID,ID");
  command.add_option("--names", options.names,
                     "what runs are called in the figure: ID=NAME,ID=NAME (their optimizers "
                     "otherwise)");
  command.add_option(
      "--camera", options.camera,
      "surface and volume, seen from AZIMUTH,ELEVATION,DISTANCE[,X,Y,Z[,RIGHT,UP]]: degrees; "
      "the landscape is 2 wide");
  command.add_option(
      "--part", options.part,
      "contour and trajectories: only X0,X1,Y0,Y1 of the plane; spectrum: only eigenvalues, "
      "density, layers, weights or batches; curves: loss, accuracy, gradient, step, rate, smad, "
      "with commas");
  command.add_option("--axes", options.axes,
                     "surface, contour and basins of a landscape of three axes or more: X,Y, the "
                     "two that are shown, counted from 1 (2,1 otherwise)");
  command.add_option("--at", options.at,
                     "where the slice lies along the other axes, or the slices of a volume along "
                     "theirs: AXIS=COORDINATE,… (at 0 otherwise, where the model is)");
  command.add_option("--level", options.level,
                     "volume: the value of the outermost iso-surface (what a fifth of the points "
                     "do not exceed otherwise)");
  command.add_option("--surfaces", options.surfaces, "volume: how many iso-surfaces")
      ->check(CLI::Range(0, ui::kMostSurfaces))
      ->capture_default_str();
  command.add_option("--slices", options.slices,
                     "volume: slices at a right angle to these axes, counted from 1, or none "
                     "(1,2,3 otherwise)");
  command.add_option("--plane", options.plane,
                     "trajectories: pca (of all that are drawn), pca:ID,ID (of these runs), or "
                     "ends (through the ends of three); NAME.tarn#landscape/ID: its plane");
  command.add_option("--by", options.by, "curves: over steps or epochs")
      ->check(CLI::IsMember({"step", "epoch"}))
      ->capture_default_str();
  command
      .add_option("--smoothing", options.smoothing,
                  std::format("curves: average what minibatches say with what they said before, "
                              "each value weighing so many times the next ({} where there are "
                              "several an epoch, else 0)",
                              ui::kUsualSmoothing))
      ->check(CLI::Range(0.0, ui::kMostSmoothing));
  command.add_option("--layer", options.layer,
                     "spectrum: whose weights are shown, and which bars are highlighted");
}

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
  only(options.smoothing.has_value(), "smoothing", {"curves"});
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
  const std::vector<std::string> ofRuns{"surface", "contour", "volume",
                                        "basins",  "curves",  "trajectories"};
  only(!options.runs.empty(), "runs", ofRuns);
  only(!options.names.empty(), "names", ofRuns);
  const std::vector<std::string> ofLandscapes{"surface", "contour", "volume",  "line",  "tree",
                                              "barcode", "diagram", "profile", "basins"};
  const TopologyOptions usual;
  only(options.topology.connectivity != usual.connectivity, "connectivity", ofLandscapes);
  only(!options.topology.persistence.empty(), "persistence", ofLandscapes);
  only(options.topology.repair, "repair", ofLandscapes);
}

}  // namespace tarn::app
