#include "engine/curvature/eigenpairs.h"

#include <algorithm>

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {

EigenMethod eigenMethodFromWord(const std::string& word) {
  if (word != "lanczos" && word != "chebyshev") {
    throw Error(ErrorCode::usage, "There is no way '" + word + "' to find eigenpairs.",
                "Choose lanczos or chebyshev.");
  }
  return word == "lanczos" ? EigenMethod::lanczos : EigenMethod::chebyshev;
}

std::string toString(EigenMethod method) {
  return method == EigenMethod::lanczos ? "lanczos" : "chebyshev";
}

void requireSomePairs(const SymmetricOperator& matrix, const LanczosOptions& options) {
  const auto wanted = options.top + options.bottom;
  if (options.top < 0 || options.bottom < 0 || wanted < 1 || wanted > matrix.size) {
    throw Error(ErrorCode::usage,
                std::to_string(options.top) + " largest and " + std::to_string(options.bottom) +
                    " smallest eigenvalues were asked for of a Hessian of " +
                    std::to_string(matrix.size) + " parameters.",
                "Ask for at least one and for no more than there are parameters.");
  }
}

void throwNoRoom(const SymmetricOperator& matrix, const LanczosOptions& options,
                 std::int64_t vectors) {
  const auto bytes = static_cast<std::uint64_t>(vectors) * static_cast<std::uint64_t>(matrix.size) *
                     sizeof(double);
  throw Error(ErrorCode::memory,
              std::to_string(options.top + options.bottom) + " eigenvectors with " +
                  std::to_string(matrix.size) + " numbers each need at least " +
                  std::to_string((bytes + 0xfffff) >> 20U) + " MiB; " +
                  std::to_string(options.memoryBytes >> 20U) + " MiB are allowed.",
              "Allow more memory, or ask for fewer eigenpairs.");
}

std::vector<std::int64_t> ends(std::int64_t size, std::int64_t top, std::int64_t bottom) {
  top = std::min(top, size);
  bottom = std::min(bottom, size - top);
  std::vector<std::int64_t> result;
  for (std::int64_t i = 0; i < top + bottom; ++i) {
    result.push_back(i < top ? size - 1 - i : top + bottom - 1 - i);
  }
  return result;
}

void orient(at::Tensor& vector) {
  vector.div_(vector.norm());
  if (vector[vector.abs().argmax().item<std::int64_t>()].item<double>() < 0) {
    vector.neg_();
  }
}

}  // namespace tarn::engine
