#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "engine/curvature/random_vector.h"
#include "engine/handlers/handlers.h"
#include "engine/handlers/request.h"
#include "engine/handlers/spectrum_request.h"
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

/// Random directions are good for models that have no second derivatives, too.
Curvature measured(Hessian& hessian, const Direction& direction) {
  try {
    return curvatureAlong(hessian, direction.vector);
  } catch (const Error& error) {
    const bool optional = direction.spec.kind == Kind::random;
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

}  // namespace

nlohmann::json handleDirections(JobContext& job) {
  const auto& request = job.request();
  const auto specs = directionSpecs(field(request, "spec"));
  const auto normalization = normalizationFromWord(textOr(request, "normalize", "none"));
  auto experiment = openExperiment(field(request, "experiment"), arraysOf(job));
  const auto pause = [&job] { job.checkpoint(); };
  const auto reference = referenceEvaluation(experiment, pause);
  auto hessian = makeHessian(experiment, pause);
  const auto& space = experiment.model->parameters();

  const auto top = countOf(specs, Kind::hessianTop);
  const auto bottom = countOf(specs, Kind::hessianBottom);
  const auto randoms =
      randomDirections(countOf(specs, Kind::random), space.size(), experiment.seed);
  Eigenpairs pairs;
  if (top + bottom > 0) {
    pairs = sendSpectrum(job, experiment, reference, hessian, top, bottom);
  }

  std::vector<Direction> directions;
  for (const auto& spec : specs) {
    auto& direction = directions.emplace_back(Direction{spec, {}, {}, {}});
    auto vector =
        spec.kind == Kind::random ? randoms[static_cast<std::size_t>(spec.rank)] : at::Tensor();
    if (spec.kind != Kind::random) {
      const auto place = static_cast<std::size_t>(
          spec.kind == Kind::hessianTop ? spec.rank : top + bottom - 1 - spec.rank);
      vector = pairs.vectors[place];
      direction.eigenvalue = pairs.values[place];
      direction.residual = pairs.residuals[place];
    }
    const auto scaled = normalized(vector.to(experiment.model->device()), space, normalization);
    direction.vector = scaled.to(space.dtype()).to(at::kDouble);
  }

  for (std::size_t i = 0; i < directions.size(); ++i) {
    const auto& direction = directions[i];
    const auto curvature = measured(hessian, direction);
    job.send({{"type", "direction"},
              {"index", i},
              {"name", direction.spec.name()},
              {"kind", direction.spec.kind == Kind::random ? "random" : "hessian"},
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
