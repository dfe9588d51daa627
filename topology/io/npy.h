#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "topology/io/nd_array.h"

namespace tarn {

/// What the header of a .npy file says (NumPy format versions 1.0, 2.0 and 3.0).
struct NpyHeader {
  DType dtype = DType::float64;
  bool bigEndian = false;
  bool fortranOrder = false;
  std::vector<std::size_t> shape;
  std::size_t dataOffset = 0;  ///< where the elements start
  std::size_t dataBytes = 0;   ///< how many bytes they take
};

/// Reads the header at the start of `head`, which may be shorter than the file but must hold the
/// whole header; `fileBytes` is the length of the whole file. `name` stands in the messages.
/// Throws Error(badInput) when it is not a .npy header, or promises more or less data than the file
/// has; Error(unsupported) for element types other than those of DType.
NpyHeader parseNpyHeader(std::span<const std::byte> head, std::uint64_t fileBytes,
                         const std::string& name);

/// Reads a whole .npy file held in memory. Throws as parseNpyHeader.
NdArray parseNpy(std::span<const std::byte> file, const std::string& name);

/// Throws Error(notFound), Error(io), and as parseNpyHeader; no memory is taken before the header
/// agrees with the length of the file.
NdArray readNpy(const std::filesystem::path& path);
NpyHeader readNpyHeader(const std::filesystem::path& path);

/// The bytes of a .npy file, version 1.0 (2.0 when the header is long), elements in machine order.
std::vector<std::byte> npyBytes(const NdArray& array);

/// Writes to a neighbouring temporary file and renames it. Throws Error(io).
void writeNpy(const std::filesystem::path& path, const NdArray& array);

}  // namespace tarn
