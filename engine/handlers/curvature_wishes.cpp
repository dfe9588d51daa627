#include "engine/handlers/curvature_report.h"
#include "engine/model/optional_fields.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::uint64_t mostProbes = 1'000'000;

std::int64_t boundedCount(const nlohmann::json& map, const std::string& key, std::uint64_t fallback,
                          std::uint64_t least, std::uint64_t most) {
  const auto count = countOr(map, key, fallback);
  if (count < least || count > most) {
    throw Error(ErrorCode::usage, "'" + key + "' is " + std::to_string(count) +
                                      "; it must be from " + std::to_string(least) + " to " +
                                      std::to_string(most) + ".");
  }
  return static_cast<std::int64_t>(count);
}

nlohmann::json mapAt(const nlohmann::json& request, const std::string& key) {
  auto value = request.at(key);
  if (!value.is_object()) {
    throw Error(ErrorCode::usage, "'" + key + "' must be a map.");
  }
  return value;
}

CurvatureWishes::Trace traceWish(const nlohmann::json& trace) {
  const auto method = textOr(trace, "method", "hutchinson");
  if (method != "hutchinson" && method != "hutch++") {
    throw Error(ErrorCode::usage, "There is no way '" + method + "' to estimate a trace.",
                "Choose hutchinson or hutch++.");
  }
  const bool plusPlus = method == "hutch++";
  return {plusPlus, boundedCount(trace, "probes", 30, plusPlus ? 6 : 2, mostProbes)};
}

CurvatureWishes::Layers layersWish(const nlohmann::json& layers) {
  const auto eigenvalues = layers.value("eigenvalues", nlohmann::json(false));
  if (!eigenvalues.is_boolean()) {
    throw Error(ErrorCode::usage, "'eigenvalues' must be true or false.");
  }
  return {boundedCount(layers, "probes", 30, 2, mostProbes), eigenvalues.get<bool>()};
}

/// Nodes and weights of all probes come with the result, and a project holds no text over 8 MiB: it
/// is told before they are computed.
CurvatureWishes::Density densityWish(const nlohmann::json& density) {
  constexpr std::int64_t mostNodes = 100'000;
  const CurvatureWishes::Density wish{boundedCount(density, "steps", 80, 2, 10'000),
                                      boundedCount(density, "probes", 10, 2, 10'000)};
  if (wish.steps * wish.probes > mostNodes) {
    throw Error(ErrorCode::usage,
                std::to_string(wish.probes) + " probes of " + std::to_string(wish.steps) +
                    " steps give " + std::to_string(wish.steps * wish.probes) +
                    " nodes; a result holds at most " + std::to_string(mostNodes) + ".",
                "Take fewer probes, or fewer steps.");
  }
  return wish;
}

CurvatureWishes::Inflation inflationWish(const nlohmann::json& inflation) {
  const auto batches = field(inflation, "batches");
  if (!batches.is_array() || batches.empty() || batches.size() > 1000) {
    throw Error(ErrorCode::usage, "'batches' must be a list of 1 to 1000 batch sizes.");
  }
  CurvatureWishes::Inflation result;
  for (const auto& batch : batches) {
    if (!batch.is_number_unsigned() || batch.get<std::uint64_t>() > 1U << 30U) {
      throw Error(ErrorCode::usage, "'batches' must hold numbers of samples.");
    }
    result.batches.push_back(batch.get<std::int64_t>());
  }
  result.repeats = boundedCount(inflation, "repeats", 8, 2, 10'000);
  return result;
}

}  // namespace

CurvatureWishes curvatureWishes(const nlohmann::json& request) {
  CurvatureWishes wishes;
  wishes.matrix = curvatureMatrixFromWord(textOr(request, "operator", "hessian"));
  if (has(request, "trace")) {
    wishes.trace = traceWish(mapAt(request, "trace"));
  }
  if (has(request, "layers")) {
    wishes.layers = layersWish(mapAt(request, "layers"));
  }
  if (has(request, "density")) {
    wishes.density = densityWish(mapAt(request, "density"));
  }
  if (has(request, "bulk")) {
    wishes.bulk = bulkMethodFromWord(textOr(request, "bulk", ""));
  }
  wishes.splits = boundedCount(request, "splits", 0, 0, 1000);
  if (has(request, "inflation")) {
    wishes.inflation = inflationWish(mapAt(request, "inflation"));
  }
  return wishes;
}

}  // namespace tarn::engine
