#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tarn::engine {

/// How the outliers of a spectrum are told from its bulk.
enum class BulkMethod {
  gap,     ///< at the largest gap
  logGap,  ///< at the largest ratio
  classes  ///< as many outliers as there are classes
};

/// "gap", "log-gap" or "classes"; the former throws Error(usage) for another word.
BulkMethod bulkMethodFromWord(const std::string& word);
std::string toString(BulkMethod method);

struct BulkSplit {
  std::int64_t outliers = 0;
  double edge = 0;              ///< the largest eigenvalue of the bulk
  double bifurcationRatio = 0;  ///< mean of the outliers over mean of the bulk
};

/// Splits the leading eigenvalues, descending, of which those above λ₁/100 are looked at: the
/// outliers end at the largest gap, the bulk at the next largest one behind it. Differences that
/// are rounding (10⁻⁹ of λ₁) are no gaps. None when fewer than three are above λ₁/100, when the
/// method is `classes` and there are no more eigenvalues than classes, or when λ₁ is not positive.
std::optional<BulkSplit> splitBulk(const std::vector<double>& eigenvalues, BulkMethod method,
                                   std::int64_t classes);

}  // namespace tarn::engine
