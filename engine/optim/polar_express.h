#pragma once

#include <vector>

#include "engine/optim/newton_schulz.h"

namespace tarn::engine {

/// The odd quintic that is nearest to 1 on [lower, upper] in the largest error, by Remez' exchange:
/// its error is the same, of changing sign, at both ends and at its two stationary points.
Quintic nearestQuintic(double lower, double upper);

/// The greedy composition of the Polar Express (Amsel et al., arXiv 2505.16932): each quintic is
/// the nearest to 1 on the interval that the ones before it leave of [lower, 1]. A lower end below
/// `cushion` times the upper one is raised to that, and the quintic scaled so that it stays centred
/// on 1 over the whole interval. Before the safety factor.
std::vector<Quintic> polarExpressQuintics(std::int64_t steps, double lower = 1e-3,
                                          double cushion = 0.02407327424182761);

/// About the polar factor of an m×n matrix by `steps` of these quintics, each made safe against
/// rounding by a factor of 1.01 until they have become Newton–Schulz's own (the eighth).
at::Tensor polarExpress(const at::Tensor& matrix, std::int64_t steps = 8);

}  // namespace tarn::engine
