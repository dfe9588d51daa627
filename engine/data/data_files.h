#pragma once

#include <optional>
#include <string>
#include <vector>

#include "topology/io/nd_array.h"

namespace tarn::engine {

/// The arrays of a data file, each with the samples as its first axis.
struct DataArrays {
  std::vector<NdArray> inputs;     ///< at least one
  std::optional<NdArray> targets;  ///< absent when the file has none
  std::string sha256;              ///< of the whole file
};

/// Reads an npz with `inputs` or `inputs.0`, `inputs.1`, …, and `targets`. The counts of samples
/// agree and are not 0. Or makes the points that convectionPoints() describes. Throws Error(notFound), Error(io), Error(badInput), Error(unsupported).
DataArrays readDataFiles(const std::string& path);

}  // namespace tarn::engine
