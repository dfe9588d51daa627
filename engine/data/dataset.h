#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/data/loss.h"
#include "engine/model/inputs.h"

namespace tarn::engine {

/// The chosen samples, in memory, ready for the model.
struct Dataset {
  Inputs inputs;       ///< each samples × …, images as samples × channels × height × width
  at::Tensor targets;  ///< int64 class labels, or values in the model's type; undefined: none
  std::string sha256;  ///< of the whole file

  std::int64_t samples() const { return inputs.samples(); }
  /// The first samples alone, in the same memory.
  Dataset first(std::int64_t count) const;
  /// Moved to a device; the same where it lies there.
  Dataset to(at::Device device) const;
};

/// Reads the `data` part of an experiment (engine/protocol/README.md) with readData(). Targets
/// are integers for losses of classes, numbers for the others; under the loss `model` they may be
/// of any kind, or missing.
///
/// uint8, float32 and float64 become `dtype`, other integers int64 (tokens), bool stays (masks).
/// The transform is of the first input, when that is not tokens: y = (float(x)·scale − mean)/std
/// per channel, in double, rounded to `dtype`; mean and std are one number or one per channel (the
/// axis after the samples). `layout` names the file's own axes: nchw or nhwc for images (a 3-D
/// array is then images of one channel), none for anything else. With subset.seed null the subset
/// is the first N samples, else N drawn at random, in file order.
///
/// Throws as readData(), and Error(usage).
Dataset openDataset(const nlohmann::json& data, const Loss& loss, at::ScalarType dtype);

/// Some samples of a dataset.
struct Batch {
  Inputs inputs;
  at::Tensor targets;  ///< undefined when the data has none
  std::int64_t size() const { return inputs.samples(); }
};

/// How a pass over the data is cut: the last batch may be smaller.
struct BatchPlan {
  std::int64_t microBatch = 0;  ///< samples a batch; 0: all at once
  bool channelsLast = false;    ///< memory format of 4-D inputs

  bool operator==(const BatchPlan&) const = default;
};

/// The samples of these numbers (int64, on any device), copied.
Batch selectBatch(const Dataset& data, const at::Tensor& rows);

/// The dataset in consecutive batches, sharing memory with it unless the layout differs.
std::vector<Batch> makeBatches(const Dataset& data, const BatchPlan& plan);

}  // namespace tarn::engine
