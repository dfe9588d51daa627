#include "engine/landscape/slice.h"

#include <algorithm>
#include <array>

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

std::vector<double> toDoubles(const at::Tensor& tensor) {
  const auto values = tensor.detach().to(at::kCPU, at::kDouble).contiguous();
  const auto* data = values.const_data_ptr<double>();
  return {data, data + values.numel()};
}

template <typename Real>
void fill(std::span<Real> target, std::span<const double> center,
          const std::vector<std::vector<double>>& directions,
          std::span<const double> coefficients) {
  constexpr std::size_t block = 1024;
  std::array<double, block> sum{};
  for (std::size_t first = 0; first < target.size(); first += block) {
    const auto count = std::min(block, target.size() - first);
    std::copy_n(center.begin() + static_cast<std::ptrdiff_t>(first), count, sum.begin());
    for (std::size_t axis = 0; axis < directions.size(); ++axis) {
      const double* direction = directions[axis].data() + first;
      for (std::size_t i = 0; i < count; ++i) {
        sum[i] += coefficients[axis] * direction[i];
      }
    }
    std::transform(sum.begin(), sum.begin() + static_cast<std::ptrdiff_t>(count),
                   target.begin() + static_cast<std::ptrdiff_t>(first),
                   [](double value) { return static_cast<Real>(value); });
  }
}

}  // namespace

Slice::Slice(const at::Tensor& center, const std::vector<at::Tensor>& directions)
    : center_(toDoubles(center)) {
  for (std::size_t axis = 0; axis < directions.size(); ++axis) {
    if (directions[axis].numel() != center.numel()) {
      throw Error(ErrorCode::badInput,
                  "Direction " + std::to_string(axis) + " has " +
                      std::to_string(directions[axis].numel()) + " numbers, the model has " +
                      std::to_string(center.numel()) + " parameters.",
                  "Use directions that were made for this model.");
    }
    if (!directions[axis].isfinite().all().item<bool>()) {
      throw Error(ErrorCode::badInput,
                  "Direction " + std::to_string(axis) + " holds values that are not finite.");
    }
    directions_.push_back(toDoubles(directions[axis]));
  }
}

void Slice::place(Model& model, std::span<const double> coefficients) const {
  write(model.parameters().flat(), coefficients);
}

void Slice::write(const at::Tensor& theta, std::span<const double> coefficients) const {
  const auto size = static_cast<std::size_t>(theta.numel());
  if (size != center_.size() || coefficients.size() != directions_.size()) {
    throw Error(ErrorCode::internal, "A point of a slice does not fit its model.");
  }
  const auto target = theta.is_cpu() ? theta : at::empty_like(theta, at::kCPU);
  if (theta.scalar_type() == at::kFloat) {
    fill(std::span(target.data_ptr<float>(), size), center_, directions_, coefficients);
  } else {
    fill(std::span(target.data_ptr<double>(), size), center_, directions_, coefficients);
  }
  if (!theta.is_cpu()) {
    theta.copy_(target);
  }
}

}  // namespace tarn::engine
