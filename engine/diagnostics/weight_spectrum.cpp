#include "engine/diagnostics/weight_spectrum.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <torch/torch.h>

#include "engine/diagnostics/farms.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

double precisionOf(const at::Tensor& weight) {
  return weight.scalar_type() == at::kDouble ? std::numeric_limits<double>::epsilon()
                                             : std::numeric_limits<float>::epsilon();
}

double standardDeviation(const at::Tensor& matrices) {
  return at::std(matrices, /*unbiased=*/false).item<double>();
}

/// Why the exponents of `used` eigenvalues, out of all of the spectrum, are not there, or what they
/// leave out.
std::string noteOn(const WeightSpectrum& spectrum, std::size_t used) {
  const auto count = std::to_string(used);
  const auto zeros = spectrum.eigenvalues.size() - used;
  std::string note;
  if (zeros > 0) {
    note = std::to_string(zeros) + " of " + std::to_string(spectrum.eigenvalues.size()) +
           " eigenvalues are zero to the precision of the weights, and in no exponent";
  }
  const auto add = [&](const std::string& more) { note += (note.empty() ? "" : "; ") + more; };
  if (used < fewestEigenvalues) {
    add(count + (used == 1 ? " eigenvalue is" : " eigenvalues are") +
        " too few for an exponent, which takes at least " + std::to_string(fewestEigenvalues));
  } else if (!spectrum.alphaHill) {
    add("the upper half of the eigenvalues are all equal, which is no power law");
  }
  return note;
}

void addExponents(WeightSpectrum& spectrum, const at::Tensor& matrices, double precision,
                  const std::function<void()>& pause) {
  if (std::min(spectrum.rows, spectrum.columns) == 1) {
    spectrum.note = "a matrix of one row or column has one eigenvalue and no spectrum";
    return;
  }
  const auto used = withoutZeros(spectrum.eigenvalues, precision);
  spectrum.alphaHill = hillExponent(used);
  spectrum.tail = fitTail(used, pause);
  if (spectrum.tail) {
    spectrum.alphaHat = spectrum.tail->alpha * std::log10(spectrum.eigenvalues.back());
  }
  spectrum.farmsAlpha = farmsExponent(matrices, precision, pause);
  spectrum.note = noteOn(spectrum, used.size());
}

}  // namespace

at::Tensor layerMatrices(const at::Tensor& weight) {
  if (weight.dim() < 2) {
    throw Error(ErrorCode::usage, "A weight of fewer than two dimensions is no matrix.");
  }
  const auto values = weight.detach().to(at::kDouble);
  if (weight.dim() == 2) {
    return values.unsqueeze(0);
  }
  return values.flatten(2).permute({2, 0, 1}).contiguous() * std::sqrt(.5);
}

std::vector<double> pooledEigenvalues(const at::Tensor& matrices,
                                      const std::function<void()>& pause) {
  std::vector<double> pool;
  for (std::int64_t k = 0; k < matrices.size(0); ++k) {
    if (pause) {
      pause();
    }
    const auto squares = at::linalg_svdvals(matrices[k]).square().contiguous();
    pool.insert(pool.end(), squares.data_ptr<double>(),
                squares.data_ptr<double>() + squares.numel());
  }
  std::sort(pool.begin(), pool.end());
  return pool;
}

std::span<const double> withoutZeros(std::span<const double> ascending, double precision) {
  if (ascending.empty()) {
    return ascending;
  }
  const double zero = std::pow(4 * precision, 2) * ascending.back();
  const auto* first = std::upper_bound(ascending.data(), ascending.data() + ascending.size(), zero);
  return ascending.subspan(static_cast<std::size_t>(first - ascending.data()));
}

WeightSpectrum weightSpectrum(const at::Tensor& weight, const std::function<void()>& pause) {
  const at::NoGradGuard noGrad;
  const auto matrices = layerMatrices(weight);
  WeightSpectrum spectrum;
  spectrum.rows = matrices.size(1);
  spectrum.columns = matrices.size(2);
  if (matrices.numel() == 0) {
    spectrum.note = "there are no weights";
    return spectrum;
  }
  if (!at::isfinite(matrices).all().item<bool>()) {
    spectrum.note = "there are weights that are not finite";
    return spectrum;
  }
  spectrum.eigenvalues = pooledEigenvalues(matrices, pause);
  const double largest = spectrum.eigenvalues.back();
  spectrum.spectralNorm = std::sqrt(largest);
  spectrum.marchenkoPastur =
      marchenkoPastur(spectrum.rows, spectrum.columns, standardDeviation(matrices));
  if (!(largest > 0)) {
    spectrum.note = "all weights are zero";
    return spectrum;
  }
  spectrum.stableRank =
      std::accumulate(spectrum.eigenvalues.begin(), spectrum.eigenvalues.end(), 0.0) / largest;
  addExponents(spectrum, matrices, precisionOf(weight), pause);
  return spectrum;
}

}  // namespace tarn::engine
