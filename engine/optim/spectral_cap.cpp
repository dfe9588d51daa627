#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <ATen/ATen.h>

#include "engine/optim/options.h"
#include "engine/optim/wrapper.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// The largest singular value, in float64.
double spectralNorm(const at::Tensor& matrix) {
  const at::Tensor wide = matrix.size(0) <= matrix.size(1) ? matrix : matrix.t();
  const at::Tensor exact = wide.to(at::kDouble);
  const double square = at::linalg_eigvalsh(exact.mm(exact.t()))[-1].item<double>();
  return std::sqrt(std::max(square, 0.0));
}

/// After the inner rule's step every weight matrix W (a convolution as out×(in·kh·kw)) becomes
/// W/max(1, σ₁/limit).
class SpectralCap : public Wrapper {
 public:
  SpectralCap(const OptimizerValues& values, const std::vector<ParameterGroup>& groups,
              std::unique_ptr<Optimizer> inner)
      : Wrapper(std::move(inner)), limit_(values.number("limit")) {
    for (const ParameterGroup& group : groups) {
      if (group.shape.size() >= 2 && group.size > 0) {
        matrices_.push_back(group);
      }
    }
    if (limit_ == 0 || matrices_.empty()) {
      throw Error(ErrorCode::usage,
                  limit_ == 0 ? "spectral-cap: the limit must be above 0."
                              : "spectral-cap: none of the parameters is a matrix.",
                  "Leave spectral-cap out, or choose other parameters or another limit.");
    }
  }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    inner().step(step);
    for (const ParameterGroup& group : matrices_) {
      at::Tensor matrix =
          step.parameters.narrow(0, group.offset, group.size).view({group.shape.front(), -1});
      if (!matrix.isfinite().all().item<bool>()) {
        continue;
      }
      if (const double norm = spectralNorm(matrix); norm > limit_) {
        matrix.mul_(limit_ / norm);
      }
    }
  }

 private:
  double limit_;
  std::vector<ParameterGroup> matrices_;
};

}  // namespace

WrapperKind spectralCap() {
  WrapperKind kind;
  kind.name = "spectral-cap";
  kind.summary = "no weight matrix keeps a singular value above a limit";
  kind.source = "Gouk et al., arXiv 1804.04368";
  kind.options = {nonNegativeOption("limit", 2, "the largest singular value of a matrix")};
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>& groups,
                 const at::Tensor&, std::unique_ptr<Optimizer> inner) {
    return std::make_unique<SpectralCap>(values, groups, std::move(inner));
  };
  return kind;
}

}  // namespace tarn::engine
