#pragma once

#include <cstdint>
#include <vector>

#include <ATen/core/Tensor.h>

namespace tarn::engine {

/// What a model is given: one tensor or several in order, each with the samples as its first axis.
/// Floating-point ones are of the model's type; tokens are int64, masks bool.
class Inputs {
 public:
  Inputs() = default;
  Inputs(at::Tensor only);
  Inputs(std::vector<at::Tensor> several);

  std::size_t size() const { return tensors_.size(); }
  const at::Tensor& operator[](std::size_t index) const { return tensors_[index]; }
  std::vector<at::Tensor>::const_iterator begin() const { return tensors_.begin(); }
  std::vector<at::Tensor>::const_iterator end() const { return tensors_.end(); }
  std::int64_t samples() const { return tensors_.front().size(0); }

  /// Consecutive samples, in the same memory.
  Inputs narrow(std::int64_t first, std::int64_t count) const;
  /// Copies of chosen samples.
  Inputs select(const at::Tensor& rows) const;
  /// The same, 4-D tensors with the channels last in memory.
  Inputs channelsLast() const;
  /// Copies on a device; the same where they lie there.
  Inputs to(at::Device device) const;
  /// The same memory in tensors of their own: what is asked of these (a gradient by them, say)
  /// does not show in the originals. An undefined `last` is left out.
  Inputs detachedWith(const at::Tensor& last) const;

 private:
  std::vector<at::Tensor> tensors_;
};

}  // namespace tarn::engine
