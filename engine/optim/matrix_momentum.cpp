#include "engine/optim/matrix_momentum.h"

#include <ATen/ATen.h>

#include "engine/optim/options.h"

namespace tarn::engine {

MatrixMomentum::MatrixMomentum(const OptimizerValues& values, const at::Tensor& like)
    : beta_(values.number("momentum")), average_(at::zeros_like(like)) {}

const at::Tensor& MatrixMomentum::average(const at::Tensor& gradient) {
  average_.mul_(beta_).add_(gradient, 1 - beta_);
  return average_;
}

at::Tensor MatrixMomentum::lookAhead(const at::Tensor& gradient) {
  return gradient.mul(1 - beta_).add_(average(gradient), beta_);
}

void MatrixMomentum::exchangeState(StateArchive& archive) {
  archive.tensor("momentum", average_);
}

OptimizerOption momentumOption() {
  return decayRateOption("momentum", 0.95, "decay of the gradient's average");
}

}  // namespace tarn::engine
