#include "engine/data/dataset.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <torch/torch.h>

#include "engine/data/random_index.h"
#include "engine/data/transform.h"
#include "engine/model/torch_error.h"
#include "engine/protocol/fields.h"
#include "engine/protocol/sha256.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"

namespace tarn::engine {
namespace {

NdArray member(const NpzReader& file, const std::string& path, const std::string& name) {
  if (!file.contains(name)) {
    std::string found;
    for (const auto& other : file.names()) {
      found += (found.empty() ? "" : ", ") + other;
    }
    throw Error(ErrorCode::badInput,
                "The data file '" + path + "' has no array '" + name +
                    "'; it has: " + (found.empty() ? "nothing" : found) + ".",
                "Save it with numpy.savez(FILE, inputs=…, targets=…).");
  }
  auto array = file.read(name);
  if (array.shape.empty()) {
    throw Error(ErrorCode::badInput,
                "'" + name + "' in '" + path + "' is a single number, not one entry a sample.");
  }
  return array;
}

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

at::Tensor rowsOf(const NdArray& array, const std::vector<std::int64_t>& rows) {
  const std::vector<std::int64_t> shape(array.shape.begin(), array.shape.end());
  return at::tensor(array.toDoubles(), at::kDouble)
      .view(shape)
      .index_select(0, at::tensor(rows, at::kLong));
}

at::Tensor labels(const NdArray& targets, const std::vector<std::int64_t>& rows) {
  const bool column = targets.shape.size() == 2 && targets.shape[1] == 1;
  if (!isInteger(targets.dtype) || (targets.shape.size() != 1 && !column)) {
    const std::vector<std::int64_t> shape(targets.shape.begin(), targets.shape.end());
    throw Error(ErrorCode::badInput,
                "The loss cross-entropy needs one integer label a sample, but the targets are " +
                    std::string(toString(targets.dtype)) + " of shape " + shapeText(shape) + ".",
                "Save class numbers with .astype(numpy.int64), or use the loss mse for values.");
  }
  auto result = rowsOf(targets, rows).reshape({-1}).to(at::kLong);
  if (const auto least = result.min().item<std::int64_t>(); least < 0) {
    throw Error(ErrorCode::badInput,
                "The targets hold the label " + std::to_string(least) + "; labels start at 0.",
                "Renumber the classes from 0.");
  }
  return result;
}

at::Tensor values(const NdArray& targets, const std::vector<std::int64_t>& rows,
                  at::ScalarType dtype) {
  auto result = rowsOf(targets, rows).to(dtype);
  if (!result.isfinite().all().item<bool>()) {
    throw Error(ErrorCode::badInput, "The targets hold values that are not finite.",
                "Remove NaN and infinity from the file.");
  }
  return result;
}

}  // namespace

Dataset openDataset(const nlohmann::json& data, Loss loss, at::ScalarType dtype) {
  const auto path = textField(data, "path");
  const auto transform = transformFromJson(data);
  const NpzReader file(path);
  const auto inputs = member(file, path, "inputs");
  const auto targets = member(file, path, "targets");
  if (inputs.shape[0] != targets.shape[0]) {
    throw Error(ErrorCode::badInput,
                "'" + path + "' has " + std::to_string(inputs.shape[0]) + " inputs but " +
                    std::to_string(targets.shape[0]) + " targets.",
                "Save as many targets as inputs.");
  }
  if (inputs.size() == 0 || targets.size() == 0) {
    throw Error(ErrorCode::badInput, "'" + path + "' holds no samples.",
                "Save at least one input and its target.");
  }
  const auto rows = chosenRows(data, static_cast<std::int64_t>(inputs.shape[0]));
  Dataset result;
  result.inputs = transformInputs(inputs, transform, rows, dtype);
  result.targets =
      loss == Loss::crossEntropy ? labels(targets, rows) : values(targets, rows, dtype);
  result.sha256 = sha256OfFile(path);
  return result;
}

std::vector<Batch> makeBatches(const Dataset& data, const BatchPlan& plan) {
  const auto size = plan.microBatch > 0 ? plan.microBatch : data.samples();
  const auto inputs = plan.channelsLast && data.inputs.dim() == 4
                          ? data.inputs.contiguous(at::MemoryFormat::ChannelsLast)
                          : data.inputs;
  std::vector<Batch> batches;
  for (std::int64_t first = 0; first < data.samples(); first += size) {
    const auto count = std::min(size, data.samples() - first);
    batches.push_back({inputs.narrow(0, first, count), data.targets.narrow(0, first, count)});
  }
  return batches;
}

}  // namespace tarn::engine
