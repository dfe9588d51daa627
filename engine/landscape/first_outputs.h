#pragma once

#include <span>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/landscape/point_programs.h"
#include "engine/landscape/slice.h"

namespace tarn::engine {

/// What a network's first linear layers make of fixed data at the points of a slice. They are
/// linear in the coefficients, W(c)x + b(c) = (W₀x + b₀) + Σ cᵢ(Dᵢx + dᵢ), so the products are made
/// once, in double, and every point takes only sums of them.
class FirstOutputs {
 public:
  /// programs: of a model that stands at the slice's centre.
  FirstOutputs(const PointPrograms& programs, const Slice& slice,
               const std::vector<Batch>& batches);

  /// How many bytes the products of so many samples take; example: some samples, as many as the
  /// program was made for.
  static std::uint64_t bytes(const PointProgram& program, const Slice& slice, const Inputs& example,
                             std::int64_t samples);

  /// One tensor a layer, of the batch's samples × …, for one point.
  std::vector<at::Tensor> at(std::size_t batch, std::span<const double> coefficients) const;
  /// The same for several points: points × samples × …. coefficients: points × axes, in the model's
  /// type.
  std::vector<at::Tensor> at(std::size_t batch, const at::Tensor& coefficients) const;

 private:
  /// [batch][layer]: (1 + axes) × samples × …, in the model's type.
  std::vector<std::vector<at::Tensor>> products_;
};

}  // namespace tarn::engine
