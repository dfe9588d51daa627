#include "engine/data/data_files.h"

#include <algorithm>

#include "engine/data/convection_points.h"
#include "engine/protocol/sha256.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"

namespace tarn::engine {
namespace {

Error lacking(const std::string& path, const std::vector<std::string>& names) {
  std::string found;
  for (const auto& name : names) {
    found += (found.empty() ? "" : ", ") + name;
  }
  return {ErrorCode::badInput,
          "The data file '" + path + "' has no array 'inputs'; it has: " +
              (found.empty() ? "nothing" : found) + ".",
          "Save it with numpy.savez(FILE, inputs=…, targets=…); several inputs are called inputs.0, "
          "inputs.1, …."};
}

template <typename Archive>
DataArrays readArchive(const Archive& file, const std::string& path) {
  DataArrays result;
  if (file.contains("inputs")) {
    result.inputs.push_back(file.read("inputs"));
  }
  for (std::size_t i = 0; file.contains("inputs." + std::to_string(i)); ++i) {
    result.inputs.push_back(file.read("inputs." + std::to_string(i)));
  }
  if (result.inputs.empty()) {
    throw lacking(path, file.names());
  }
  if (file.contains("inputs") && result.inputs.size() > 1) {
    throw Error(ErrorCode::badInput,
                "The data file '" + path + "' has both 'inputs' and 'inputs.0'.",
                "Save one input as inputs, several as inputs.0, inputs.1, ….");
  }
  if (file.contains("targets")) {
    result.targets = file.read("targets");
  }
  return result;
}

void requireSamples(const DataArrays& data, const std::string& path) {
  const auto require = [&](const NdArray& array, const std::string& name) {
    if (array.shape.empty()) {
      throw Error(ErrorCode::badInput,
                  "'" + name + "' in '" + path + "' is a single number, not one entry a sample.");
    }
    if (array.shape[0] != data.inputs[0].shape[0]) {
      throw Error(ErrorCode::badInput,
                  "'" + path + "' has " + std::to_string(data.inputs[0].shape[0]) +
                      " inputs but " + std::to_string(array.shape[0]) + " " + name + ".",
                  "Save as many targets as inputs.");
    }
    if (array.size() == 0) {
      throw Error(ErrorCode::badInput, "'" + path + "' holds no samples.",
                  "Save at least one input and its target.");
    }
  };
  for (std::size_t i = 0; i < data.inputs.size(); ++i) {
    require(data.inputs[i], data.inputs.size() == 1 ? "inputs" : "inputs." + std::to_string(i));
  }
  if (data.targets) {
    require(*data.targets, "targets");
  }
}

}  // namespace

DataArrays readDataFiles(const std::string& path) {
  if (isConvectionData(path)) {
    return convectionPoints(path);
  }
  auto result = readArchive(NpzReader(path), path);
  requireSamples(result, path);
  result.sha256 = sha256OfFile(path);
  return result;
}

}  // namespace tarn::engine
