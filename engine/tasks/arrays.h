#pragma once

#include "engine/protocol/array_bytes.h"
#include "topology/io/nd_array.h"

namespace tarn {

/// An array of the pipe as an array of the files, and back. Throw Error(badInput) for an element
/// type that the other side does not have.
NdArray toNdArray(ArrayBytes array);
ArrayBytes toArrayBytes(const NdArray& array);

}  // namespace tarn
