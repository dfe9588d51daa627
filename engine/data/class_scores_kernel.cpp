#include "engine/data/class_scores_kernel.h"

// No header with inline functions is included: they would be compiled for processors of this file's
// options, and a linker may take them for the whole program.

namespace tarn::engine {
namespace {

using Four [[gnu::vector_size(32)]] = double;
using Bits [[gnu::vector_size(32)]] = std::int64_t;

constexpr double least = -708;  // its exponential is still a normal number
constexpr double log2e = 0x1.71547652b82fep+0;
constexpr double ln2High = 0x1.62e42fefa38p-1;  // so short that n·ln2High is exact
constexpr double ln2Low = 0x1.ef35793c7673p-45;
constexpr double roundingShift = 0x1.8p+52;  // a double of this size has its units in the last bit
constexpr int mantissaBits = 52;

/// 1/13!, 1/12!, … 1/0!: of the exponential's series, whose rest is below 1e-17 where it is used.
constexpr double series[] = {1.0 / 6227020800,
                             1.0 / 479001600,
                             1.0 / 39916800,
                             1.0 / 3628800,
                             1.0 / 362880,
                             1.0 / 40320,
                             1.0 / 5040,
                             1.0 / 720,
                             1.0 / 120,
                             1.0 / 24,
                             1.0 / 6,
                             1.0 / 2,
                             1.0,
                             1.0};

/// exp(x) = 2ⁿ·exp(r) with |r| ≤ ln 2 / 2, for x ≤ 0; what would be less than exp(least) is that.
Four exponential(Four x) {
  x = x < least ? Four{least, least, least, least} : x;
  const Four shifted = x * log2e + roundingShift;
  const Four n = shifted - roundingShift;
  const Four r = (x - n * ln2High) - n * ln2Low;
  Four sum = r * series[0] + series[1];
#pragma GCC unroll 12
  for (int i = 2; i < 14; ++i) {
    sum = sum * r + series[i];
  }
  // n stands in the last bits of `shifted`: it is added to the exponents.
  return Four(Bits(sum) + (Bits(shifted) << mantissaBits));
}

template <typename Real>
Four column(const Real* outputs, std::int64_t classes, std::int64_t k) {
  return Four{static_cast<double>(outputs[k]), static_cast<double>(outputs[classes + k]),
              static_cast<double>(outputs[2 * classes + k]),
              static_cast<double>(outputs[3 * classes + k])};
}

template <typename Real>
bool together(const Real* outputs, std::int64_t classes, const std::int64_t* labels, double* sums,
              double* atLabel, double* right) {
  Four top = column(outputs, classes, 0);
  Four faults = top * 0.0;  // NaN where something is not finite
  Bits where{};
  for (std::int64_t k = 1; k < classes; ++k) {
    const Four z = column(outputs, classes, k);
    const Bits above = z > top;
    top = above ? z : top;
    where = above ? Bits{k, k, k, k} : where;
    faults += z * 0.0;
  }
  for (int i = 0; i < scoreLane; ++i) {
    if (faults[i] != 0) {
      return false;
    }
  }
  Four sum{};
  for (std::int64_t k = 0; k < classes; ++k) {
    sum += exponential(column(outputs, classes, k) - top);
  }
  for (int i = 0; i < scoreLane; ++i) {
    sums[i] = sum[i];
    atLabel[i] = static_cast<double>(outputs[i * classes + labels[i]]) - top[i];
    right[i] = where[i] == labels[i] ? 1 : 0;
  }
  return true;
}

}  // namespace

bool scoresTogether(const float* outputs, std::int64_t classes, const std::int64_t* labels,
                    double* sums, double* atLabel, double* right) {
  return together(outputs, classes, labels, sums, atLabel, right);
}

bool scoresTogether(const double* outputs, std::int64_t classes, const std::int64_t* labels,
                    double* sums, double* atLabel, double* right) {
  return together(outputs, classes, labels, sums, atLabel, right);
}

}  // namespace tarn::engine
