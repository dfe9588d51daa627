#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "topology/io/nd_array.h"

namespace tarn {

/// The arrays of numbers in the root group of an HDF5 file; what else is there, or says that its
/// numbers lie in other files, is left out. Calls the HDF5 library on a file that may be hostile:
/// only for processes that may die of it. Throws Error(badInput) when it is no HDF5 file or
/// damaged, Error(unsupported) when its arrays have more than `mostElements` together.
std::map<std::string, NdArray> readHdf5Arrays(const std::filesystem::path& path,
                                              std::uint64_t mostElements);

/// Another name for an array in the same file.
struct Hdf5Link {
  std::string name;
  std::string target;
};

/// Writes the arrays beside `path` and renames the file. Throws Error(io).
void writeHdf5Arrays(const std::filesystem::path& path,
                     const std::map<std::string, NdArray>& arrays,
                     const std::vector<Hdf5Link>& links = {});

}  // namespace tarn
