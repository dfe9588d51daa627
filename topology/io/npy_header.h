#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "topology/io/npy.h"

namespace tarn {

/// Bytes to read before the length of a header is known.
inline constexpr std::size_t kNpyPreambleBytes = 12;

/// Where the elements of a .npy file start, from its first bytes (kNpyPreambleBytes of them, fewer
/// only when the file is shorter). Throws Error(badInput) when that is no .npy file, or the header
/// would reach past the end of the file or be absurdly long (more than 1 MiB).
std::size_t npyDataOffset(std::span<const std::byte> preamble, std::uint64_t fileBytes,
                          const std::string& name);

/// The array of a header and the bytes that follow it, turned to C order and machine byte order.
NdArray assembleNpy(const NpyHeader& header, std::vector<std::byte> elements);

}  // namespace tarn
