#include "engine/model/tensor_bytes.h"

#include <cstring>

#include <torch/torch.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

at::ScalarType scalarType(const std::string& dtype) {
  if (dtype == "f32") {
    return at::kFloat;
  }
  if (dtype == "f64") {
    return at::kDouble;
  }
  if (dtype == "i64") {
    return at::kLong;
  }
  if (dtype == "u8") {
    return at::kByte;
  }
  throw Error(ErrorCode::badInput, "An array has the unknown element type '" + dtype + "'.");
}

std::string pipeName(at::ScalarType type) {
  switch (type) {
    case at::kFloat:
      return "f32";
    case at::kDouble:
      return "f64";
    case at::kLong:
      return "i64";
    case at::kByte:
      return "u8";
    default:
      throw Error(ErrorCode::internal,
                  std::string("A tensor of ") + at::toString(type) + " cannot be sent.");
  }
}

}  // namespace

at::Tensor tensorFromBytes(const ArrayBytes& array) {
  const auto type = scalarType(array.dtype);
  if (byteSize(array.dtype, array.shape) != array.bytes.size()) {
    throw Error(ErrorCode::badInput, "An array's bytes do not fit its shape.");
  }
  auto tensor = at::empty(array.shape, at::TensorOptions().dtype(type));
  if (!array.bytes.empty()) {
    std::memcpy(tensor.data_ptr(), array.bytes.data(), array.bytes.size());
  }
  return tensor;
}

std::span<const std::byte> bytesOf(const at::Tensor& tensor) {
  return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

void sendTensor(JobContext& job, const std::string& name, const at::Tensor& tensor) {
  const auto contiguous = tensor.detach().cpu().contiguous();
  job.sendArray(name, pipeName(contiguous.scalar_type()), contiguous.sizes(), bytesOf(contiguous));
}

}  // namespace tarn::engine
