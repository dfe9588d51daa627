#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "topology/io/nd_array.h"

namespace tarn {

/// Images with their classes.
struct LabelledImages {
  NdArray images;  ///< uint8, N×3×32×32
  NdArray labels;  ///< int64, N
};

/// Reads a binary file of CIFAR-10 (a class and 3,072 bytes a record: red, green and blue of 32×32
/// pixels, row by row) or of CIFAR-100 (a coarse and a fine class, of which the fine one is taken),
/// as Krizhevsky describes them. Which of the two is told by the length and the classes. Throws
/// Error(badInput) for anything else.
LabelledImages parseCifar(std::span<const std::byte> file, const std::string& name);

}  // namespace tarn
