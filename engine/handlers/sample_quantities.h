#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "engine/landscape/sampler.h"

namespace tarn::engine {

/// What a `sample` request wants at every point: loss, accuracy, standard_error, gradient_norm,
/// class_loss/0, class_loss/1, ….
class SampleQuantities {
 public:
  /// Throws Error(unsupported) for a name that is none of these, or that this loss doesn't have.
  SampleQuantities(const std::set<std::string>& names, const Experiment& experiment);

  PointWishes wishes() const;
  /// {name: bytes of little-endian float64} of a tile.
  nlohmann::json valuesOf(const TileValues& tile) const;

 private:
  std::set<std::string> names_;
};

/// The request's `quantities`; loss, and accuracy if the loss has one, when they are missing.
SampleQuantities quantitiesOf(const nlohmann::json& request, const Experiment& experiment);

}  // namespace tarn::engine
