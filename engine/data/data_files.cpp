#include "engine/data/data_files.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <span>

#include "engine/data/convection_points.h"
#include "engine/protocol/sha256.h"
#include "topology/base/error.h"
#include "topology/io/cifar.h"
#include "topology/io/csv_table.h"
#include "topology/io/idx.h"
#include "topology/io/input_file.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"
#include "topology/io/safetensors.h"

namespace tarn::engine {
namespace {

Error lacking(const std::string& path, const std::vector<std::string>& names) {
  std::string found;
  for (const auto& name : names) {
    found += (found.empty() ? "" : ", ") + name;
  }
  return {
      ErrorCode::badInput,
      "The data file '" + path +
          "' has no array 'inputs'; it has: " + (found.empty() ? "nothing" : found) + ".",
      "Save it with numpy.savez(FILE, inputs=…, targets=…); several inputs are called inputs.0, "
      "inputs.1, …."};
}

template <typename Archive>
DataArrays readArchive(Archive& file, const std::string& path) {
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
                  "'" + path + "' has " + std::to_string(data.inputs[0].shape[0]) + " inputs but " +
                      std::to_string(array.shape[0]) + " " + name + ".",
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

DataArrays readTable(const std::string& path) {
  constexpr std::uint64_t longest = std::uint64_t{4} << 30U;
  const auto table = parseCsv(readText(path, longest), path);
  const auto isTarget = [&](std::size_t column) {
    const auto& heading = table.heading;
    return column < heading.size() &&
           (heading[column].starts_with("target") || heading[column] == "label");
  };
  std::vector<bool> target(table.columns);
  for (std::size_t column = 0; column < table.columns; ++column) {
    target[column] = isTarget(column);
  }
  if (std::ranges::find(target, true) == target.end()) {
    target.back() = true;
  }
  std::vector<double> inputs;
  std::vector<double> targets;
  for (std::size_t i = 0; i < table.cells.size(); ++i) {
    (target[i % table.columns] ? targets : inputs).push_back(table.cells[i]);
  }
  if (inputs.empty()) {
    throw Error(ErrorCode::badInput, "The table '" + path + "' has no column for inputs.",
                "Give one row a sample: its inputs, then its target.");
  }
  const std::size_t rows = table.rows();
  const auto targetColumns = static_cast<std::size_t>(std::ranges::count(target, true));
  DataArrays result;
  result.inputs.push_back(NdArray::fromDoubles({rows, table.columns - targetColumns}, inputs));
  const std::vector<std::size_t> shape{rows, targetColumns};
  constexpr double exact = 9007199254740992.0;  // 2⁵³
  const bool whole = std::ranges::all_of(
      targets, [](double x) { return std::abs(x) <= exact && x == std::floor(x); });
  result.targets =
      whole ? NdArray::fromInt64(shape, std::vector<std::int64_t>(targets.begin(), targets.end()))
            : NdArray::fromDoubles(shape, targets);
  return result;
}

std::vector<std::byte> wholeFile(const std::string& path) {
  InputFile file(path);
  return file.read(0, static_cast<std::size_t>(file.size()));
}

void append(NdArray& array, const NdArray& more) {
  array.shape[0] += more.shape[0];
  array.bytes.insert(array.bytes.end(), more.bytes.begin(), more.bytes.end());
}

DataArrays readCifar(const std::vector<std::string>& paths) {
  DataArrays result;
  result.channelsFirst = true;
  for (const auto& path : paths) {
    auto found = parseCifar(wholeFile(path), path);
    if (result.inputs.empty()) {
      result.inputs.push_back(std::move(found.images));
      result.targets = std::move(found.labels);
    } else {
      append(result.inputs[0], found.images);
      append(*result.targets, found.labels);
    }
  }
  return result;
}

DataArrays readSingleArrays(const std::vector<std::string>& paths) {
  DataArrays result;
  for (const auto& path : paths) {
    result.inputs.push_back(endingOf(path) == ".npy" ? readNpy(path)
                                                     : parseIdx(wholeFile(path), path));
  }
  if (result.inputs.size() > 1) {
    result.targets = std::move(result.inputs.back());
    result.inputs.pop_back();
  }
  return result;
}

DataArrays readFiles(const std::vector<std::string>& paths) {
  const auto ending = endingOf(paths.front());
  if (ending == ".bin") {
    return readCifar(paths);
  }
  const bool alone =
      ending == ".npz" || ending == ".safetensors" || ending == ".csv" || ending == ".tsv";
  if (!alone) {
    return readSingleArrays(paths);
  }
  if (paths.size() > 1) {
    throw Error(ErrorCode::usage,
                "'" + paths.front() + "' holds inputs and targets together, but " +
                    std::to_string(paths.size()) + " data files are given.",
                "Name it alone; lists are for .npy, IDX and CIFAR's .bin files.");
  }
  if (ending == ".npz") {
    const NpzReader file(paths.front());
    return readArchive(file, paths.front());
  }
  if (ending == ".safetensors") {
    SafetensorsReader file(paths.front());
    return readArchive(file, paths.front());
  }
  return readTable(paths.front());
}

std::string hashOf(const std::vector<std::string>& paths) {
  if (paths.size() == 1) {
    return sha256OfFile(paths.front());
  }
  std::string hashes;
  for (const auto& path : paths) {
    hashes += sha256OfFile(path);
  }
  return sha256(std::as_bytes(std::span(hashes)));
}

/// The files that a text names: a file's name may hold a ';' too.
std::vector<std::string> listedFiles(const std::string& path) {
  std::error_code ignored;
  std::vector<std::string> paths;
  std::size_t begin = 0;
  while (!std::filesystem::exists(path, ignored) && path.find(';', begin) != std::string::npos) {
    const auto end = path.find(';', begin);
    paths.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  paths.push_back(path.substr(begin));
  return paths;
}

}  // namespace

std::string dataHash(const std::string& path) {
  return isConvectionData(path) ? convectionPoints(path).sha256 : hashOf(listedFiles(path));
}

DataArrays readData(const std::string& path) {
  if (isConvectionData(path)) {
    return convectionPoints(path);
  }
  const auto paths = listedFiles(path);
  auto result = readFiles(paths);
  requireSamples(result, path);
  result.sha256 = hashOf(paths);
  return result;
}

}  // namespace tarn::engine
