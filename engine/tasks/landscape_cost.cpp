#include "engine/tasks/landscape_cost.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <ranges>

#include "engine/protocol/fields.h"
#include "engine/tasks/direction_words.h"
#include "engine/tasks/events.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

constexpr double kTileSeconds = 0.5;
constexpr double kTilesPerWorker = 8;
constexpr double kMostTilePoints = 256;

void setSeconds(SamplingCost& cost) {
  cost.seconds =
      cost.secondsPerPoint * static_cast<double>(cost.points) / cost.plan.value("workers", 1);
}

/// What a grid of this shape costs, by a plan or, when it is null, by the one that is found to be
/// the fastest.
SamplingCost costOf(EngineClient& client, const OpenedExperiment& opened,
                    const std::vector<std::uint64_t>& shape, std::uint64_t tilePoints,
                    const json& plan, TaskObserver& observer, const std::stop_token& stop) {
  SamplingCost cost;
  cost.points = static_cast<std::uint64_t>(refuseAbsurd(shape));
  EventSink sink;
  sink.event = [&](const json& event) {
    if (event.value("type", "") == "plan") {
      cost.plan = event.at("plan");
      cost.secondsPerPoint = event.at("seconds_per_point").get<double>();
    } else {
      relayCommon(event, observer);
    }
  };
  client.call({{"type", "plan"},
               {"experiment", opened.experiment},
               {"axes", shape.size()},
               {"tile_points", tilePoints},
               {"plan", plan}},
              sink, stop);
  if (cost.plan.is_null()) {
    throw Error(ErrorCode::engine, "The engine sent no plan.");
  }
  setSeconds(cost);
  return cost;
}

/// How many workers a plan that is measured now would have; 0: it is not known.
int workersNow(const EngineClient& client, const json& experiment) {
  const int asked = experiment.value("threads", 0);
  return experiment.value("device", "cpu") != "cpu" ? 1
         : asked > 0                                ? asked
                                                    : client.hello().value("threads", 0);
}

/// What a cost depends on: of a provenance what matters to it, the wish for a plan (null: the
/// fastest), the number of axes (where they lead is no matter), the number of workers.
json circumstancesOf(const json& provenance, const json& wish, std::size_t axes, int workers) {
  json result = {{"wish", wish}, {"axes", axes}, {"workers", workers}};
  for (const char* key :
       {"tarn", "engine", "libtorch", "blas", "experiment", "model_sha256", "data_sha256"}) {
    result[key] = provenance.value(key, json());
  }
  if (result["experiment"].is_object()) {
    result["experiment"].erase("seed");
  }
  return result;
}

json circumstancesNow(const EngineClient& client, const OpenedExperiment& opened,
                      const LandscapeRequest& request, std::size_t axes) {
  return circumstancesOf(provenance(client, opened, json(), json()), request.plan.value_or(json()),
                         axes, workersNow(client, opened.experiment));
}

/// What was measured for the project's latest landscape of these circumstances.
std::optional<SamplingCost> costFromProject(const Project& project, const json& now) {
  const auto landscapes = project.landscapes();
  for (const StoredLandscape& landscape : landscapes | std::views::reverse) {
    const json& made = landscape.provenance;
    const bool alike =
        made.is_object() && landscape.plan.is_object() &&
        circumstancesOf(made, landscape.request.value("plan", json()), landscape.axes.size(),
                        landscape.plan.value("workers", 0)) == now;
    if (const auto seconds = alike ? optionalNumber(made, "seconds_per_point") : std::nullopt) {
      return SamplingCost{
          .secondsPerPoint = *seconds, .plan = landscape.plan, .circumstances = now};
    }
  }
  return std::nullopt;
}

}  // namespace

std::uint64_t tilePointsFor(const SamplingCost& cost) {
  const double workers = std::max(cost.plan.value("workers", 1), 1);
  const double together = std::max(cost.plan.value("points_per_call", 1), 1);
  double points =
      std::min(kMostTilePoints, static_cast<double>(cost.points) / (workers * kTilesPerWorker));
  if (cost.secondsPerPoint > 0) {
    points = std::min(points, kTileSeconds / cost.secondsPerPoint);
  }
  return static_cast<std::uint64_t>(std::max(std::floor(points / together), 1.0) * together);
}

SamplingCost plannedCost(EngineClient& client, const Project& project,
                         const OpenedExperiment& opened, const LandscapeRequest& request,
                         const std::vector<std::uint64_t>& shape, TaskObserver& observer,
                         const std::stop_token& stop) {
  const json now = circumstancesNow(client, opened, request, shape.size());
  std::optional<SamplingCost> cost;
  // A plan is measured with tiles that calls of so many points fit into.
  if (!request.tilePoints) {
    cost = request.estimated && request.estimated->circumstances == now
               ? request.estimated
               : costFromProject(project, now);
  }
  if (cost) {
    cost->points = static_cast<std::uint64_t>(refuseAbsurd(shape));
    setSeconds(*cost);
  } else {
    cost = costOf(client, opened, shape, request.tilePoints.value_or(kPlanTilePoints),
                  request.plan.value_or(json()), observer, stop);
  }
  cost->plan["tile_points"] = request.tilePoints.value_or(tilePointsFor(*cost));
  return *cost;
}

std::string costText(std::uint64_t points, double secondsPerPoint, const json& plan) {
  const int workers = plan.value("workers", 1);
  return std::format("{} points of {:.3g} ms, {} at a time: about {:.3g} s.", points,
                     1e3 * secondsPerPoint, workers,
                     secondsPerPoint * static_cast<double>(points) / workers);
}

SamplingCost estimateCost(EngineClient& client, const OpenedExperiment& opened,
                          const LandscapeRequest& request, TaskObserver& observer,
                          const std::stop_token& stop) {
  const auto axes = axesOfWords(request.directions);
  SamplingCost cost = costOf(client, opened, perAxis(request.steps, axes, "--steps"),
                             request.tilePoints.value_or(kPlanTilePoints),
                             request.plan.value_or(json()), observer, stop);
  cost.circumstances = circumstancesNow(client, opened, request, axes);
  return cost;
}

SamplingCost estimateGrowth(EngineClient& client, const Project& project, std::int64_t id,
                            const LandscapeChange& change, const TrustQuestion& ask,
                            TaskObserver& observer, const std::stop_token& stop) {
  const StoredLandscape landscape = project.landscape(id);
  if (!landscape.experiment) {
    throw Error(ErrorCode::usage, "This landscape was imported: there is no model to sample.");
  }
  json experiment = project.experiment(*landscape.experiment).experiment;
  for (const char* elsewhere : {"from", "at", "buffers_at"}) {
    experiment.at("model").erase(elsewhere);
  }
  const OpenedExperiment opened = openExperiment(client, nullptr, experiment, ask, observer, stop);
  return costOf(client, opened, grownShape(landscape, change), landscape.tilePoints, landscape.plan,
                observer, stop);
}

}  // namespace tarn
