// The readers of data sets without a header to speak of. They may refuse with an Error; what they
// accept is as long as its shape says.
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <span>

#include "topology/base/error.h"
#include "topology/io/cifar.h"
#include "topology/io/idx.h"

namespace {

using namespace tarn;

void requireWhole(const NdArray& array) {
  const auto count =
      std::accumulate(array.shape.begin(), array.shape.end(), std::size_t{1}, std::multiplies<>());
  if (array.bytes.size() != count * itemSize(array.dtype)) {
    std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  try {
    requireWhole(parseIdx(bytes, "fuzz"));
  } catch (const Error&) {
  }
  try {
    const auto found = parseCifar(bytes, "fuzz");
    requireWhole(found.images);
    requireWhole(found.labels);
  } catch (const Error&) {
  }
  return 0;
}
