#include "app/render_runs.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>

#include "app/figure_options.h"
#include "app/run_choice.h"
#include "engine/tasks/run_planes.h"
#include "topology/base/error.h"
#include "topology/base/text.h"
#include "ui/figures/project_figure.h"

namespace tarn::app {
namespace {

using nlohmann::json;

std::vector<std::int64_t> idsOf(const std::vector<StoredRun>& runs) {
  std::vector<std::int64_t> ids;
  ids.reserve(runs.size());
  for (const StoredRun& run : runs) {
    ids.push_back(run.id);
  }
  return ids;
}

std::vector<ui::CurvePart> partsOf(const std::string& words, const ui::CurveData& data) {
  if (words.empty()) {
    auto parts = data.parts();
    if (parts.empty()) {
      throw Error(ErrorCode::notFound, "These runs have no metrics to draw.");
    }
    return parts;
  }
  std::vector<ui::CurvePart> parts;
  std::size_t from = 0;
  while (from <= words.size()) {
    const std::size_t comma = std::min(words.find(',', from), words.size());
    const std::string word = words.substr(from, comma - from);
    const ui::CurvePart part = ui::curvePartFromString(word);
    if (!data.has(part)) {
      throw Error(ErrorCode::notFound, "These runs have no " + word + " to draw.");
    }
    parts.push_back(part);
    from = comma + 1;
  }
  return parts;
}

json writeCurves(const RunsPicture& picture, const RunChoice& choice, const ui::FigureSpec& spec) {
  const auto data =
      std::make_shared<const ui::CurveData>(ui::curveDataOf(*choice.project, choice.runs));
  const auto parts = partsOf(picture.parts, *data);
  ui::writeCurveFigure(picture.out, data, parts, picture.style, spec);
  json words = json::array();
  for (const ui::CurvePart part : parts) {
    words.push_back(toString(part));
  }
  return {{"parts", words}};
}

void rename(std::vector<StoredRun>& runs, const std::map<std::int64_t, std::string>& names) {
  for (const auto& [id, name] : names) {
    const auto run = std::ranges::find(runs, id, &StoredRun::id);
    if (run == runs.end()) {
      throw Error(
          ErrorCode::usage,
          "--names calls run " + std::to_string(id) + " '" + name + "', and that run is not drawn.",
          "Name runs of the figure; `tarn info` lists their ids.");
    }
    run->name = name;
  }
}

/// Where --plane names a landscape or directions of the project, they are taken as if the address
/// had named them.
RunsPicture withPlaneNamed(RunsPicture picture) {
  if (picture.plane.find('#') == std::string::npos) {
    return picture;
  }
  const ResultAddress runs = parseAddress(picture.file);
  const ResultAddress plane = parseAddress(picture.plane);
  std::error_code ignored;
  if (!std::filesystem::equivalent(runs.path, plane.path, ignored)) {
    throw Error(ErrorCode::usage,
                "--plane " + picture.plane + " is in another project than the runs.",
                "Name a landscape of " + runs.path.string() + ".");
  }
  if (runs.path.string() == picture.file) {
    picture.file = std::exchange(picture.plane, {});
  }
  return picture;
}

/// The directions that the address names, or else the words of --plane.
StoredDirections planeFor(const RunsPicture& picture, const RunChoice& choice,
                          const std::stop_token& stop) {
  const bool named = choice.landscape || choice.directions;
  if (named && !picture.plane.empty()) {
    throw Error(ErrorCode::usage, "'" + picture.file + "' names a plane, and --plane another.",
                "Leave one of them out.");
  }
  if (named) {
    const auto id = choice.directions ? choice.directions
                                      : choice.project->landscape(*choice.landscape).directions;
    if (!id) {
      throw Error(ErrorCode::usage, "'" + picture.file + "' has no directions.",
                  "Name a landscape that was sampled along directions, or --plane pca.");
    }
    return choice.project->directions(*id);
  }
  std::vector<std::int64_t> of = idsOf(choice.runs);
  RunPlane kind = RunPlane::pca;
  if (picture.plane == "ends") {
    kind = RunPlane::ends;
  } else if (picture.plane.starts_with("pca:")) {
    of = parseIds("plane", picture.plane.substr(4));
    for (const std::int64_t id : of) {
      choice.project->run(id);
    }
  } else if (!picture.plane.empty() && picture.plane != "pca") {
    throw Error(ErrorCode::usage, "There is no plane '" + picture.plane + "'.",
                "Write --plane pca (of all runs that are drawn), pca:ID,ID (of these), ends "
                "(through the ends of three), or name a landscape: NAME.tarn#landscape/ID.");
  }
  StoredDirections plane = planeOfRuns(*choice.project, of, kind, stop);
  plane.experiment = choice.project->run(of.front()).experiment;
  // The last axis is x: the first component lies across.
  std::ranges::reverse(plane.axes);
  return plane;
}

json writeTrajectories(const RunsPicture& picture, const RunChoice& choice,
                       const ui::FigureSpec& spec, const std::stop_token& stop) {
  const StoredDirections plane = planeFor(picture, choice, stop);
  const ui::TrajectoryData data = ui::trajectoryDataOf(*choice.project, choice.runs, plane, stop);
  ui::writeTrajectoryFigure(picture.out, data, picture.style.theme, picture.style.title, spec);
  json runs = json::array();
  for (const ui::Trajectory& run : data.runs) {
    runs.push_back({{"name", run.name},
                    {"points", run.points.size()},
                    {"explained_variance", run.explainedVariance.value_or(std::nan(""))}});
  }
  return {{"axes",
           {{{"name", data.x.name}, {"explained_variance", *data.x.share}},
            {{"name", data.y.name}, {"explained_variance", *data.y.share}}}},
          {"trajectories", runs}};
}

}  // namespace

json writeRuns(const RunsPicture& asked, const ui::FigureSpec& spec, const std::stop_token& stop) {
  const RunsPicture picture = withPlaneNamed(asked);
  RunChoice choice = openRuns(picture.file, picture.runs);
  rename(choice.runs, picture.names);
  json written = picture.view == "curves" ? writeCurves(picture, choice, spec)
                                          : writeTrajectories(picture, choice, spec, stop);
  written["figure"] = picture.out.string();
  written["view"] = picture.view;
  written["runs"] = idsOf(choice.runs);
  return written;
}

}  // namespace tarn::app
