#include "engine/landscape/first_outputs.h"

#include <torch/torch.h>

namespace tarn::engine {
namespace {

/// What a flat vector gives one of the network's tensors, in double; zeros where that is none of
/// θ's.
at::Tensor partOf(const Model& model, const at::Tensor& tensor,
                  const std::vector<at::Tensor>& parts) {
  const auto& leaves = model.parameters().leaves();
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (leaves[i].is_same(tensor)) {
      return parts[i];
    }
  }
  return at::zeros(tensor.sizes(), tensor.options().dtype(at::kDouble));
}

at::Tensor layerOutput(const Model& model, const PointProgram& program, const FirstLayer& layer,
                       const at::Tensor& x, const at::Tensor& flat) {
  const auto parts = model.parameters().unflatten(flat);
  const auto& tensors = program.tensors();
  return at::linear(x, partOf(model, tensors[layer.weight], parts),
                    layer.bias ? partOf(model, tensors[*layer.bias], parts) : at::Tensor());
}

}  // namespace

FirstOutputs::FirstOutputs(const PointPrograms& programs, const Slice& slice,
                           const std::vector<Batch>& batches) {
  const at::NoGradGuard noGrad;
  const Model& model = programs.model();
  std::vector<at::Tensor> directions;
  for (std::size_t axis = 0; axis < slice.dimension(); ++axis) {
    directions.push_back(at::tensor(slice.direction(axis), at::kDouble).to(model.device()));
  }
  for (const auto& batch : batches) {
    const auto& program = programs.of(batch);
    const auto& tensors = program.tensors();
    auto& layers = products_.emplace_back();
    for (const auto& layer : program.firstLayers()) {
      const auto x = program.firstInput(layer, batch.inputs).to(at::kDouble);
      std::vector<at::Tensor> terms{
          at::linear(x, tensors[layer.weight].to(at::kDouble),
                     layer.bias ? tensors[*layer.bias].to(at::kDouble) : at::Tensor())};
      for (const auto& direction : directions) {
        terms.push_back(layerOutput(model, program, layer, x, direction));
      }
      layers.push_back(at::stack(terms).to(model.dtype()));
    }
  }
}

std::uint64_t FirstOutputs::bytes(const PointProgram& program, const Slice& slice,
                                  const Inputs& example, std::int64_t samples) {
  std::uint64_t bytes = 0;
  for (const auto& layer : program.firstLayers()) {
    const auto x = program.firstInput(layer, example);
    const auto& weight = program.tensors()[layer.weight];
    const auto perSample = x.numel() / x.size(-1) / std::max<std::int64_t>(x.size(0), 1);
    bytes += static_cast<std::uint64_t>(samples * std::max<std::int64_t>(perSample, 1) *
                                        weight.size(0)) *
             weight.element_size();
  }
  return bytes * (1 + slice.dimension());
}

std::vector<at::Tensor> FirstOutputs::at(std::size_t batch,
                                         std::span<const double> coefficients) const {
  std::vector<at::Tensor> result;
  for (const auto& terms : products_[batch]) {
    auto sum =
        coefficients.empty() ? terms[0].clone() : at::add(terms[0], terms[1], coefficients[0]);
    for (std::size_t axis = 1; axis < coefficients.size(); ++axis) {
      sum.add_(terms[static_cast<std::int64_t>(axis) + 1], coefficients[axis]);
    }
    result.push_back(std::move(sum));
  }
  return result;
}

std::vector<at::Tensor> FirstOutputs::at(std::size_t batch, const at::Tensor& coefficients) const {
  const auto points = coefficients.size(0);
  const auto weights = at::cat({at::ones({points, 1}, coefficients.options()), coefficients}, 1);
  std::vector<at::Tensor> result;
  for (const auto& terms : products_[batch]) {
    auto shape = terms.sizes().vec();
    shape[0] = points;
    result.push_back(weights.matmul(terms.flatten(1)).view(shape));
  }
  return result;
}

}  // namespace tarn::engine
