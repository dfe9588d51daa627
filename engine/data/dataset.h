#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/loss.h"

namespace tarn::engine {

/// The chosen samples, in memory, ready for the model.
struct Dataset {
  at::Tensor inputs;   ///< samples × …, images as samples × channels × height × width
  at::Tensor targets;  ///< int64 class labels (samples), or values in the model's type
  std::string sha256;  ///< of the whole file

  std::int64_t samples() const { return inputs.size(0); }
};

/// Reads the `data` part of an experiment (engine/protocol/README.md): an npz with `inputs` (uint8,
/// float32 or float64) and `targets` (integers for cross-entropy, numbers for mse). The transform
/// is y = (float(x)·scale − mean)/std per channel, in double, rounded to `dtype`; mean and std are
/// one number or one per channel (the axis after the samples). `layout` names the file's own axes:
/// nchw or nhwc for images (a 3-D array is then images of one channel), none for anything else.
/// With subset.seed null the subset is the first N samples, else N drawn at random, in file order.
///
/// Throws Error(notFound), Error(io), Error(badInput), Error(usage).
Dataset openDataset(const nlohmann::json& data, Loss loss, at::ScalarType dtype);

/// A slice of a dataset.
struct Batch {
  at::Tensor inputs;
  at::Tensor targets;
  std::int64_t size() const { return inputs.size(0); }
};

/// How a pass over the data is cut: the last batch may be smaller.
struct BatchPlan {
  std::int64_t microBatch = 0;  ///< samples a batch; 0: all at once
  bool channelsLast = false;    ///< memory format of 4-D inputs

  bool operator==(const BatchPlan&) const = default;
};

/// The dataset in consecutive batches, sharing memory with it unless the layout differs.
std::vector<Batch> makeBatches(const Dataset& data, const BatchPlan& plan);

}  // namespace tarn::engine
