#include <algorithm>
#include <cmath>
#include <format>
#include <optional>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "engine/curvature/random_vector.h"
#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/handlers/spectrum_request.h"
#include "engine/landscape/checkpoint.h"
#include "engine/landscape/direction_spec.h"
#include "engine/landscape/normalization.h"
#include "engine/model/optional_fields.h"
#include "engine/model/tensor_bytes.h"

namespace tarn::engine {
namespace {

using Kind = DirectionSpec::Kind;

struct Direction {
  DirectionSpec spec;
  at::Tensor vector;  ///< float64, as it will be sampled: rounded to the model's type
  std::optional<double> eigenvalue;
  std::optional<double> residual;
};

std::int64_t countOf(const std::vector<DirectionSpec>& specs, Kind kind) {
  return std::count_if(specs.begin(), specs.end(),
                       [&](const DirectionSpec& spec) { return spec.kind == kind; });
}

/// Gaussian draws, orthonormalized against each other (Gram–Schmidt, two passes).
std::vector<at::Tensor> randomDirections(std::int64_t count, std::int64_t size,
                                         std::uint64_t seed) {
  std::vector<at::Tensor> result;
  for (std::int64_t i = 0; i < count; ++i) {
    auto vector = gaussianVector(size, seed + static_cast<std::uint64_t>(i));
    for (int pass = 0; pass < 2; ++pass) {
      for (const auto& other : result) {
        vector.sub_(other * other.dot(vector));
      }
    }
    result.push_back(vector / vector.norm());
  }
  return result;
}

struct Curvature {
  std::optional<double> curvature;
  std::optional<double> defect;
};

/// dᵀHd, and how far d is from an eigenvector: ‖Hu − (uᵀHu)u‖/|uᵀHu| with u = d/‖d‖.
Curvature curvatureAlong(Hessian& hessian, const at::Tensor& d) {
  const auto length = d.norm().item<double>();
  const auto u = d / length;
  const auto product = hessian.product(u);
  const auto quotient = product.dot(u).item<double>();
  const auto off = (product - quotient * u).norm().item<double>();
  Curvature result{quotient * length * length, std::nullopt};
  if (quotient != 0) {
    result.defect = off / std::abs(quotient);
  }
  return result;
}

/// All but eigenvectors are good for models that have no second derivatives, too.
Curvature measured(Hessian& hessian, const Direction& direction) {
  try {
    return curvatureAlong(hessian, direction.vector);
  } catch (const Error& error) {
    const bool optional =
        direction.spec.kind != Kind::hessianTop && direction.spec.kind != Kind::hessianBottom;
    if (optional &&
        (error.code() == ErrorCode::unsupported || error.code() == ErrorCode::numerical)) {
      return {};
    }
    throw;
  }
}

nlohmann::json gram(const std::vector<Direction>& directions) {
  auto matrix = nlohmann::json::array();
  for (const auto& a : directions) {
    auto row = nlohmann::json::array();
    for (const auto& b : directions) {
      row.push_back(a.vector.dot(b.vector).item<double>());
    }
    matrix.push_back(std::move(row));
  }
  return matrix;
}

/// An axis needs a length, and one that no other axes have already.
void requireIndependent(const std::vector<Direction>& directions) {
  constexpr double least = 1e-5;  // of a direction's length: what is left of it beside the others
  std::vector<at::Tensor> basis;
  for (const auto& direction : directions) {
    const auto& name = direction.spec.name();
    const auto length = direction.vector.norm().item<double>();
    if (!std::isfinite(length)) {
      throw Error(ErrorCode::badInput,
                  "The direction " + name + " holds values that are not finite.");
    }
    if (length == 0) {
      const bool gradient = direction.spec.kind == Kind::gradient;
      throw Error(ErrorCode::badInput, "The direction " + name + " is zero, so it is no axis.",
                  gradient ? "The model is at a point where the loss is flat: choose another "
                             "direction."
                           : "Choose two different points, or another direction.");
    }
    auto left = direction.vector / length;
    for (int pass = 0; pass < 2; ++pass) {
      for (const auto& other : basis) {
        left.sub_(other * other.dot(left));
      }
    }
    const auto rest = left.norm().item<double>();
    if (rest < least) {
      std::string others;
      for (std::size_t i = 0; i < basis.size(); ++i) {
        others += (i == 0 ? "" : ", ") + directions[i].spec.name();
      }
      throw Error(ErrorCode::badInput,
                  std::format("The direction {} is parallel to what {} span, so they don't make {} "
                              "axes.",
                              name, others, basis.size() + 1),
                  "Leave one of them out.");
    }
    basis.push_back(left / rest);
  }
}

/// What the directions of a request are made from.
struct Sources {
  JobContext& job;
  const Experiment& experiment;
  Hessian& hessian;
  Eigenpairs pairs;
  std::int64_t top = 0;
  std::int64_t bottom = 0;
  std::vector<at::Tensor> randoms;

  Direction make(const DirectionSpec& spec) const {
    Direction result{spec, {}, {}, {}};
    const auto arrays = arraysOf(job);
    const auto& model = *experiment.model;
    switch (spec.kind) {
      case Kind::random:
        result.vector = randoms[static_cast<std::size_t>(spec.rank)];
        break;
      case Kind::gradient:
        result.vector = hessian.gradient();
        break;
      case Kind::file:
        result.vector = directionFromFile(spec.source.get<std::string>(), model);
        break;
      case Kind::between: {
        const nlohmann::json modelMap = field(field(job.request(), "experiment"), "model");
        result.vector = openCheckpoint(spec.source, model, modelMap, arrays).parameters -
                        model.parameters().flat().to(at::kDouble);
        break;
      }
      case Kind::given:
        result.vector = tensorFromBytes(*job.storedArray(spec.source.get<std::string>()))
                            .reshape({-1})
                            .to(at::kDouble);
        break;
      default: {
        const auto place = static_cast<std::size_t>(
            spec.kind == Kind::hessianTop ? spec.rank : top + bottom - 1 - spec.rank);
        result.vector = pairs.vectors[place];
        result.eigenvalue = pairs.values[place];
        result.residual = pairs.residuals[place];
      }
    }
    if (result.vector.numel() != model.parameters().size()) {
      throw Error(ErrorCode::badInput,
                  "The direction " + spec.name() + " has " + std::to_string(result.vector.numel()) +
                      " numbers, the model has " + std::to_string(model.parameters().size()) +
                      " parameters.",
                  "Use directions that were made for this model.");
    }
    return result;
  }
};

}  // namespace

nlohmann::json handleDirections(JobContext& job, OpenedExperiments& experiments) {
  const auto& request = job.request();
  const auto specs = directionSpecs(field(request, "spec"));
  const auto normalization = normalizationFromWord(textOr(request, "normalize", "none"));
  auto experiment = experiments.of(job);
  const auto pause = [&job] { job.checkpoint(); };
  const bool curvatures = !has(request, "curvatures") || request["curvatures"] != false;
  auto hessian = makeHessian(experiment, pause);
  const auto& space = experiment.model->parameters();

  Sources sources{job, experiment, hessian, {}, 0, 0, {}};
  sources.top = countOf(specs, Kind::hessianTop);
  sources.bottom = countOf(specs, Kind::hessianBottom);
  sources.randoms = randomDirections(countOf(specs, Kind::random), space.size(), experiment.seed);
  if (sources.top + sources.bottom > 0) {
    const auto reference = referenceEvaluation(experiment, pause);
    sources.pairs = sendSpectrum(job, experiment, reference, hessian, sources.top, sources.bottom);
  }
  std::vector<Direction> directions;
  for (const auto& spec : specs) {
    auto& direction = directions.emplace_back(sources.make(spec));
    direction.vector = direction.vector.to(experiment.model->device());
    const bool zero = direction.vector.norm().item<double>() == 0;
    if (!spec.keepsLength && !zero) {
      direction.vector = normalized(direction.vector, space, normalization);
    }
    direction.vector = direction.vector.to(space.dtype()).to(at::kDouble);
  }
  requireIndependent(directions);

  for (std::size_t i = 0; i < directions.size(); ++i) {
    const auto& direction = directions[i];
    const auto curvature = curvatures ? measured(hessian, direction) : Curvature{};
    job.send({{"type", "direction"},
              {"index", i},
              {"name", direction.spec.name()},
              {"kind", direction.spec.kindWord()},
              {"eigenvalue", numberOrNull(direction.eigenvalue)},
              {"residual", numberOrNull(direction.residual)},
              {"norm", direction.vector.norm().item<double>()},
              {"curvature", numberOrNull(curvature.curvature)},
              {"defect", numberOrNull(curvature.defect)}});
    sendTensor(job, "direction/" + std::to_string(i), direction.vector.to(space.dtype()));
  }
  job.send({{"type", "gram"}, {"matrix", gram(directions)}});
  sendTensor(job, "center", space.flat());
  return nlohmann::json::object();
}

}  // namespace tarn::engine
