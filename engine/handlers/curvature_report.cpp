#include "engine/handlers/curvature_report.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

#include "engine/curvature/agreement.h"
#include "engine/curvature/chebyshev.h"
#include "engine/curvature/density.h"
#include "engine/curvature/spectrum.h"
#include "engine/curvature/trace.h"
#include "engine/handlers/request.h"
#include "topology/base/text.h"

namespace tarn::engine {
namespace {

/// Largest eigenvalues of layers and batches are a survey: they get no more products than this.
constexpr std::int64_t surveyProducts = 60;

struct Layer {
  std::string name;
  ParameterRange range;
};

/// The layers in the order of the parameters: consecutive groups of one module.
std::vector<Layer> layersOf(const ParameterSpace& space) {
  std::vector<Layer> layers;
  for (const auto& group : space.groups()) {
    if (layers.empty() || layers.back().name != group.layer) {
      layers.push_back({group.layer, {group.offset, 0}});
    }
    layers.back().range.size += group.size;
  }
  return layers;
}

/// What eigenpairs of trained networks have been seen to take at the usual tolerance.
std::int64_t usualProducts(const LanczosOptions& options) {
  const auto pairs = options.top + options.bottom;
  const auto usual = options.method == EigenMethod::lanczos ? 10 + 3 * pairs : 50 + 15 * pairs;
  return std::min(usual, options.maxProducts);
}

std::int64_t usualVectors(const LanczosOptions& options) {
  const auto pairs = options.top + options.bottom;
  return options.method == EigenMethod::lanczos ? usualProducts(options) + pairs
                                                : chebyshevVectors(pairs);
}

nlohmann::json traceResult(const TraceEstimate& estimate, const char* method) {
  return {{"value", estimate.trace.value},
          {"standard_error", numberOrNull(estimate.trace.standardError)},
          {"probes", estimate.probes},
          {"method", method},
          {"products", estimate.products}};
}

}  // namespace

void CurvatureReport::say(const std::string& text) {
  job_.send({{"type", "log"}, {"level", "info"}, {"text", text}});
}

void CurvatureReport::progress(std::int64_t done, std::int64_t total, const std::string& stage) {
  job_.checkpoint();
  job_.progress(static_cast<std::uint64_t>(done), static_cast<std::uint64_t>(total), stage);
}

void CurvatureReport::announce(const LanczosOptions& options) {
  hessian_.matrix();  // settles how products are made
  if (!hessian_.remark().empty()) {
    say(hessian_.remark());
  }
  std::vector<std::string> costs;
  const auto cost = [&](std::int64_t products, const std::string& what) {
    costs.push_back(std::to_string(products) + " " + what);
  };
  std::int64_t vectors = 0;
  if (options.top + options.bottom > 0) {
    costs.push_back("as many as it takes for the eigenpairs, often about " +
                    std::to_string(usualProducts(options)) + " and never more than " +
                    std::to_string(options.maxProducts));
    vectors = usualVectors(options);
  }
  if (wishes_.layers) {
    cost(wishes_.layers->probes, "for the traces of layers");
    if (wishes_.layers->eigenvalues) {
      const auto layers = layersOf(experiment_.model->parameters()).size();
      costs.push_back("at most " + std::to_string(surveyProducts) +
                      " for the eigenvalue of each of " + std::to_string(layers) + " layers");
    }
  }
  if (wishes_.trace && (!wishes_.layers || wishes_.trace->hutchPlusPlus)) {
    cost(wishes_.trace->products, "for the trace");
    vectors = std::max(vectors, wishes_.trace->hutchPlusPlus ? wishes_.trace->products / 3 : 2);
  }
  if (wishes_.density) {
    cost(wishes_.density->probes * std::min(wishes_.density->steps, hessian_.size()),
         "for the density");
    vectors = std::max(vectors, wishes_.density->steps);
  }
  if (wishes_.splits > 0) {
    LanczosOptions half = options;
    half.top = wishes_.splits;
    half.bottom = 0;
    costs.push_back("about " + std::to_string(2 * usualProducts(half)) +
                    " with each half of the data");
  }
  if (wishes_.inflation) {
    costs.push_back("at most " + std::to_string(surveyProducts) + " with each of " +
                    std::to_string(wishes_.inflation->batches.size() *
                                   static_cast<std::size_t>(wishes_.inflation->repeats)) +
                    " batches");
  }
  const auto each = static_cast<std::uint64_t>(hessian_.size()) * sizeof(double);
  const auto allowed = curvatureMemory(experiment_);
  const auto basis = std::min(allowed, each * static_cast<std::uint64_t>(vectors));
  say("Products with the matrix: " + joined(costs) + ". Memory: about " +
      std::to_string((basis >> 20U) + 1) + " MiB for vectors, at most " +
      std::to_string(allowed >> 20U) + " MiB for graphs that are kept.");
}

void CurvatureReport::compute(const Eigenpairs& pairs, const LanczosOptions& options) {
  if (wishes_.bulk) {
    addBulk(pairs, options.top);
  }
  if (wishes_.layers) {
    addLayers(options);
  }
  if (wishes_.trace && !results_.contains("trace")) {
    addTrace();
  }
  if (wishes_.density) {
    addDensity();
  }
  if (wishes_.splits > 0) {
    addSplits(options);
  }
  if (wishes_.inflation) {
    addInflation(pairs, options);
  }
}

void CurvatureReport::addTrace() {
  const auto products = wishes_.trace->products;
  const auto made = [&](std::int64_t done) { progress(done, products, "Trace"); };
  const auto matrix = hessian_.matrix();
  results_["trace"] =
      wishes_.trace->hutchPlusPlus
          ? traceResult(hutchPlusPlusTrace(matrix, products, experiment_.seed, made), "hutch++")
          : traceResult(hutchinsonTrace(matrix, products, experiment_.seed, {}, made),
                        "hutchinson");
}

void CurvatureReport::addLayers(const LanczosOptions& options) {
  const auto layers = layersOf(experiment_.model->parameters());
  std::vector<ParameterRange> ranges;
  for (const auto& layer : layers) {
    ranges.push_back(layer.range);
  }
  auto probes = wishes_.layers->probes;
  if (wishes_.trace && !wishes_.trace->hutchPlusPlus) {
    probes = std::max(probes, wishes_.trace->products);
  }
  const auto traces =
      hutchinsonTrace(hessian_.matrix(), probes, experiment_.seed, ranges,
                      [&](std::int64_t done) { progress(done, probes, "Traces of layers"); });
  if (!wishes_.trace || !wishes_.trace->hutchPlusPlus) {
    results_["trace"] = traceResult(traces, "hutchinson");
  }
  auto rows = nlohmann::json::array();
  for (std::size_t i = 0; i < layers.size(); ++i) {
    nlohmann::json row{
        {"layer", layers[i].name},
        {"parameters", ranges[i].size},
        {"trace", traces.parts[i].value},
        {"standard_error", numberOrNull(traces.parts[i].standardError)},
        {"mean_curvature", traces.parts[i].value / static_cast<double>(ranges[i].size)},
        {"eigenvalue", nullptr},
        {"residual", nullptr}};
    if (wishes_.layers->eigenvalues) {
      progress(static_cast<std::int64_t>(i), static_cast<std::int64_t>(layers.size()),
               "Eigenvalues of layers");
      LanczosOptions one;
      one.tolerance = options.tolerance;
      one.maxProducts = surveyProducts;
      one.seed = experiment_.seed;
      one.memoryBytes = curvatureMemory(experiment_);
      const auto pair = lanczos(hessian_.block(ranges[i]), one);
      row["eigenvalue"] = pair.values[0];
      row["residual"] = pair.residuals[0];
    }
    rows.push_back(std::move(row));
  }
  results_["layers"] = std::move(rows);
}

void CurvatureReport::addDensity() {
  DensityOptions options;
  options.steps = wishes_.density->steps;
  options.probes = wishes_.density->probes;
  options.seed = experiment_.seed;
  options.memoryBytes = curvatureMemory(experiment_);
  const auto total = options.probes * std::min(options.steps, hessian_.size());
  options.made = [&](std::int64_t done) { progress(done, total, "Density"); };
  const auto density = spectralDensity(hessian_.matrix(), options);
  nlohmann::json nodes = nlohmann::json::array();
  nlohmann::json weights = nlohmann::json::array();
  for (const auto& probe : density.probes) {
    nodes.push_back(probe.nodes);
    weights.push_back(probe.weights);
  }
  results_["density"] = {{"values", density.grid},
                         {"density", density.density},
                         {"standard_error", density.standardError},
                         {"width", density.width},
                         {"steps", density.steps},
                         {"probes", density.probes.size()},
                         {"mean", density.mean.value},
                         {"mean_standard_error", numberOrNull(density.mean.standardError)},
                         {"products", density.products},
                         {"nodes", std::move(nodes)},
                         {"weights", std::move(weights)}};
  const auto criteria = llaCriteria(density.probes);
  results_["lla"] = {{"ratio", numberOrNull(criteria.ratio)},
                     {"negative_share", numberOrNull(criteria.negativeShare)}};
}

void CurvatureReport::addBulk(const Eigenpairs& pairs, std::int64_t top) {
  const auto count =
      std::min(static_cast<std::ptrdiff_t>(pairs.values.size()), static_cast<std::ptrdiff_t>(top));
  const std::vector<double> largest(pairs.values.begin(), pairs.values.begin() + count);
  const auto& shape = experiment_.outputShape;
  const auto split = largest.empty()
                         ? std::nullopt
                         : splitBulk(largest, *wishes_.bulk, shape.size() > 1 ? shape[1] : 0);
  if (!split) {
    say("The " + std::to_string(count) +
        " largest eigenvalues do not tell outliers from a bulk: ask for more.");
    return;
  }
  results_["bulk"] = {{"outliers", split->outliers},
                      {"method", toString(*wishes_.bulk)},
                      {"edge", split->edge},
                      {"bifurcation_ratio", numberOrNull(split->bifurcationRatio)}};
}

void CurvatureReport::addSplits(const LanczosOptions& options) {
  LanczosOptions each;
  each.top = std::min(wishes_.splits, hessian_.size());
  each.tolerance = options.tolerance;
  each.maxProducts = options.maxProducts;
  each.seed = experiment_.seed;
  std::int64_t done = 0;
  each.onProduct = [&](std::int64_t, std::int64_t) {
    progress(++done, 0, "Hessians of two halves of the data");
  };
  hessian_.forget();
  const auto agreement =
      splitAgreement(experiment_, wishes_.matrix, each, [this] { job_.checkpoint(); });
  results_["splits"] = {{"difference_norm", agreement.differenceNorm},
                        {"residual", agreement.residual},
                        {"overlap", agreement.overlap},
                        {"vectors", each.top},
                        {"gradient_spread", agreement.gradientSpread},
                        {"eigenvalues_a", agreement.valuesOfFirst},
                        {"eigenvalues_b", agreement.valuesOfSecond},
                        {"products", agreement.products}};
}

void CurvatureReport::addInflation(const Eigenpairs& pairs, const LanczosOptions& options) {
  LanczosOptions each;
  each.tolerance = options.tolerance;
  each.maxProducts = surveyProducts;
  each.seed = experiment_.seed;
  const auto pause = [this] { job_.checkpoint(); };
  const auto whole = options.top > 0 ? pairs.values.front()
                                     : eigenpairs(hessian_, experiment_, each).values.front();
  hessian_.forget();
  auto rows = nlohmann::json::array();
  for (const auto batch : wishes_.inflation->batches) {
    progress(static_cast<std::int64_t>(rows.size()),
             static_cast<std::int64_t>(wishes_.inflation->batches.size()), "Hessians of batches");
    const auto estimate = batchEigenvalue(experiment_, wishes_.matrix, batch,
                                          wishes_.inflation->repeats, each, pause);
    rows.push_back({{"batch", batch},
                    {"eigenvalue", estimate.value},
                    {"standard_error", numberOrNull(estimate.standardError)},
                    {"ratio", numberOrNull(estimate.value / whole)}});
  }
  results_["inflation"] = std::move(rows);
}

}  // namespace tarn::engine
