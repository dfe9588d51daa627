#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "topology/io/nd_array.h"

namespace tarn {

/// Reads an IDX file held in memory, the format of MNIST (LeCun, Cortes, Burges): two zero bytes,
/// an element type (8: uint8, 9: int8, 11: int16, 12: int32, 13: float32, 14: float64), the number
/// of axes, their extents as big-endian u32, and the elements, big-endian in C order; or such a
/// file packed by gzip, as MNIST is published. Throws Error(badInput) unless the file is exactly as
/// long as its header says.
NdArray parseIdx(std::span<const std::byte> file, const std::string& name);

}  // namespace tarn
