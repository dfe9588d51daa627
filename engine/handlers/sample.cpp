#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>

#include <torch/torch.h>

#include "engine/curvature/random_vector.h"
#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/handlers/sample_quantities.h"
#include "engine/landscape/checkpoint.h"
#include "engine/landscape/plan_search.h"
#include "engine/landscape/sampler.h"
#include "engine/model/optional_fields.h"

namespace tarn::engine {
namespace {

std::vector<std::vector<double>> coordinatesOf(const nlohmann::json& request, std::size_t axes) {
  const auto lists = field(request, "coordinates");
  if (!lists.is_array() || lists.size() != axes) {
    throw Error(ErrorCode::usage, "'coordinates' must be one list of numbers for each of the " +
                                      std::to_string(axes) + " directions.");
  }
  std::vector<std::vector<double>> result;
  for (const auto& list : lists) {
    auto& axis = result.emplace_back();
    for (const auto& value : list) {
      if (!value.is_number() || !std::isfinite(value.get<double>())) {
        throw Error(ErrorCode::usage, "'coordinates' must hold finite numbers.");
      }
      axis.push_back(value.get<double>());
    }
  }
  return result;
}

/// The tiles that are not in `have`, a list of [first, last] with both ends included.
std::vector<std::uint64_t> missingTiles(const nlohmann::json& request, std::uint64_t tiles) {
  std::vector<bool> there(tiles, false);
  if (has(request, "have")) {
    for (const auto& range : request["have"]) {
      if (!range.is_array() || range.size() != 2 || !range[0].is_number_unsigned() ||
          !range[1].is_number_unsigned()) {
        throw Error(ErrorCode::usage, "'have' must be a list of pairs [first, last] of tiles.");
      }
      const auto last = std::min<std::uint64_t>(range[1].get<std::uint64_t>() + 1, tiles);
      for (auto tile = range[0].get<std::uint64_t>(); tile < last; ++tile) {
        there[tile] = true;
      }
    }
  }
  std::vector<std::uint64_t> result;
  for (std::uint64_t tile = 0; tile < tiles; ++tile) {
    if (!there[tile]) {
      result.push_back(tile);
    }
  }
  return result;
}

/// One flag a vertex; empty when no point is known.
std::vector<std::uint8_t> knownPoints(const JobContext& job, std::uint64_t points) {
  if (!has(job.request(), "known")) {
    return {};
  }
  const auto array = job.storedArray(textField(job.request(), "known"));
  if (array->dtype != "u8" || array->bytes.size() != points) {
    throw Error(ErrorCode::usage,
                "'known' must be one u8 for each of the " + std::to_string(points) + " points.");
  }
  std::vector<std::uint8_t> result(points);
  for (std::size_t i = 0; i < points; ++i) {
    result[i] = std::to_integer<std::uint8_t>(array->bytes[i]);
  }
  return result;
}

/// Where each axis's statistics lead, for the policy `interpolate`.
std::vector<at::Tensor> endsOf(const JobContext& job, const Experiment& experiment,
                               std::size_t axes) {
  std::vector<at::Tensor> ends(axes);
  if (experiment.batchNorm != "interpolate" || !has(job.request(), "ends")) {
    return ends;
  }
  const auto& given = job.request()["ends"];
  const nlohmann::json modelMap = field(field(job.request(), "experiment"), "model");
  for (std::size_t i = 0; i < axes && i < given.size(); ++i) {
    if (!given[i].is_null()) {
      ends[i] = openCheckpoint(given[i], *experiment.model, modelMap, arraysOf(job)).buffers;
    }
  }
  return ends;
}

struct ChosenPlan {
  ExecutionPlan plan;
  std::optional<double> secondsPerPoint;  ///< when it was measured
};

/// The plan of the request: a map to follow, the word "reference", or none, and then the fastest
/// is found.
ChosenPlan planOf(const nlohmann::json& request, const Experiment& experiment, const Slice& slice,
                  const std::function<void()>& pause) {
  const auto tilePoints = countOr(request, "tile_points", ExecutionPlan{}.tilePoints);
  if (!has(request, "plan")) {
    const auto measured = measurePlan(experiment, slice, tilePoints, pause);
    return {measured.plan, measured.secondsPerPoint};
  }
  if (request["plan"] == "reference") {
    return {plainPlan(experiment, tilePoints), std::nullopt};
  }
  return {planFromJson(request["plan"]), std::nullopt};
}

nlohmann::json costOf(const ChosenPlan& chosen, std::uint64_t points) {
  if (!chosen.secondsPerPoint) {
    return {{"seconds_per_point", nullptr}, {"seconds", nullptr}};
  }
  const auto share = static_cast<double>(points) / chosen.plan.workers;
  return {{"seconds_per_point", *chosen.secondsPerPoint},
          {"seconds", *chosen.secondsPerPoint * share}};
}

}  // namespace

nlohmann::json handleSample(JobContext& job, OpenedExperiments& experiments) {
  const auto& request = job.request();
  const auto experiment = experiments.of(job);
  const auto pause = [&job] { job.checkpoint(); };
  const auto directions = directionsOf(job);
  const Slice slice(experiment.model->parameters().flat(), directions);
  const auto coordinates = coordinatesOf(request, directions.size());
  const auto quantities = quantitiesOf(request, experiment);
  std::vector<std::uint64_t> shape;
  for (const auto& axis : coordinates) {
    shape.push_back(axis.size());
  }
  const auto tilePoints =
      countOr(has(request, "plan") && request["plan"].is_object() ? request["plan"] : request,
              "tile_points", ExecutionPlan{}.tilePoints);
  const TileOrder order(shape, tilePoints,
                        countOr(request, "coarsest_intervals", TileOrder::usualIntervals));
  const auto known = knownPoints(job, order.points());
  job.progress(0, order.points(), "choosing a plan");
  const auto chosen = planOf(request, experiment, slice, pause);

  const auto missing = missingTiles(request, order.tiles());
  std::uint64_t there = order.points();
  for (const auto tile : missing) {
    for (const auto vertex : order.tile(tile)) {
      there -= known.empty() || known[vertex] == 0 ? 1 : 0;
    }
  }
  nlohmann::json event{{"type", "plan"},
                       {"plan", toJson(chosen.plan)},
                       {"tiles", order.tiles()},
                       {"points", order.points()},
                       {"missing", order.points() - there}};
  event.update(costOf(chosen, order.points() - there));
  job.send(event);

  const auto work = makeWork(experiment, slice, chosen.plan, quantities.wishes(),
                             endsOf(job, experiment, directions.size()));
  job.progress(there, order.points(), "sampling");
  SamplingObserver observer;
  observer.pause = pause;
  observer.onPoint = [&](std::uint64_t done) {
    job.progress(there + done, order.points(), "sampling");
  };
  observer.onTile = [&](const TileValues& tile) {
    job.send({{"type", "tile"}, {"index", tile.index}, {"values", quantities.valuesOf(tile)}});
  };
  sampleTiles(work, coordinates, order, missing, observer, known);
  return {{"points", order.points()}};
}

nlohmann::json handlePlan(JobContext& job, OpenedExperiments& experiments) {
  const auto& request = job.request();
  const auto experiment = experiments.of(job);
  const auto pause = [&job] { job.checkpoint(); };
  const auto axes = countOr(request, "axes", 2);
  if (axes < 1 || axes > 16) {
    throw Error(ErrorCode::usage, "A landscape has 1 to 16 axes.");
  }
  // What a point costs doesn't depend on where the axes lead.
  const auto& theta = experiment.model->parameters().flat();
  std::vector<at::Tensor> directions;
  for (std::uint64_t axis = 0; axis < axes; ++axis) {
    directions.push_back(gaussianVector(theta.numel(), experiment.seed + axis));
  }
  const Slice slice(theta, directions);
  job.progress(0, 0, "choosing a plan");
  const auto chosen = planOf(request, experiment, slice, pause);
  const auto seconds = chosen.secondsPerPoint
                           ? *chosen.secondsPerPoint
                           : measuredSeconds(experiment, slice, chosen.plan, pause);
  job.send({{"type", "plan"}, {"plan", toJson(chosen.plan)}, {"seconds_per_point", seconds}});
  return nlohmann::json::object();
}

}  // namespace tarn::engine
