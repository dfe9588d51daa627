#pragma once

#include <memory>
#include <string>

#include "engine/model/builtin_spec.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The grammar of `pinn-convection:…`, as a remedy.
const std::string& pinnGrammar();

/// A physics-informed network for convection: u_t + β·u_x = 0 on x in [0, 2π], t in [0, 1], with
/// u(x, 0) = sin x and u(0, t) = u(2π, t); the solution is sin(x − βt). The problem and its loss of
/// three terms are those of Krishnapriyan et al., Characterizing Possible Failure Modes in
/// Physics-Informed Neural Networks (2021). u is an MLP of `depth` hidden layers of `width` tanh
/// units, with PyTorch's default start; the groups are `layer1`, `layer2`, ….
///
/// forward(points) with points N×2 of (x, t) returns u, N×1. forward(points, weights) returns the
/// loss, and is what the loss `model` runs: the mean over the points of
///   w₀·(u_t + β·u_x)² + w₁·(u(x, 0) − sin x)² + w₂·(u(0, t) − u(2π, t))²
/// with the weights N×3; convectionPoints() makes both. Throws Error(usage).
std::unique_ptr<Model> makePinn(BuiltinSpec spec, const std::string& sha256);

}  // namespace tarn::engine
