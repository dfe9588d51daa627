#include "engine/model/parameter_space.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include <torch/torch.h>

#include "engine/model/parameter_pattern.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

void requireFloating(const NamedTensor& parameter, at::ScalarType first) {
  const auto& [name, tensor] = parameter;
  const auto dtype = tensor.scalar_type();
  if (dtype != at::kFloat && dtype != at::kDouble) {
    throw Error(ErrorCode::badInput,
                "The parameter '" + name + "' has element type " + at::toString(dtype) +
                    "; only float32 and float64 can be differentiated twice here.",
                "Convert the model with .float() before exporting it.");
  }
  if (dtype != first) {
    throw Error(ErrorCode::badInput,
                "The parameters have different element types: '" + name + "' is " +
                    at::toString(dtype) + ", the first one is " + at::toString(first) + ".",
                "Convert the whole model with .float() or .double() before exporting it.");
  }
}

bool sameMemory(const at::Tensor& a, const at::Tensor& b) {
  return a.numel() > 0 && a.data_ptr() == b.data_ptr() && a.sizes() == b.sizes() &&
         a.strides() == b.strides();
}

std::string layerOf(const std::string& name) {
  const auto dot = name.rfind('.');
  return dot == std::string::npos ? std::string() : name.substr(0, dot);
}

/// Embeddings have no type any more here: their usual names must do.
bool namesEmbedding(std::string name) {
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto contains = [&](std::string_view part) { return name.find(part) != name.npos; };
  return contains("embed") || contains("wte") || contains("wpe") || name.starts_with("tokens.") ||
         name.starts_with("positions.");
}

}  // namespace

ParameterSpace::ParameterSpace(const std::vector<NamedTensor>& parameters) {
  if (parameters.empty()) {
    throw Error(ErrorCode::badInput, "The model has no parameters, so it has no loss landscape.",
                "Export the trained module itself, not a frozen or constant-folded one.");
  }
  const at::NoGradGuard noGrad;
  const auto dtype = parameters.front().second.scalar_type();
  std::vector<at::Tensor> originals;
  std::int64_t size = 0;
  for (const auto& parameter : parameters) {
    requireFloating(parameter, dtype);
    const auto& [name, tensor] = parameter;
    const bool known = std::any_of(leaves_.begin(), leaves_.end(),
                                   [&](const at::Tensor& t) { return t.is_same(tensor); });
    if (known) {
      continue;
    }
    const auto tied = std::find_if(originals.begin(), originals.end(),
                                   [&](const at::Tensor& t) { return sameMemory(t, tensor); });
    leaves_.push_back(tensor);
    groupOfLeaf_.push_back(static_cast<std::size_t>(tied - originals.begin()));
    if (tied != originals.end()) {
      groups_[groupOfLeaf_.back()].tied.push_back(name);
    } else {
      originals.push_back(tensor.detach());
      groups_.push_back({name, tensor.sizes().vec(), size, tensor.numel(), layerOf(name), {}});
      size += tensor.numel();
    }
  }
  markEnds();
  flat_ = at::empty({size}, originals.front().options());
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    view(flat_, groups_[i]).copy_(originals[i]);
  }
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    leaves_[i].set_data(view(flat_, groups_[groupOfLeaf_[i]]));
    leaves_[i].set_requires_grad(true);
  }
}

void ParameterSpace::markEnds() {
  ParameterGroup* last = nullptr;
  for (const std::size_t place : groupOfLeaf_) {
    ParameterGroup& group = groups_[place];
    if (group.shape.size() >= 2) {
      group.entry = group.entry || last == nullptr || namesEmbedding(group.name);
      last = &group;
    }
  }
  if (last != nullptr) {
    last->head = true;
  }
}

void ParameterSpace::choose(const std::vector<std::string>& patterns) {
  const at::NoGradGuard noGrad;
  const auto chosen = chosenGroups(groups_, patterns);
  const auto before = flat_;
  std::vector<ParameterGroup> groups;
  std::vector<at::Tensor> pieces;
  std::vector<std::size_t> newPlace(groups_.size());
  std::int64_t size = 0;
  for (std::size_t i = 0; i < groups_.size(); ++i) {
    if (chosen[i]) {
      newPlace[i] = groups.size();
      pieces.push_back(before.narrow(0, groups_[i].offset, groups_[i].size));
      groups.push_back(groups_[i]);
      groups.back().offset = size;
      size += groups.back().size;
    }
  }
  groups_ = std::move(groups);
  flat_ = at::cat(pieces);
  std::vector<at::Tensor> leaves;
  std::vector<std::size_t> groupOfLeaf;
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    if (chosen[groupOfLeaf_[i]]) {
      groupOfLeaf.push_back(newPlace[groupOfLeaf_[i]]);
      leaves_[i].set_data(view(flat_, groups_[groupOfLeaf.back()]));
      leaves.push_back(leaves_[i]);
    } else {
      leaves_[i].set_requires_grad(false);
    }
  }
  leaves_ = std::move(leaves);
  groupOfLeaf_ = std::move(groupOfLeaf);
}

void ParameterSpace::moveTo(at::Device device) {
  const at::NoGradGuard noGrad;
  flat_ = flat_.to(device);
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    leaves_[i].set_data(view(flat_, groups_[groupOfLeaf_[i]]));
  }
}

void ParameterSpace::set(const at::Tensor& values) {
  if (values.dim() != 1 || values.numel() != size()) {
    throw Error(ErrorCode::badInput,
                "A parameter vector of " + std::to_string(values.numel()) +
                    " numbers does not fit a model of " + std::to_string(size()) + " parameters.",
                "Use parameters that belong to this model.");
  }
  const at::NoGradGuard noGrad;
  flat_.copy_(values);
}

at::Tensor ParameterSpace::squaredNorm() const {
  auto sum = at::zeros({}, flat_.options().dtype(at::kDouble));
  std::size_t group = 0;
  for (std::size_t i = 0; i < leaves_.size(); ++i) {
    if (groupOfLeaf_[i] == group) {
      sum = sum + leaves_[i].to(at::kDouble).square().sum();
      ++group;
    }
  }
  return sum;
}

at::Tensor ParameterSpace::flatten(const std::vector<at::Tensor>& perLeaf) const {
  const at::NoGradGuard noGrad;
  auto result = at::zeros_like(flat_);
  for (std::size_t i = 0; i < perLeaf.size(); ++i) {
    if (perLeaf[i].defined()) {
      view(result, groups_[groupOfLeaf_[i]]).add_(perLeaf[i]);
    }
  }
  return result;
}

std::vector<at::Tensor> ParameterSpace::unflatten(const at::Tensor& flat) const {
  std::vector<at::Tensor> result;
  result.reserve(leaves_.size());
  for (const auto group : groupOfLeaf_) {
    result.push_back(view(flat, groups_[group]));
  }
  return result;
}

at::Tensor ParameterSpace::view(const at::Tensor& flat, const ParameterGroup& group) const {
  return flat.narrow(0, group.offset, group.size).view(group.shape);
}

}  // namespace tarn::engine
