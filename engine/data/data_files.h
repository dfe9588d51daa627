#pragma once

#include <optional>
#include <string>
#include <vector>

#include "topology/io/nd_array.h"

namespace tarn::engine {

/// The arrays of a data set, each with the samples as its first axis.
struct DataArrays {
  std::vector<NdArray> inputs;     ///< at least one
  std::optional<NdArray> targets;  ///< absent when there are none
  std::string sha256;              ///< of the file; of several: of their hashes, one after another
  bool channelsFirst = false;      ///< the format says that the first input is images N×C×H×W
};

/// Reads data from
/// - .npz or .safetensors: `inputs`, or `inputs.0`, `inputs.1`, …, and `targets`
/// - .csv, .tsv: columns called target… or label, else the last one, are the targets, the others
///   the inputs, N×columns each; targets of whole numbers are integers
/// - CIFAR's binary version: one or several .bin
/// - .npy or IDX files, the last of which holds the targets, the ones before the inputs in order;
///   a single one holds inputs
/// Several files stand in one text with ';' between them. Or makes the points that
/// convectionPoints() describes. The counts of samples agree and are not 0.
/// Throws Error(notFound), Error(io), Error(badInput), Error(unsupported).
DataArrays readData(const std::string& path);

/// The SHA-256 that readData() would give. Throws Error(notFound), Error(io).
std::string dataHash(const std::string& path);

}  // namespace tarn::engine
