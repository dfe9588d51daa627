// What a landscape will cost.
#include "engine/tasks/direction_words.h"
#include "engine/tasks/events.h"
#include "engine/tasks/landscape_task.h"
#include "topology/base/error.h"

namespace tarn {
namespace {

using nlohmann::json;

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
  cost.seconds =
      cost.secondsPerPoint * static_cast<double>(cost.points) / cost.plan.value("workers", 1);
  return cost;
}

}  // namespace

SamplingCost estimateCost(EngineClient& client, const OpenedExperiment& opened,
                          const LandscapeRequest& request, TaskObserver& observer,
                          const std::stop_token& stop) {
  const auto axes = axesOfWords(request.directions);
  return costOf(client, opened, perAxis(request.steps, axes, "--steps"), request.tilePoints,
                request.plan.value_or(json()), observer, stop);
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
