#pragma once

#include <string>

#include "engine/data/data_files.h"

namespace tarn::engine {

/// Whether data names the points of the convection problem instead of a file:
/// `pinn-convection[:x=64,t=32]`.
bool isConvectionData(const std::string& path);

/// The collocation points of the network pinn-convection, on a grid of x × t: inputs N×2 hold
/// (x, t), targets N×3 the weights of the three terms at each point. The differential equation is
/// asked for at x_i = 2πi/nx and t_j = j/nt (j ≥ 1), the initial value at all x_i, periodicity at
/// all t_j (j ≥ 0). A term with n of the N points has the weight N/n there, so that the mean over
/// the points is the sum of the terms' means. Throws Error(usage).
DataArrays convectionPoints(const std::string& path);

}  // namespace tarn::engine
