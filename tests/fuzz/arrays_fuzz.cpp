// The readers of array files, fed with what libFuzzer thinks of. A reader may refuse with an Error;
// what it accepts can be written and read again to the same array.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string>

#include "input_file.h"
#include "topology/base/error.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"

namespace {

using namespace tarn;

void readArray(std::span<const std::byte> file) {
  const NdArray array = parseNpy(file, "fuzz");
  const auto written = npyBytes(array);
  const NdArray again = parseNpy(written, "again");
  if (again.dtype != array.dtype || again.shape != array.shape || again.bytes != array.bytes) {
    std::abort();
  }
}

void readArchive(std::span<const std::byte> bytes) {
  const tarn::fuzz::InputFile file(bytes, ".npz");
  const NpzReader archive(file.path(), {.memberBytes = 1U << 20U});
  for (const std::string& name : archive.names()) {
    try {
      archive.header(name);
      archive.read(name);
    } catch (const Error&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  constexpr std::array<std::uint8_t, 2> zip{'P', 'K'};
  const bool isArchive = size >= zip.size() && std::equal(zip.begin(), zip.end(), data);
  try {
    isArchive ? readArchive(bytes) : readArray(bytes);
  } catch (const Error&) {
  }
  return 0;
}
