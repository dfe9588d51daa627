#include "engine/tasks/landscape_task.h"

#include <algorithm>
#include <cmath>
#include <format>

#include "engine/tasks/arrays.h"
#include "engine/tasks/axis_finding.h"
#include "engine/tasks/direction_words.h"
#include "engine/tasks/landscape_cost.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

/// Few, so that there is soon something to see.
constexpr std::uint64_t kCoarsestIntervals = 4;

json coordinatesOf(const std::vector<Axis>& axes) {
  json coordinates = json::array();
  for (const Axis& axis : axes) {
    coordinates.push_back(axis.coordinates);
  }
  return coordinates;
}

/// What is sampled at every point, by the names of the `sample` request.
std::vector<std::string> quantitiesFor(const OpenedExperiment& opened,
                                       const std::vector<std::string>& wishes) {
  const json& described = opened.described;
  const bool classes = !described.value("accuracy", json()).is_null();
  std::vector<std::string> names{"loss"};
  if (classes) {
    names.emplace_back("accuracy");
  }
  // A model's own loss has an error only when there are several batches.
  if (opened.experiment.value("loss", "").substr(0, 5) != "model") {
    names.emplace_back("standard_error");
  }
  for (const std::string& wish : wishes) {
    if (wish == "gradient-norm") {
      names.emplace_back("gradient_norm");
    } else if (wish == "class-loss" && classes) {
      const auto count = described.at("output").back().get<std::size_t>();
      for (std::size_t i = 0; i < count; ++i) {
        names.push_back("class_loss/" + std::to_string(i));
      }
    } else {
      throw Error(ErrorCode::usage,
                  wish == "class-loss" ? "This loss has no classes, so no loss per class."
                                       : "There is no quantity '" + wish + "' to sample.",
                  "Choose among class-loss (of losses of classes) and gradient-norm.");
    }
  }
  return names;
}

json hashesOf(const StoredDirections& set) {
  json hashes = json::array();
  for (const StoredDirection& axis : set.axes) {
    hashes.push_back(axis.hash);
  }
  return hashes;
}

void remarkOnAxes(const StoredDirections& set, TaskObserver& observer) {
  constexpr double notable = 0.05;
  for (const StoredDirection& axis : set.axes) {
    if (axis.kind == "hessian" && axis.defect.value_or(0) > notable && set.normalize != "none") {
      observer.onRemark(std::format(
          "{} is no eigenvector any more after --normalize {}: ‖Hd − (dᵀHd)d‖/|dᵀHd| is {:.2g}.",
          axis.name, set.normalize, *axis.defect));
    }
  }
  for (std::size_t i = 0; i < set.axes.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double cosine =
          set.gram.at(i).at(j).get<double>() / (set.axes[i].norm * set.axes[j].norm);
      if (std::abs(cosine) > notable) {
        observer.onRemark(std::format("{} and {} are not orthogonal: the cosine is {:.2g}.",
                                      set.axes[j].name, set.axes[i].name, cosine));
      }
    }
  }
}

/// Whether only people want to know the curvature along the axes: eigenvectors come with it, and a
/// range that is found begins at its guess.
bool curvatureCanWait(const std::vector<std::string>& directions,
                      const std::vector<std::string>& range) {
  return std::ranges::none_of(
             directions, [](const std::string& word) { return word.starts_with("hessian"); }) &&
         std::ranges::all_of(range, [](const std::string& text) {
           return text.starts_with("abs:") || text.starts_with("rel:");
         });
}

/// Adds axes behind those of a landscape that is not in the project yet.
void addAxes(EngineClient& client, Project& project, const OpenedExperiment& opened,
             const LandscapeRequest& added, StoredLandscape& landscape, const TrustQuestion& ask,
             TaskObserver& observer, const std::stop_token& stop) {
  const StoredDirections before = project.directions(*landscape.directions);
  const auto more =
      directionSpecsFor(client, project, opened, added.directions, added.run, ask, stop);
  json spec = givenSpecs(client, before, stop);
  spec.insert(spec.end(), more.spec.begin(), more.spec.end());
  StoredDirections set =
      findDirections(client, opened, {spec, added.normalize, added.tolerance}, observer, stop);
  std::vector<std::string> range;
  for (std::size_t i = 0; i < before.axes.size(); ++i) {
    set.axes[i] = before.axes[i];
    range.push_back(std::format("abs:{}", landscape.axes[i].coordinates.back()));
  }
  const auto count = set.axes.size() - before.axes.size();
  const auto wanted = perAxis(added.range, count, "--range");
  range.insert(range.end(), wanted.begin(), wanted.end());
  const auto steps = perAxis(added.steps, count, "--steps");
  const auto reaches = findReaches(client, project, opened, set, range, observer, stop);
  set.id = project.addDirections(set);
  remarkOnAxes(set, observer);
  landscape.directions = set.id;
  landscape.request["directions"] = hashesOf(set);
  for (std::size_t i = 0; i < count; ++i) {
    const auto place = before.axes.size() + i;
    landscape.axes.push_back({axisCoordinates(reaches[place], steps[i]), set.axes[place].name, ""});
    const auto& coordinates = landscape.axes.back().coordinates;
    if (std::ranges::find(coordinates, 0.0) == coordinates.end()) {
      throw Error(ErrorCode::usage,
                  "The axis " + set.axes[place].name +
                      " does not pass through the landscape that is there.",
                  "Take an odd number of --steps.");
    }
  }
  if (landscape.request.contains("ends")) {
    json& ends = landscape.request["ends"];
    while (ends.size() < before.axes.size()) {
      ends.push_back(nullptr);
    }
    const json theirs = checkpointsOf(added.directions);
    ends.insert(ends.end(), theirs.begin(), theirs.end());
  }
}

}  // namespace

StoredLandscape prepareLandscape(EngineClient& client, Project& project,
                                 const OpenedExperiment& opened, const LandscapeRequest& request,
                                 const TrustQuestion& ask, TaskObserver& observer,
                                 const std::stop_token& stop) {
  refuseAbsurd(perAxis(request.steps, axesOfWords(request.directions), "--steps"));
  const auto quantities = quantitiesFor(opened, request.quantities);
  const auto specs =
      directionSpecsFor(client, project, opened, request.directions, request.run, ask, stop);
  std::ranges::for_each(specs.remarks,
                        [&](const std::string& remark) { observer.onRemark(remark); });
  StoredDirections set = findDirections(client, opened,
                                        {specs.spec, request.normalize, request.tolerance,
                                         !curvatureCanWait(request.directions, request.range)},
                                        observer, stop);
  set.id = project.addDirections(set);
  remarkOnAxes(set, observer);
  const auto steps = perAxis(request.steps, set.axes.size(), "--steps");
  const auto reaches =
      findReaches(client, project, opened, set, perAxis(request.range, set.axes.size(), "--range"),
                  observer, stop);

  StoredLandscape landscape;
  landscape.name = request.name;
  landscape.experiment = opened.id;
  landscape.directions = set.id;
  landscape.quantities = quantities;
  // The tiles are part of a plan.
  std::optional<double> secondsPerPoint;
  if (request.plan && request.plan->is_object()) {
    landscape.plan = *request.plan;
    landscape.tilePoints =
        landscape.plan.value("tile_points", request.tilePoints.value_or(kPlanTilePoints));
  } else {
    const SamplingCost cost = plannedCost(client, project, opened, request, steps, observer, stop);
    landscape.plan = cost.plan;
    landscape.tilePoints = cost.plan.at("tile_points").get<std::uint64_t>();
    secondsPerPoint = cost.secondsPerPoint;
    observer.onRemark(costText(cost.points, cost.secondsPerPoint, cost.plan));
  }
  for (std::size_t i = 0; i < set.axes.size(); ++i) {
    landscape.axes.push_back({axisCoordinates(reaches[i], steps[i]), set.axes[i].name, ""});
  }
  landscape.request = {{"type", "sample"},
                       {"experiment", opened.experiment},
                       {"directions", hashesOf(set)},
                       {"coordinates", coordinatesOf(landscape.axes)},
                       {"quantities", landscape.quantities},
                       {"tile_points", landscape.tilePoints},
                       {"coarsest_intervals", kCoarsestIntervals},
                       {"plan", request.plan.value_or(json())}};
  if (opened.experiment.value("batchnorm", "frozen") == "interpolate") {
    landscape.request["ends"] = checkpointsOf(request.directions);
  }
  landscape.provenance = provenance(client, opened, landscape.request, landscape.plan);
  if (secondsPerPoint && !request.tilePoints) {
    landscape.provenance["seconds_per_point"] = *secondsPerPoint;
  }
  landscape.id = project.addLandscape(landscape);
  return project.landscape(landscape.id);
}

std::vector<std::uint64_t> grownShape(const StoredLandscape& landscape,
                                      const LandscapeChange& change) {
  const auto extend = perAxis(change.extend, landscape.axes.size(), "--extend");
  const auto refine = perAxis(change.refine, landscape.axes.size(), "--refine");
  std::vector<std::uint64_t> shape;
  for (std::size_t i = 0; i < landscape.axes.size(); ++i) {
    const double steps = static_cast<double>(landscape.axes[i].coordinates.size() - 1) +
                         2.0 * static_cast<double>(extend[i]);
    const double points = 1 + steps * static_cast<double>(refine[i]);
    shape.push_back(static_cast<std::uint64_t>(std::min(points, 1e18)));
  }
  if (change.added) {
    const auto steps =
        perAxis(change.added->steps, axesOfWords(change.added->directions), "--steps");
    shape.insert(shape.end(), steps.begin(), steps.end());
  }
  return shape;
}

StoredLandscape growLandscape(EngineClient& client, Project& project, std::int64_t id,
                              const LandscapeChange& change, const TrustQuestion& ask,
                              TaskObserver& observer, const std::stop_token& stop) {
  const StoredLandscape earlier = project.landscape(id);
  if (!earlier.experiment || !earlier.directions) {
    throw Error(ErrorCode::usage, "This landscape was imported: there is no model to sample.");
  }
  StoredLandscape landscape = earlier;
  const auto extend = perAxis(change.extend, earlier.axes.size(), "--extend");
  const auto refine = perAxis(change.refine, earlier.axes.size(), "--refine");
  refuseAbsurd(grownShape(earlier, change));
  for (std::size_t i = 0; i < earlier.axes.size(); ++i) {
    auto& coordinates = landscape.axes[i].coordinates;
    coordinates = extend[i] > 0 ? extended(coordinates, extend[i]) : coordinates;
    coordinates = refine[i] != 1 ? refined(coordinates, refine[i]) : coordinates;
  }
  if (change.added) {
    const OpenedExperiment opened =
        reopenExperiment(client, project, *earlier.experiment, ask, observer, stop);
    addAxes(client, project, opened, *change.added, landscape, ask, observer, stop);
  }
  const bool same =
      std::ranges::equal(landscape.axes, earlier.axes, {}, &Axis::coordinates, &Axis::coordinates);
  if (same) {
    throw Error(ErrorCode::usage, "This changes nothing: the landscape has these points already.",
                "Write --extend 4, --refine 2, or directions to add.");
  }
  landscape.request["coordinates"] = coordinatesOf(landscape.axes);
  landscape.request["reuse"] = id;
  landscape.provenance["request"] = landscape.request;
  landscape.id = project.addLandscape(landscape);
  return project.landscape(landscape.id);
}

}  // namespace tarn
