#include <cmath>
#include <span>
#include <string>

#include <torch/torch.h>

#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/landscape/sampler.h"
#include "engine/model/optional_fields.h"
#include "engine/model/tensor_bytes.h"

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

struct Quantities {
  bool loss = false;
  bool accuracy = false;
};

Quantities quantitiesOf(const nlohmann::json& request, const Loss& loss) {
  if (!has(request, "quantities")) {
    return {true, loss.classifies()};
  }
  Quantities result;
  for (const auto& name : request["quantities"]) {
    result.loss = result.loss || name == "loss";
    result.accuracy = result.accuracy || name == "accuracy";
    if (name != "loss" && name != "accuracy") {
      throw Error(ErrorCode::unsupported, "There is no quantity " + name.dump() + " to sample.",
                  "Choose among loss and accuracy.");
    }
  }
  result.accuracy = result.accuracy && loss.classifies();
  return result;
}

nlohmann::json littleEndian(const std::vector<double>& values) {
  return binary(std::as_bytes(std::span(values)));
}

}  // namespace

nlohmann::json handleSample(JobContext& job) {
  const auto& request = job.request();
  const auto experiment = openExperiment(field(request, "experiment"), arraysOf(job));
  const auto pause = [&job] { job.checkpoint(); };
  const auto directions = directionsOf(job);
  const Slice slice(experiment.model->parameters().flat(), directions);
  const auto coordinates = coordinatesOf(request, directions.size());
  const auto quantities = quantitiesOf(request, experiment.loss);
  const bool planned = has(request, "plan");
  ExecutionPlan plan = planned ? planFromJson(request["plan"]) : ExecutionPlan{};
  plan.tilePoints = planned ? plan.tilePoints : countOr(request, "tile_points", plan.tilePoints);
  std::vector<std::uint64_t> shape;
  for (const auto& axis : coordinates) {
    shape.push_back(axis.size());
  }
  const TileOrder order(shape, plan.tilePoints);
  const auto center = referenceEvaluation(experiment, pause);
  if (!planned) {
    plan = measurePlan(experiment, plan.tilePoints, pause);
  }
  job.send({{"type", "plan"},
            {"plan", toJson(plan)},
            {"tiles", order.tiles()},
            {"points", order.points()}});

  const auto missing = missingTiles(request, order.tiles());
  std::uint64_t there = order.points();
  for (const auto tile : missing) {
    there -= order.tile(tile).size();
  }
  job.progress(there, order.points(), "sampling");
  SamplingObserver observer;
  observer.pause = pause;
  observer.onPoint = [&](std::uint64_t done) {
    job.progress(there + done, order.points(), "sampling");
  };
  observer.onTile = [&](const TileValues& tile) {
    nlohmann::json values = nlohmann::json::object();
    if (quantities.loss) {
      values["loss"] = littleEndian(tile.loss);
    }
    if (quantities.accuracy) {
      values["accuracy"] = littleEndian(tile.accuracy);
    }
    job.send({{"type", "tile"}, {"index", tile.index}, {"values", std::move(values)}});
  };
  sampleTiles(experiment, slice, coordinates, order, plan, missing, observer);
  return {{"points", order.points()}, {"loss", center.loss}};
}

}  // namespace tarn::engine
