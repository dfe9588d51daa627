#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ui/scene/spectrum_data.h"

namespace tarn::ui {

/// The eigenvalues of one weight matrix as a histogram whose bins are equal on a logarithmic axis.
struct WeightHistogram {
  std::vector<double> edges;    ///< one more than bins
  std::vector<double> density;  ///< per unit of λ; all bins and the zeros together have mass 1
  std::vector<double> values;   ///< those above 0, ascending
  std::size_t zeros = 0;        ///< and those that are rounding of it

  std::size_t all() const { return values.size() + zeros; }
};

WeightHistogram histogramOf(const WeightSpectrum& weight);

/// The density of a power law from `from` on, of the mass `share`.
struct PowerTail {
  double alpha;
  double from;
  double share;

  double at(double value) const;
};

/// The tail with that exponent, as heavy as the share of eigenvalues from there on. None for an
/// exponent up to 1, whose density has no integral.
std::optional<PowerTail> tailOf(const WeightHistogram& histogram, double alpha, double from);

/// The limit density of eigenvalues of WᵀW (those that are not 0 by its shape) for independent
/// entries, which its edges alone determine (Marchenko and Pastur, 1967).
double randomDensity(double lowEdge, double highEdge, double value);

}  // namespace tarn::ui
