// The reader of grids, fed with what libFuzzer thinks of: the bytes of a .npy, of a .npz, or the
// arrays of one, as it would not guess a zip's check sums. A reader may refuse with an Error; what
// it accepts gives arrays that make the same grid again.
#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <ranges>
#include <span>
#include <string>
#include <string_view>

#include "input_file.h"
#include "topology/base/error.h"
#include "topology/io/grid_io.h"
#include "topology/io/nd_array.h"

namespace {

using namespace tarn;
using tarn::fuzz::InputFile;

bool areSame(const ScalarGrid& a, const ScalarGrid& b) {
  const auto sameBits = [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  };
  return std::ranges::equal(a.values(), b.values(), sameBits) &&
         std::ranges::equal(a.axes(), b.axes(), [&](const Axis& x, const Axis& y) {
           return std::ranges::equal(x.coordinates, y.coordinates, sameBits);
         });
}

ScalarGrid gridOf(const std::map<std::string, NdArray>& arrays) {
  const auto names = std::views::keys(arrays);
  return gridFromArrays({"input", {names.begin(), names.end()}, [&](const std::string& name) {
                           return arrays.at(name);
                         }});
}

void takeApart(const ScalarGrid& grid) {
  if (!areSame(gridOf(gridArrays(grid)), grid)) {
    std::abort();
  }
}

/// An array as the bytes say: type, number of axes, lengths, and elements as far as they go.
NdArray arrayOf(std::span<const std::byte>& bytes) {
  const auto next = [&] {
    const auto byte = bytes.empty() ? std::uint8_t{0} : std::to_integer<std::uint8_t>(bytes[0]);
    bytes = bytes.subspan(std::min<std::size_t>(1, bytes.size()));
    return byte;
  };
  NdArray array;
  constexpr int kTypes = static_cast<int>(DType::float64) + 1;
  array.dtype = static_cast<DType>(next() % kTypes);
  std::size_t count = 1;
  for (int axes = next() % 4; axes > 0; --axes) {
    array.shape.push_back(next() % 8);
    count *= array.shape.back();
  }
  array.bytes.resize(count * itemSize(array.dtype));
  const std::size_t given = std::min(bytes.size(), array.bytes.size());
  std::copy_n(bytes.begin(), given, array.bytes.begin());
  bytes = bytes.subspan(given);
  return array;
}

void readArrays(std::span<const std::byte> bytes) {
  constexpr std::array kNames{"values",      "axis.0",       "axis.1",       "axis.2",    "loss",
                              "coordinates", "xcoordinates", "ycoordinates", "train_loss"};
  std::map<std::string, NdArray> arrays;
  while (!bytes.empty()) {
    const std::size_t name = std::to_integer<std::size_t>(bytes[0]) % kNames.size();
    bytes = bytes.subspan(1);
    arrays.insert_or_assign(kNames[name], arrayOf(bytes));
  }
  takeApart(gridOf(arrays));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  const auto startsWith = [&](std::string_view start) {
    return size >= start.size() && std::equal(start.begin(), start.end(), data);
  };
  try {
    if (startsWith("PK")) {
      takeApart(readGrid(InputFile(bytes, ".npz").path()));
    } else if (startsWith("\x93NUMPY")) {
      takeApart(readGrid(InputFile(bytes, ".npy").path()));
    } else {
      readArrays(bytes);
    }
  } catch (const Error&) {
  }
  return 0;
}
