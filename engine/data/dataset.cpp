#include "engine/data/dataset.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <torch/torch.h>

#include "engine/data/data_files.h"
#include "engine/data/random_index.h"
#include "engine/data/transform.h"
#include "engine/model/torch_error.h"
#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

std::vector<std::int64_t> chosenRows(const nlohmann::json& data, std::int64_t samples) {
  std::vector<std::int64_t> rows(static_cast<std::size_t>(samples));
  std::iota(rows.begin(), rows.end(), 0);
  const auto subset = data.find("subset");
  if (subset == data.end() || subset->is_null()) {
    return rows;
  }
  const auto count = countField(*subset, "count");
  if (count == 0 || count > rows.size()) {
    throw Error(ErrorCode::usage,
                "A subset of " + std::to_string(count) +
                    " samples was asked for, and the file has " + std::to_string(samples) + ".",
                "Choose from 1 to " + std::to_string(samples) + ".");
  }
  if (const auto seed = subset->find("seed"); seed != subset->end() && !seed->is_null()) {
    std::mt19937_64 generator(countField(*subset, "seed"));
    for (std::size_t i = 0; i < count; ++i) {
      std::swap(rows[i], rows[i + randomIndex(rows.size() - i, generator)]);
    }
  }
  rows.resize(count);
  std::sort(rows.begin(), rows.end());
  return rows;
}

bool isInteger(DType dtype) {
  return dtype != DType::float32 && dtype != DType::float64 && dtype != DType::boolean;
}

std::vector<std::int64_t> extents(const NdArray& array) {
  return {array.shape.begin(), array.shape.end()};
}

/// The chosen rows of an array of whole numbers or truth values as int64 or bool.
at::Tensor wholeRows(const NdArray& array, const std::vector<std::int64_t>& rows) {
  const auto type = array.dtype == DType::boolean ? at::kBool : at::kLong;
  const auto values =
      array.dtype == DType::int64
          ? at::from_blob(const_cast<std::byte*>(array.bytes.data()), extents(array), at::kLong)
          : at::tensor(array.toDoubles(), at::kDouble).view(extents(array));
  return values.index_select(0, at::tensor(rows, at::kLong)).to(type);
}

at::Tensor labels(const Loss& loss, const NdArray& targets, const std::vector<std::int64_t>& rows) {
  if (!isInteger(targets.dtype)) {
    throw Error(ErrorCode::badInput,
                "The loss " + toString(loss) +
                    " needs one integer label a sample or position, but the targets are " +
                    std::string(toString(targets.dtype)) + " of shape " +
                    shapeText(extents(targets)) + ".",
                "Save class numbers with .astype(numpy.int64), or use the loss mse for values.");
  }
  auto result = wholeRows(targets, rows);
  const auto counted = result.ne(ignoredLabel);
  const auto least = at::where(counted, result, at::zeros_like(result)).min().item<std::int64_t>();
  if (least < 0) {
    throw Error(
        ErrorCode::badInput,
        "The targets hold the label " + std::to_string(least) + ", " +
            std::to_string(at::logical_and(counted, result.lt(0)).sum().item<std::int64_t>()) +
            " of " + std::to_string(result.numel()) +
            " are below 0; labels start at 0, and -100 marks a position that does not count.",
        "Renumber the classes from 0.");
  }
  const auto any = counted.reshape({result.size(0), -1}).any(1);
  if (!any.all().item<bool>()) {
    throw Error(
        ErrorCode::badInput,
        "Sample " +
            std::to_string(
                rows[static_cast<std::size_t>(any.to(at::kInt).argmin().item<std::int64_t>())]) +
            " has no target that counts: all are -100.",
        "Leave such samples out of the file.");
  }
  return result;
}

at::Tensor values(const Loss& loss, const NdArray& targets, const std::vector<std::int64_t>& rows,
                  at::ScalarType dtype) {
  auto result = at::tensor(targets.toDoubles(), at::kDouble)
                    .view(extents(targets))
                    .index_select(0, at::tensor(rows, at::kLong))
                    .to(dtype);
  if (!result.isfinite().all().item<bool>()) {
    throw Error(ErrorCode::badInput, "The targets hold values that are not finite.",
                "Remove NaN and infinity from the file.");
  }
  if (loss.kind == Loss::bceLogits && result.lt(0).logical_or(result.gt(1)).any().item<bool>()) {
    throw Error(ErrorCode::badInput,
                "The loss bce-logits needs targets from 0 to 1, but they go from " +
                    std::to_string(result.min().item<double>()) + " to " +
                    std::to_string(result.max().item<double>()) + ".",
                "Save probabilities or truth values, or use the loss mse.");
  }
  return result;
}

at::Tensor targetTensor(const Loss& loss, const std::optional<NdArray>& targets,
                        const std::vector<std::int64_t>& rows, at::ScalarType dtype,
                        const std::string& path) {
  if (!targets && loss.kind == Loss::model) {
    return {};
  }
  if (!targets) {
    throw Error(ErrorCode::badInput,
                "The data file '" + path + "' has no array 'targets', which the loss " +
                    toString(loss) + " needs.",
                "Save it with numpy.savez(FILE, inputs=…, targets=…).");
  }
  if (loss.classifies()) {
    return labels(loss, *targets, rows);
  }
  const bool floating = targets->dtype == DType::float32 || targets->dtype == DType::float64;
  return loss.kind == Loss::model && !floating ? wholeRows(*targets, rows)
                                               : values(loss, *targets, rows, dtype);
}

Inputs inputTensors(const std::vector<NdArray>& arrays, const InputTransform& transform,
                    const std::vector<std::int64_t>& rows, at::ScalarType dtype) {
  std::vector<at::Tensor> tensors;
  for (const auto& array : arrays) {
    if (array.dtype == DType::uint8 || !(isInteger(array.dtype) || array.dtype == DType::boolean)) {
      const bool first = tensors.empty();
      tensors.push_back(transformInputs(array, first ? transform : InputTransform{}, rows, dtype));
    } else {
      tensors.push_back(wholeRows(array, rows));
    }
  }
  return {std::move(tensors)};
}

}  // namespace

Dataset openDataset(const nlohmann::json& data, const Loss& loss, at::ScalarType dtype) {
  const auto path = textField(data, "path");
  auto transform = transformFromJson(data);
  const auto arrays = readData(path);
  if (arrays.channelsFirst && transform.layout == Layout::none) {
    transform.layout = Layout::nchw;
  }
  const auto rows = chosenRows(data, static_cast<std::int64_t>(arrays.inputs[0].shape[0]));
  return {inputTensors(arrays.inputs, transform, rows, dtype),
          targetTensor(loss, arrays.targets, rows, dtype, path), arrays.sha256};
}

Dataset Dataset::first(std::int64_t count) const {
  return {inputs.narrow(0, count), targets.defined() ? targets.narrow(0, 0, count) : targets,
          sha256};
}

Dataset Dataset::to(at::Device device) const {
  return {inputs.to(device), targets.defined() ? targets.to(device) : targets, sha256};
}

Batch selectBatch(const Dataset& data, const at::Tensor& rows) {
  const auto index = rows.to(data.inputs[0].device());
  return {data.inputs.select(index),
          data.targets.defined() ? data.targets.index_select(0, index) : at::Tensor()};
}

std::vector<Batch> makeBatches(const Dataset& data, const BatchPlan& plan) {
  const auto size = plan.microBatch > 0 ? plan.microBatch : data.samples();
  const auto inputs = plan.channelsLast ? data.inputs.channelsLast() : data.inputs;
  std::vector<Batch> batches;
  for (std::int64_t first = 0; first < data.samples(); first += size) {
    const auto count = std::min(size, data.samples() - first);
    batches.push_back({inputs.narrow(first, count), data.targets.defined()
                                                        ? data.targets.narrow(0, first, count)
                                                        : at::Tensor()});
  }
  return batches;
}

}  // namespace tarn::engine
