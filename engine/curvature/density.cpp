#include "engine/curvature/density.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

#include <torch/torch.h>

#include "engine/curvature/krylov_basis.h"
#include "engine/curvature/projection.h"
#include "engine/curvature/random_vector.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::size_t gridPoints = 512;

double gaussian(double x, double width) {
  return std::exp(-.5 * x * x / (width * width)) / (width * std::sqrt(2 * std::numbers::pi));
}

std::pair<double, double> rangeOf(const std::vector<Quadrature>& probes) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const auto& probe : probes) {
    low = std::min(low, probe.nodes.front());
    high = std::max(high, probe.nodes.back());
  }
  return {low, high};
}

double meanOfNodes(const Quadrature& probe) {
  double sum = 0;
  for (std::size_t i = 0; i < probe.nodes.size(); ++i) {
    sum += probe.weights[i] * probe.nodes[i];
  }
  return sum;
}

/// Fills grid, width, density and standard error from the quadratures.
void smooth(SpectralDensity& result) {
  const auto [low, high] = rangeOf(result.probes);
  // All eigenvalues equal: any width shows the one peak.
  const double range = high > low ? high - low : std::max(std::abs(high), 1e-12);
  result.width = range / static_cast<double>(result.steps);
  const double first = low - 4 * result.width;
  const double last = high + 4 * result.width;
  for (std::size_t i = 0; i < gridPoints; ++i) {
    const double t = first + (last - first) * static_cast<double>(i) / (gridPoints - 1);
    std::vector<double> samples;
    for (const auto& probe : result.probes) {
      double sum = 0;
      for (std::size_t j = 0; j < probe.nodes.size(); ++j) {
        sum += probe.weights[j] * gaussian(t - probe.nodes[j], result.width);
      }
      samples.push_back(sum);
    }
    const auto estimate = meanOf(samples);
    result.grid.push_back(t);
    result.density.push_back(estimate.value);
    result.standardError.push_back(estimate.standardError);
  }
}

}  // namespace

Quadrature lanczosQuadrature(const SymmetricOperator& matrix, const at::Tensor& start,
                             std::int64_t steps, const std::function<void()>& beforeProduct) {
  const at::NoGradGuard noGrad;
  KrylovBasis basis(matrix.size, std::min(steps, matrix.size), matrix.device);
  Projection projection;
  auto next = start.to(matrix.device, at::kDouble, false, true);
  next.div_(next.norm());
  while (true) {
    basis.append(next);
    if (beforeProduct) {
      beforeProduct();
    }
    auto product = matrix.apply(next);
    const auto quotient = product.dot(next).item<double>();
    basis.orthogonalize(product);
    projection.append(quotient, product.norm().item<double>());
    if (basis.full() || projection.beyond() <= 100 * matrix.precision * projection.bound()) {
      break;
    }
    next = product.div_(projection.beyond());
  }
  const auto solution = projection.solve();
  Quadrature result;
  result.beyond = projection.beyond();
  for (Eigen::Index i = 0; i < projection.size(); ++i) {
    result.nodes.push_back(solution.eigenvalues()(i));
    result.weights.push_back(std::pow(solution.eigenvectors()(0, i), 2));
  }
  return result;
}

SpectralDensity spectralDensity(const SymmetricOperator& matrix, const DensityOptions& options) {
  if (options.steps < 2 || options.probes < 2) {
    throw Error(ErrorCode::usage,
                "A spectral density needs at least two probes and two steps for each.");
  }
  SpectralDensity result;
  result.steps = std::min(options.steps, matrix.size);
  if (options.memoryBytes > 0) {
    const auto vectors =
        options.memoryBytes / (static_cast<std::uint64_t>(matrix.size) * sizeof(double));
    result.steps = std::min(result.steps, static_cast<std::int64_t>(vectors));
    if (result.steps < 2) {
      throw Error(ErrorCode::memory,
                  "The allowed memory does not hold two vectors of the parameters' size.",
                  "Allow more memory.");
    }
  }
  std::vector<double> means;
  for (std::int64_t i = 0; i < options.probes; ++i) {
    const auto probe = signVector(
        matrix.size, drawSeed(options.seed, Draw::density, static_cast<std::uint64_t>(i)));
    result.probes.push_back(lanczosQuadrature(matrix, probe, result.steps, [&] {
      if (options.made) {
        options.made(result.products);
      }
      ++result.products;
    }));
    means.push_back(meanOfNodes(result.probes.back()));
  }
  result.mean = meanOf(means);
  smooth(result);
  return result;
}

LlaCriteria llaCriteria(const std::vector<Quadrature>& probes) {
  LlaCriteria result;
  for (const auto& probe : probes) {
    double negative = 0;
    double positive = 0;
    for (std::size_t i = 0; i < probe.nodes.size(); ++i) {
      const double share = probe.nodes[i] * probe.weights[i];
      (share < 0 ? negative : positive) += std::sqrt(std::abs(share));
    }
    result.ratio += std::abs(probe.nodes.front() / probe.nodes.back());
    result.negativeShare += negative / positive;
  }
  result.ratio /= static_cast<double>(probes.size());
  result.negativeShare /= static_cast<double>(probes.size());
  return result;
}

}  // namespace tarn::engine
