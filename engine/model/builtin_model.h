#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/model/model.h"

namespace tarn::engine {

/// What a built-in network is made of, in the order in which its forward pass takes it.
struct Weights {
  std::vector<NamedTensor> parameters;
  std::vector<NamedTensor> buffers;
};

/// What the built-in networks have in common. A network reads its tensors by their place in the
/// lists it was made with.
class BuiltinModel : public Model {
 public:
  std::unique_ptr<Model> clone() const override;
  std::optional<ForwardGraph> forwardGraph(const Inputs& example) override;
  bool differentiates() const override { return false; }

 protected:
  BuiltinModel(Weights weights, const std::string& sha256);

  const at::Tensor& weight(std::size_t place) const { return weights_.parameters[place].second; }
  const at::Tensor& buffer(std::size_t place) const { return weights_.buffers[place].second; }

  /// BatchNorm over the channels (the second axis): scale and shift are the parameters at `place`
  /// and the next, its statistics and counter the three buffers from `firstBuffer`.
  at::Tensor batchNorm(const at::Tensor& x, std::size_t place, std::size_t firstBuffer) const;

  /// The only input. Throws Error(badInput) when there are several, or it holds no floating-point
  /// numbers.
  static const at::Tensor& onlyInput(const Inputs& inputs);

  /// The same network with other tensors.
  virtual std::unique_ptr<BuiltinModel> madeOf(Weights weights) const = 0;

 private:
  Weights weights_;  ///< the same tensors that the base class keeps
};

/// Adds `NAME.weight` and `NAME.bias` (1 and 0) and the statistics of a BatchNorm layer.
void addBatchNorm(Weights& weights, const std::string& name, std::int64_t channels,
                  at::ScalarType dtype);

}  // namespace tarn::engine
