#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "topology/io/nd_array.h"

namespace tarn::engine {

enum class Layout { none, nchw, nhwc };

/// y = (float(x)·scale − mean)/std per channel, see openDataset().
struct InputTransform {
  Layout layout = Layout::none;
  double scale = 1;
  std::vector<double> mean{0};
  std::vector<double> std{1};
};

/// Reads the protocol's transform map; a missing or null one changes nothing.
/// Throws Error(usage) for what cannot be read, or a std of 0.
InputTransform transformFromJson(const nlohmann::json& data);

/// The array's shape after the layout was applied, without the samples' axis: channels first.
/// Throws Error(badInput) when the layout does not fit or has to be said and was not.
std::vector<std::int64_t> sampleShape(const NdArray& inputs, Layout layout);

/// The chosen rows (along the first axis), transformed, as a tensor of `dtype`.
/// Throws Error(badInput) as above, for an element type other than uint8, float32 and float64, for
/// means or stds that do not fit the channels, and for values that are not finite.
at::Tensor transformInputs(const NdArray& inputs, const InputTransform& transform,
                           const std::vector<std::int64_t>& rows, at::ScalarType dtype);

}  // namespace tarn::engine
