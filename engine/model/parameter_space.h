#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// One named tensor inside the flat vector θ.
struct ParameterGroup {
  std::string name;                 ///< "layer1.0.conv1.weight"
  std::vector<std::int64_t> shape;  ///< as in the model; (out, in, kh, kw) for a convolution
  std::int64_t offset = 0;          ///< first element in θ
  std::int64_t size = 0;            ///< number of elements
  std::string layer;                ///< the module that owns it: "layer1.0.conv1"; may be empty
  std::vector<std::string> tied;    ///< other names of the same memory
  /// Of the model's first layer (its first parameter of at least two dimensions) or an embedding.
  bool entry = false;
  /// Of the model's last layer (its last parameter of at least two dimensions).
  bool head = false;
};

using NamedTensor = std::pair<std::string, at::Tensor>;

/// The parameters of a model, all or a choice, as one flat vector θ. The model's own tensors are
/// views of θ's storage: writing θ changes the model, and the other way round. Parameters that
/// share their memory (tied weights) are one group.
class ParameterSpace {
 public:
  /// Moves the parameters into one vector, in the order given, and makes them require gradients.
  /// Throws Error(badInput) when there is none or they are not all float32 or all float64.
  explicit ParameterSpace(const std::vector<NamedTensor>& parameters);

  /// Makes θ the chosen groups alone; the others stay as they are and need no gradients any more.
  /// `patterns` as for chosenGroups(), which throws.
  void choose(const std::vector<std::string>& patterns);

  const std::vector<ParameterGroup>& groups() const { return groups_; }
  std::int64_t size() const { return flat_.numel(); }
  at::ScalarType dtype() const { return flat_.scalar_type(); }

  /// θ itself: 1-D, contiguous, no gradient. Writing into it in place moves the model.
  const at::Tensor& flat() const { return flat_; }
  /// Moves θ, and the model's tensors with it, to a device.
  void moveTo(at::Device device);
  /// θ ← values (any floating dtype, rounded to θ's). Throws Error(badInput) on another length.
  void set(const at::Tensor& values);

  /// The leaf tensors that the model reads, all requiring gradients: what to differentiate by. As
  /// many as groups(), more when weights are tied.
  const std::vector<at::Tensor>& leaves() const { return leaves_; }
  /// ‖θ‖², tied parameters once: a number in float64, differentiable by the leaves.
  at::Tensor squaredNorm() const;
  /// One tensor per leaf (a gradient, say) as one flat vector of θ's dtype; undefined ones count
  /// as 0, those of tied leaves are added.
  at::Tensor flatten(const std::vector<at::Tensor>& perLeaf) const;
  /// A flat vector as one view per leaf, in the leaves' shapes.
  std::vector<at::Tensor> unflatten(const at::Tensor& flat) const;
  /// The part of a flat vector that belongs to one group, in the group's shape (a view).
  at::Tensor view(const at::Tensor& flat, const ParameterGroup& group) const;

 private:
  void markEnds();

  std::vector<ParameterGroup> groups_;
  at::Tensor flat_;
  std::vector<at::Tensor> leaves_;
  std::vector<std::size_t> groupOfLeaf_;
};

}  // namespace tarn::engine
