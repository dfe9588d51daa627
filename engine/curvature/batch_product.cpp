#include "engine/curvature/batch_product.h"

#include <cmath>
#include <limits>

#include <torch/csrc/autograd/forward_grad.h>
#include <torch/torch.h>

#include "engine/data/batch_loss.h"
#include "engine/data/model_check.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

using Tensors = std::vector<at::Tensor>;

/// Without the loss's decay, which does not depend on outputs.
at::Tensor lossOfOutputs(const at::Tensor& outputs, const Batch& batch, const Loss& loss,
                         std::int64_t samples) {
  return lossPerSample(loss, outputs, batch.targets).sum() / static_cast<double>(samples);
}

/// Only the parts of a vector–Jacobian product that can be: outputs that depend on something, and
/// leaves of the direction. The result has one tensor per leaf.
Tensors backward(const Tensors& outputs, const Tensors& weights, const Tensors& leaves,
                 const LeafDirection& direction, bool keep) {
  Tensors wanted;
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    if (direction.perLeaf[i].defined()) {
      wanted.push_back(leaves[i]);
    }
  }
  Tensors result(leaves.size());
  if (outputs.empty() || wanted.empty()) {
    return result;
  }
  const auto found = torch::autograd::grad(outputs, wanted, weights, keep, false, true);
  for (std::size_t i = 0, next = 0; i < leaves.size(); ++i) {
    if (direction.perLeaf[i].defined()) {
      result[i] = found[next++];
    }
  }
  return result;
}

/// Gives the leaves tangents while it lives. Whatever is thrown, the level is released: a level
/// that stays keeps the process from ending.
class Tangents {
 public:
  Tangents(const Tensors& leaves, const LeafDirection& direction)
      : level_(torch::autograd::ForwardADLevel::get_next_idx()) {
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      if (direction.perLeaf[i].defined()) {
        leaves[i]._set_fw_grad(direction.perLeaf[i], level_, false);
      }
    }
  }
  ~Tangents() { torch::autograd::ForwardADLevel::release_idx(level_); }
  Tangents(const Tangents&) = delete;
  Tangents& operator=(const Tangents&) = delete;

  /// The tangent of a tensor that was computed from the leaves; undefined when it has none.
  at::Tensor of(const at::Tensor& tensor) const {
    return tensor.defined() ? at::Tensor(tensor._fw_grad(level_)) : at::Tensor();
  }

 private:
  std::uint64_t level_;
};

/// Moves θ while it lives.
class Displacement {
 public:
  explicit Displacement(Model& model) : space_(model.parameters()), home_(space_.flat().clone()) {}
  ~Displacement() {
    const at::NoGradGuard noGrad;
    space_.flat().copy_(home_);
  }
  Displacement(const Displacement&) = delete;
  Displacement& operator=(const Displacement&) = delete;

  void moveTo(double step, const at::Tensor& direction) { space_.set(home_ + step * direction); }

  /// Balances rounding against the third derivative: ∛ε·(1 + ‖θ‖) along the unit direction.
  double step(const at::Tensor& direction) const {
    const double epsilon = space_.dtype() == at::kFloat ? std::numeric_limits<float>::epsilon()
                                                        : std::numeric_limits<double>::epsilon();
    return std::cbrt(epsilon) * (1 + home_.norm().item<double>()) / direction.norm().item<double>();
  }

 private:
  ParameterSpace& space_;
  at::Tensor home_;
};

/// (f(θ + hv) − f(θ − hv)) / 2h, tensor by tensor.
Tensors difference(Model& model, const at::Tensor& v, const std::function<Tensors()>& f) {
  if (v.count_nonzero().item<std::int64_t>() == 0) {
    return {};
  }
  Displacement displacement(model);
  const auto step = displacement.step(v);
  displacement.moveTo(step, v);
  auto result = f();
  displacement.moveTo(-step, v);
  const auto behind = f();
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (result[i].defined()) {
      result[i] = (result[i] - behind[i]) / (2 * step);
    }
  }
  return result;
}

BatchProduct hessianByDoubleBackward(Model& model, const Batch& batch, const Loss& loss,
                                     std::int64_t samples) {
  return [leaves = model.parameters().leaves(),
          gradient = batchGradient(model, batch, loss, samples, true)](
             const LeafDirection& direction, bool again) {
    Tensors outputs;
    Tensors weights;
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      if (direction.perLeaf[i].defined() && gradient[i].defined() && gradient[i].requires_grad()) {
        outputs.push_back(gradient[i]);
        weights.push_back(direction.perLeaf[i]);
      }
    }
    return backward(outputs, weights, leaves, direction, again);
  };
}

BatchProduct hessianByForwardOverReverse(Model& model, const Batch& batch, const Loss& loss,
                                         std::int64_t samples) {
  return [&model, batch, loss, samples](const LeafDirection& direction, bool) {
    const Tangents tangents(model.parameters().leaves(), direction);
    auto result = batchGradient(model, batch, loss, samples, false);
    for (auto& part : result) {
      part = tangents.of(part);
    }
    return result;
  };
}

BatchProduct hessianByDifferences(Model& model, const Batch& batch, const Loss& loss,
                                  std::int64_t samples) {
  return [&model, batch, loss, samples](const LeafDirection& direction, bool) {
    auto result = difference(model, direction.flat,
                             [&] { return batchGradient(model, batch, loss, samples, false); });
    result.resize(direction.perLeaf.size());
    return result;
  };
}

/// Jᵀ(H_z(Jv)), given the outputs with their graph and Jv.
Tensors backThroughLoss(const at::Tensor& outputs, const at::Tensor& tangent, const Batch& batch,
                        const Loss& loss, std::int64_t samples, const Tensors& leaves,
                        const LeafDirection& direction, bool keep) {
  const auto z = outputs.detach().requires_grad_();
  const auto slope =
      torch::autograd::grad({lossOfOutputs(z, batch, loss, samples)}, {z}, {}, true, true);
  if (!slope[0].requires_grad()) {
    return Tensors(leaves.size());
  }
  const auto bent = torch::autograd::grad(slope, {z}, {tangent.detach()}, false, false, true);
  if (!bent[0].defined()) {
    return Tensors(leaves.size());
  }
  return backward({outputs}, {bent[0]}, leaves, direction, keep);
}

/// Jv as the derivative of Jᵀu, which is linear in u, by u.
BatchProduct gaussNewtonByDoubleBackward(Model& model, const Batch& batch, const Loss& loss,
                                         std::int64_t samples) {
  const auto leaves = model.parameters().leaves();
  const auto outputs = model.forward(batch.inputs);
  const auto u = at::zeros_like(outputs).detach().requires_grad_();
  const auto pulled = torch::autograd::grad({outputs}, leaves, {u}, true, true, true);
  return [=](const LeafDirection& direction, bool again) {
    Tensors through;
    Tensors weights;
    for (std::size_t i = 0; i < pulled.size(); ++i) {
      if (direction.perLeaf[i].defined() && pulled[i].defined() && pulled[i].requires_grad()) {
        through.push_back(pulled[i]);
        weights.push_back(direction.perLeaf[i]);
      }
    }
    if (through.empty()) {
      return Tensors(leaves.size());
    }
    const auto tangent = torch::autograd::grad(through, {u}, weights, true, false, true)[0];
    return tangent.defined()
               ? backThroughLoss(outputs, tangent, batch, loss, samples, leaves, direction, again)
               : Tensors(leaves.size());
  };
}

/// Jv by a forward pass; undefined when the outputs do not depend on the direction's leaves.
at::Tensor forwardTangent(Model& model, const Batch& batch, const LeafDirection& direction) {
  const Tangents tangents(model.parameters().leaves(), direction);
  const at::NoGradGuard noGrad;
  return tangents.of(model.forward(batch.inputs));
}

/// Jv by central differences; empty for v = 0.
Tensors outputDifference(Model& model, const Batch& batch, const at::Tensor& v) {
  return difference(model, v, [&] {
    const at::NoGradGuard noGrad;
    return Tensors{model.forward(batch.inputs)};
  });
}

BatchProduct gaussNewtonByForwardTangent(Model& model, const Batch& batch, const Loss& loss,
                                         std::int64_t samples) {
  return [&model, batch, loss, samples](const LeafDirection& direction, bool) {
    const auto& leaves = model.parameters().leaves();
    const auto tangent = forwardTangent(model, batch, direction);
    return tangent.defined() ? backThroughLoss(model.forward(batch.inputs), tangent, batch, loss,
                                               samples, leaves, direction, false)
                             : Tensors(leaves.size());
  };
}

BatchProduct gaussNewtonByDifferences(Model& model, const Batch& batch, const Loss& loss,
                                      std::int64_t samples) {
  return [&model, batch, loss, samples](const LeafDirection& direction, bool) {
    const auto& leaves = model.parameters().leaves();
    const auto tangent = outputDifference(model, batch, direction.flat);
    return tangent.empty() ? Tensors(leaves.size())
                           : backThroughLoss(model.forward(batch.inputs), tangent[0], batch, loss,
                                             samples, leaves, direction, false);
  };
}

}  // namespace

OutputSlopes outputsAlong(Model& model, const Batch& batch, const at::Tensor& v) {
  LeafDirection direction;
  direction.flat = v;
  direction.perLeaf = model.parameters().unflatten(v);
  OutputSlopes found;
  try {
    found.values = forwardTangent(model, batch, direction);
  } catch (const std::exception&) {
    found.byDifferences = true;
    const auto differences = outputDifference(model, batch, v);
    found.values = differences.empty() ? at::Tensor() : differences[0];
  }
  if (!found.values.defined()) {
    const at::NoGradGuard noGrad;
    found.values = at::zeros_like(model.forward(batch.inputs));
  }
  return found;
}

std::vector<at::Tensor> batchGradient(Model& model, const Batch& batch, const Loss& loss,
                                      std::int64_t samples, bool differentiable) {
  const auto value = batchLoss(model, batch, loss) / static_cast<double>(samples);
  if (!value.requires_grad()) {
    throw notDifferentiable(model, batch, loss);
  }
  return torch::autograd::grad({value}, model.parameters().leaves(), {}, differentiable,
                               differentiable, true);
}

BatchProduct batchProduct(Model& model, const Batch& batch, const Loss& loss, std::int64_t samples,
                          CurvatureMatrix matrix, ProductMethod method) {
  const bool hessian = matrix == CurvatureMatrix::hessian;
  if (!hessian && loss.kind == Loss::model) {
    throw Error(ErrorCode::unsupported,
                "A model that returns its own loss has no outputs for a Gauss-Newton matrix.",
                "Take the Hessian, or export a model that returns outputs.");
  }
  switch (method) {
    case ProductMethod::doubleBackward:
      return hessian ? hessianByDoubleBackward(model, batch, loss, samples)
                     : gaussNewtonByDoubleBackward(model, batch, loss, samples);
    case ProductMethod::forwardOverReverse:
      return hessian ? hessianByForwardOverReverse(model, batch, loss, samples)
                     : gaussNewtonByForwardTangent(model, batch, loss, samples);
    default:
      return hessian ? hessianByDifferences(model, batch, loss, samples)
                     : gaussNewtonByDifferences(model, batch, loss, samples);
  }
}

}  // namespace tarn::engine
