#pragma once

#include <functional>
#include <optional>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// Hill's exponent of square windows instead of the whole matrix, so that layers of other aspect
/// ratios can be compared: FARMS (arXiv 2506.06280) with the aspect ratio Q = 1. The exponent of a
/// whole Gaussian matrix goes from 2.1 for a square one to 4.5 at 1:8; that of its windows is 2.1.
///
/// `matrices`: K × m × n in float64, the kernel positions of a convolution (K = 1 for a matrix).
/// The windows are w × w with w = min(100, m, n), evenly spaced, in each direction as few as cover
/// the matrix. K = 1: the eigenvalues of all windows are pooled. Else those of all positions are
/// pooled for each window, and the exponents of the windows averaged. None when m or n is below
/// `fewestEigenvalues` or no window has an exponent. `pause` is called for every window and may
/// throw.
std::optional<double> farmsExponent(const at::Tensor& matrices, double precision,
                                    const std::function<void()>& pause = {});

}  // namespace tarn::engine
