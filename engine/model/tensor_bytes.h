#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <ATen/core/Tensor.h>

#include "engine/server/job.h"

namespace tarn::engine {

/// A tensor of the array's values: a copy. Throws Error(badInput) for a dtype or a number of bytes
/// that does not fit the shape.
at::Tensor tensorFromBytes(const ArrayBytes& array);

/// The bytes of a contiguous CPU tensor; they live as long as the tensor.
std::span<const std::byte> bytesOf(const at::Tensor& tensor);

/// Sends a tensor of float32, float64, int64 or uint8 as an `array`.
void sendTensor(JobContext& job, const std::string& name, const at::Tensor& tensor);

}  // namespace tarn::engine
