#include "engine/model/inputs.h"

#include <ATen/ATen.h>

namespace tarn::engine {
namespace {

template <typename Change>
Inputs changed(const Inputs& inputs, const Change& change) {
  std::vector<at::Tensor> tensors;
  for (const auto& tensor : inputs) {
    tensors.push_back(change(tensor));
  }
  return {std::move(tensors)};
}

}  // namespace

Inputs::Inputs(at::Tensor only) : tensors_{std::move(only)} {}

Inputs::Inputs(std::vector<at::Tensor> several) : tensors_(std::move(several)) {}

Inputs Inputs::narrow(std::int64_t first, std::int64_t count) const {
  return changed(*this, [&](const at::Tensor& t) { return t.narrow(0, first, count); });
}

Inputs Inputs::select(const at::Tensor& rows) const {
  return changed(*this, [&](const at::Tensor& t) { return t.index_select(0, rows); });
}

Inputs Inputs::channelsLast() const {
  return changed(*this, [](const at::Tensor& t) {
    return t.dim() == 4 ? t.contiguous(at::MemoryFormat::ChannelsLast) : t;
  });
}

Inputs Inputs::to(at::Device device) const {
  return changed(*this, [&](const at::Tensor& t) { return t.to(device); });
}

Inputs Inputs::detachedWith(const at::Tensor& last) const {
  auto result = changed(*this, [](const at::Tensor& t) { return t.detach(); });
  if (last.defined()) {
    result.tensors_.push_back(last.detach());
  }
  return result;
}

}  // namespace tarn::engine
