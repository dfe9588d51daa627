#include "engine/model/builtin_layers.h"

#include <cmath>

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace tarn::engine {

Activation activationFromWord(const std::string& word) {
  return word == "tanh" ? Activation::tanh : Activation::relu;
}

at::Tensor activate(const at::Tensor& x, Activation activation) {
  return activation == Activation::tanh ? at::tanh(x) : at::relu(x);
}

void addUniformLayer(std::vector<NamedTensor>& parameters, const std::string& name,
                     const std::vector<std::int64_t>& shape, bool bias, at::ScalarType dtype,
                     at::Generator& generator) {
  double fanIn = 1;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) {
    fanIn *= static_cast<double>(shape[axis]);
  }
  const double bound = 1 / std::sqrt(fanIn);
  parameters.emplace_back(name + ".weight",
                          at::empty(shape, dtype).uniform_(-bound, bound, generator));
  if (bias) {
    parameters.emplace_back(name + ".bias",
                            at::empty({shape[0]}, dtype).uniform_(-bound, bound, generator));
  }
}

at::Generator seededGenerator(std::uint64_t seed) {
  return at::detail::createCPUGenerator(seed);
}

}  // namespace tarn::engine
