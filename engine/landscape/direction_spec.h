#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tarn::engine {

/// Where an axis of a landscape comes from.
struct DirectionSpec {
  enum class Kind { hessianTop, hessianBottom, random };
  Kind kind = Kind::random;
  std::int64_t rank = 0;  ///< 0: the largest (or smallest) eigenvalue's vector, or the first draw

  /// "hessian:1", "hessian:-1", "random:1": rank counted from 1.
  std::string name() const;
};

/// The axes of a list like ["hessian:2", "random:1"], in order; a count k makes k axes, a negative
/// one for hessian means the smallest eigenvalues. Entries of one kind go on where the last one
/// ended. Throws Error(usage) with the grammar, also for none or more than 16 axes.
std::vector<DirectionSpec> directionSpecs(const nlohmann::json& list);

}  // namespace tarn::engine
