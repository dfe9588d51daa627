#pragma once

#include <cstdint>

// 3×3 convolutions of stride 1 by Winograd's minimal filtering F(2×2, 3×3): 16 products for four
// outputs, where the definition takes 36 (Lavin and Gray, arXiv 1509.09308). Of channels-last
// floats. One thread. This code may use instructions that not every processor has: see
// vectorCodeRuns().

namespace tarn::engine {

/// Images of height × width with `inputs` channels ↦ `outputs` channels. Around them are `padding`
/// zeros on every side.
struct WinogradShape {
  std::int64_t images = 0;
  std::int64_t height = 0;
  std::int64_t width = 0;
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  std::int64_t padding = 0;

  std::int64_t outputHeight() const { return height + 2 * padding - 2; }
  std::int64_t outputWidth() const { return width + 2 * padding - 2; }
};

constexpr std::int64_t winogradPositions = 16;  ///< of a tile of 4×4
/// Transformed filters are positions × inputs × (outputs, rounded up to this).
constexpr std::int64_t winogradLane = 16;

/// How many floats of scratch memory a convolution takes.
std::int64_t winogradScratch(const WinogradShape& shape);

/// y ← x ∗ filters + bias + other, its negative values made zero if `relu`; bias (outputs) and
/// other (as y) may be null. The scratch memory must be zero at first and is used again and again.
/// What one image's output is does not depend on the others.
void winogradConvolve(const WinogradShape& shape, const float* x, const float* filters,
                      const float* bias, const float* other, bool relu, float* scratch, float* y);

}  // namespace tarn::engine
