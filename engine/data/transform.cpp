#include "engine/data/transform.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

#include "engine/model/torch_error.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

std::vector<double> numbers(const nlohmann::json& transform, const std::string& key,
                            double fallback) {
  const auto found = transform.find(key);
  if (found == transform.end() || found->is_null()) {
    return {fallback};
  }
  std::vector<double> result;
  for (const auto& value : found->is_array() ? *found : nlohmann::json::array({*found})) {
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
      throw Error(ErrorCode::usage, "The transform's '" + key + "' must be a list of numbers.");
    }
    result.push_back(value.get<double>());
  }
  return result.empty() ? std::vector<double>{fallback} : result;
}

Layout layoutFromWord(const nlohmann::json& word) {
  if (word.is_null() || word == "none") {
    return Layout::none;
  }
  if (word == "nchw") {
    return Layout::nchw;
  }
  if (word == "nhwc") {
    return Layout::nhwc;
  }
  throw Error(ErrorCode::usage, "The transform's layout must be nchw, nhwc or none.");
}

at::ScalarType elementType(DType dtype) {
  switch (dtype) {
    case DType::uint8:
      return at::kByte;
    case DType::float32:
      return at::kFloat;
    case DType::float64:
      return at::kDouble;
    default:
      throw Error(ErrorCode::badInput,
                  "The inputs have element type " + std::string(toString(dtype)) +
                      "; uint8, float32 and float64 can be read.",
                  "Save them with .astype(numpy.float32).");
  }
}

std::vector<std::int64_t> shapeOf(const NdArray& array) {
  return {array.shape.begin(), array.shape.end()};
}

bool looksLikeChannels(std::int64_t extent) {
  return extent == 1 || extent == 3;
}

void requireLayoutSaid(const NdArray& inputs, const std::vector<std::int64_t>& shape) {
  const bool obvious =
      inputs.dtype != DType::uint8 && looksLikeChannels(shape[1]) && !looksLikeChannels(shape[3]);
  if (!obvious) {
    throw Error(ErrorCode::badInput,
                "The inputs have shape " + shapeText(shape) + " and element type " +
                    std::string(toString(inputs.dtype)) +
                    ": which axis holds the channels has to be said.",
                "Pass --transform layout=nhwc when they come last, layout=nchw when they come "
                "after the samples.");
  }
}

/// One value per channel, shaped to broadcast over a batch of that many dimensions.
at::Tensor perChannel(const std::vector<double>& values, const std::string& name,
                      const std::vector<std::int64_t>& sample) {
  auto tensor = at::tensor(values, at::kDouble);
  if (values.size() == 1) {
    return tensor;
  }
  if (sample.empty() || static_cast<std::int64_t>(values.size()) != sample[0]) {
    throw Error(ErrorCode::badInput,
                "The transform has " + std::to_string(values.size()) + " values for " + name +
                    ", but a sample of shape " + shapeText(sample) + " has " +
                    std::to_string(sample.empty() ? 1 : sample[0]) + " channels.",
                "Give one value, or one per channel.");
  }
  std::vector<std::int64_t> shape(sample.size(), 1);
  shape[0] = sample[0];
  return tensor.view(shape);
}

}  // namespace

InputTransform transformFromJson(const nlohmann::json& data) {
  InputTransform result;
  const auto found = data.find("transform");
  if (found == data.end() || found->is_null()) {
    return result;
  }
  if (!found->is_object()) {
    throw Error(ErrorCode::usage, "The data's transform must be a map.");
  }
  const auto& transform = *found;
  result.layout = layoutFromWord(transform.value("layout", nlohmann::json()));
  result.scale = numbers(transform, "scale", 1).front();
  result.mean = numbers(transform, "mean", 0);
  result.std = numbers(transform, "std", 1);
  if (std::find(result.std.begin(), result.std.end(), 0.0) != result.std.end()) {
    throw Error(ErrorCode::usage, "The transform divides by a std of 0.");
  }
  return result;
}

std::vector<std::int64_t> sampleShape(const NdArray& inputs, Layout layout) {
  const auto shape = shapeOf(inputs);
  if (layout == Layout::none) {
    if (shape.size() == 4) {
      requireLayoutSaid(inputs, shape);
    }
    return {shape.begin() + 1, shape.end()};
  }
  if (shape.size() == 3) {
    return {1, shape[1], shape[2]};
  }
  if (shape.size() != 4) {
    throw Error(ErrorCode::badInput,
                "A layout was given, but the inputs of shape " + shapeText(shape) +
                    " are no images: those have 3 or 4 axes.",
                "Leave the layout out.");
  }
  return layout == Layout::nchw ? std::vector<std::int64_t>{shape[1], shape[2], shape[3]}
                                : std::vector<std::int64_t>{shape[3], shape[1], shape[2]};
}

at::Tensor transformInputs(const NdArray& inputs, const InputTransform& transform,
                           const std::vector<std::int64_t>& rows, at::ScalarType dtype) {
  constexpr std::int64_t chunk = 256;
  const auto sample = sampleShape(inputs, transform.layout);
  const auto mean = perChannel(transform.mean, "mean", sample);
  const auto std = perChannel(transform.std, "std", sample);
  const auto stored = at::from_blob(const_cast<std::byte*>(inputs.bytes.data()), shapeOf(inputs),
                                    elementType(inputs.dtype));
  const auto chosen = at::tensor(rows, at::kLong);
  auto shape = sample;
  shape.insert(shape.begin(), chosen.numel());
  auto result = at::empty(shape, at::TensorOptions().dtype(dtype));
  for (std::int64_t first = 0; first < chosen.numel(); first += chunk) {
    const auto count = std::min(chunk, chosen.numel() - first);
    auto values = stored.index_select(0, chosen.narrow(0, first, count)).to(at::kDouble);
    if (transform.layout == Layout::nhwc && values.dim() == 4) {
      values = values.permute({0, 3, 1, 2});
    }
    shape[0] = count;
    result.narrow(0, first, count).copy_((values.reshape(shape) * transform.scale - mean) / std);
  }
  if (!result.isfinite().all().item<bool>()) {
    throw Error(ErrorCode::badInput,
                "The inputs hold values that are not finite after the transform.",
                "Remove NaN and infinity from the file, or mend scale, mean and std.");
  }
  return result;
}

}  // namespace tarn::engine
