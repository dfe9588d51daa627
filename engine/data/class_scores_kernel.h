#pragma once

#include <cstdint>

// Softmax sums of several rows of outputs at a time, each of a sample or of one of its positions.
// This code may use instructions that not every processor has: see vectorCodeRuns().

namespace tarn::engine {

/// How many rows go together.
constexpr std::int64_t scoreLane = 4;

/// Of scoreLane rows of `classes` outputs z, one behind the other: sums ← Σₖ exp(zₖ − top),
/// atLabel ← z at the row's label − top, top being the row's largest; right ← 1 for those
/// that have it at their label first, 0 for others. False, with nothing written, when an output is
/// not finite.
bool scoresTogether(const float* outputs, std::int64_t classes, const std::int64_t* labels,
                    double* sums, double* atLabel, double* right);
bool scoresTogether(const double* outputs, std::int64_t classes, const std::int64_t* labels,
                    double* sums, double* atLabel, double* right);

}  // namespace tarn::engine
