#pragma once

#include "engine/optim/optimizer.h"

namespace tarn::engine {

/// The option `shape_factor`: none (1), orig (√max(1, m/n)), spec (√(m/n)) and, for updates that
/// are nearly orthogonal, rms (0.2·√max(m, n)). The default is orig.
OptimizerOption shapeFactorOption(bool nearlyOrthogonal);

/// What an update of an m×n matrix is multiplied by.
double shapeFactor(const OptimizerValues& values, const at::Tensor& like);

}  // namespace tarn::engine
