#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/core/symbol.h>

#include "engine/landscape/winograd_kernel.h"

namespace tarn::engine {

/// Filters (outputs × inputs × 3 × 3, floats of the CPU) as winogradConvolve() takes them.
at::Tensor winogradFilters(const at::Tensor& weight);

/// The operator of graphs:
/// tarn::winograd(Tensor x, Tensor filters, Tensor? bias, Tensor? other, int outputs, int padding,
///                bool relu) -> Tensor
/// gives relu?(x ∗ filters + bias + other), channels last. Floats of the CPU alone; `other` has the
/// result's shape, and the processor must have what winogradConvolve() is compiled for
/// (vectorCodeRuns()).
c10::Symbol winogradOperator();

}  // namespace tarn::engine
