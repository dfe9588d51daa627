#include "engine/landscape/winograd.h"

#include <string>

#include <torch/library.h>
#include <torch/torch.h>

#include "engine/data/vector_code.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

void require(bool condition, const char* complaint) {
  if (!condition) {
    throw Error(ErrorCode::usage,
                std::string("A convolution by Winograd's filtering ") + complaint);
  }
}

const float* dataOf(const std::optional<at::Tensor>& tensor) {
  return tensor ? tensor->const_data_ptr<float>() : nullptr;
}

bool isPlain(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.scalar_type() == at::kFloat;
}

at::Tensor winograd(const at::Tensor& x, const at::Tensor& filters,
                    const std::optional<at::Tensor>& bias, const std::optional<at::Tensor>& other,
                    std::int64_t outputs, std::int64_t padding, bool relu) {
  require(vectorCodeRuns(), "does not run on this processor.");
  require(isPlain(x) && isPlain(filters) && x.dim() == 4, "takes images of floats.");
  const WinogradShape shape{x.size(0), x.size(2), x.size(3), x.size(1), outputs, padding};
  require(shape.outputHeight() > 0 && shape.outputWidth() > 0, "needs images of 3×3 or more.");
  require(filters.is_contiguous() && filters.dim() == 3 && filters.size(0) == winogradPositions &&
              filters.size(1) == shape.inputs && filters.size(2) >= outputs,
          "was given filters of another shape.");
  require(!bias || (isPlain(*bias) && bias->numel() == outputs), "was given another bias.");
  auto y = at::empty({shape.images, outputs, shape.outputHeight(), shape.outputWidth()},
                     x.options(), at::MemoryFormat::ChannelsLast);
  require(!other || (isPlain(*other) && other->sizes() == y.sizes()), "was given another term.");
  const auto last = [](const at::Tensor& tensor) {
    return tensor.contiguous(at::MemoryFormat::ChannelsLast);
  };
  const auto images = last(x);
  const auto term = other ? std::optional(last(*other)) : std::nullopt;
  const auto flatBias = bias ? std::optional(bias->contiguous()) : std::nullopt;
  const auto scratch = at::zeros({winogradScratch(shape)}, x.options());
  winogradConvolve(shape, images.const_data_ptr<float>(), filters.const_data_ptr<float>(),
                   dataOf(flatBias), dataOf(term), relu, scratch.mutable_data_ptr<float>(),
                   y.mutable_data_ptr<float>());
  return y;
}

/// G⊗G with the transform G of filters of length 3.
at::Tensor filterTransform() {
  const auto g = at::tensor({1., 0., 0., .5, .5, .5, .5, -.5, .5, 0., 0., 1.}).view({4, 3});
  return at::kron(g, g);
}

}  // namespace

TORCH_LIBRARY(tarn, library) {
  library.def(
      "winograd(Tensor x, Tensor filters, Tensor? bias, Tensor? other, int outputs, int padding, "
      "bool relu) -> Tensor");
}

TORCH_LIBRARY_IMPL(tarn, CPU, library) {
  library.impl("winograd", winograd);
}

at::Tensor winogradFilters(const at::Tensor& weight) {
  const auto outputs = weight.size(0);
  const auto inputs = weight.size(1);
  const auto flat = weight.contiguous().view({outputs * inputs, 9});
  const auto transformed = filterTransform().to(weight.scalar_type()).matmul(flat.t());
  const auto byOutput = transformed.view({winogradPositions, outputs, inputs}).transpose(1, 2);
  const auto surplus = (winogradLane - outputs % winogradLane) % winogradLane;
  return at::constant_pad_nd(byOutput, {0, surplus}).contiguous();
}

c10::Symbol winogradOperator() {
  return c10::Symbol::fromQualString("tarn::winograd");
}

}  // namespace tarn::engine
