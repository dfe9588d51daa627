#include "engine/optim/shape_factor.h"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

#include "engine/optim/options.h"

namespace tarn::engine {

OptimizerOption shapeFactorOption(bool nearlyOrthogonal) {
  std::vector<std::string> words = {"orig", "none", "spec"};
  std::string help = "update times √max(1, m/n), 1 or √(m/n)";
  if (nearlyOrthogonal) {
    words.emplace_back("rms");
    help = "update times √max(1, m/n), 1, √(m/n) or 0.2·√max(m, n)";
  }
  return wordOption("shape_factor", words, help);
}

double shapeFactor(const OptimizerValues& values, const at::Tensor& like) {
  const auto m = static_cast<double>(like.size(0));
  const auto n = static_cast<double>(like.size(1));
  const std::string word = values.word("shape_factor");
  if (word == "none") {
    return 1;
  }
  if (word == "rms") {
    return 0.2 * std::sqrt(std::max(m, n));
  }
  return std::sqrt(word == "spec" ? m / n : std::max(1.0, m / n));
}

}  // namespace tarn::engine
