#include <catch2/catch_test_macros.hpp>
#include <functional>
#include <random>

#include "temporary.h"
#include "topology/base/error.h"
#include "topology/io/grid_io.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;

namespace {

NdArray random(DType dtype, std::vector<std::size_t> shape, unsigned seed) {
  std::mt19937 engine(seed);
  std::size_t count = itemSize(dtype);
  for (const std::size_t length : shape) {
    count *= length;
  }
  NdArray array{dtype, std::move(shape), std::vector<std::byte>(count)};
  for (std::byte& byte : array.bytes) {
    byte = static_cast<std::byte>(engine() & 0xFFU);
  }
  return array;
}

}  // namespace

TEST_CASE("arrays of every type and shape come back bit for bit") {
  const TemporaryFolder folder;
  std::map<std::string, NdArray> members;
  unsigned seed = 0;
  for (const auto dtype :
       {DType::int8, DType::int16, DType::int32, DType::int64, DType::uint8, DType::uint16,
        DType::uint32, DType::uint64, DType::float32, DType::float64, DType::boolean}) {
    for (const auto& shape : std::vector<std::vector<std::size_t>>{
             {}, {0}, {1}, {7}, {3, 0, 2}, {4, 5}, {2, 3, 4, 5}}) {
      const auto array = random(dtype, shape, ++seed);
      writeNpy(folder / "one.npy", array);
      const auto back = readNpy(folder / "one.npy");
      CHECK(back.dtype == array.dtype);
      CHECK(back.shape == array.shape);
      CHECK(back.bytes == array.bytes);
      members["a" + std::to_string(seed)] = array;
    }
  }
  writeNpz(folder / "all.npz", members);
  const auto back = readNpz(folder / "all.npz");
  REQUIRE(back.size() == members.size());
  for (const auto& [name, array] : members) {
    CHECK(back.at(name).shape == array.shape);
    CHECK(back.at(name).bytes == array.bytes);
    CHECK(NpzReader(folder / "all.npz").header(name).shape == array.shape);
  }
}

TEST_CASE("the same arrays make the same archive") {
  const TemporaryFolder folder;
  const std::map<std::string, NdArray> members{{"x", random(DType::float64, {100}, 1)}};
  writeNpz(folder / "a.npz", members);
  writeNpz(folder / "b.npz", members);
  CHECK(readBytes(folder / "a.npz") == readBytes(folder / "b.npz"));
}

TEST_CASE("a grid comes back with its coordinates and masked cells") {
  const TemporaryFolder folder;
  std::vector<Axis> axes{{{0.25, 0.5}, {}, {}}, {{-3.0, 1e-9, 7.0}, {}, {}}};
  const double nan = std::numeric_limits<double>::quiet_NaN();
  writeGridNpz(folder / "grid.npz", ScalarGrid(axes, {1, 2, nan, 4, 5, 6}));
  const auto back = readGrid(folder / "grid.npz");
  CHECK(back.axes()[0].coordinates == axes[0].coordinates);
  CHECK(back.axes()[1].coordinates == axes[1].coordinates);
  CHECK(back.maskedCount() == 1);
  CHECK(back.value(5) == 6.0);
}

TEST_CASE("an unwritable place is said and nothing is left behind") {
  const TemporaryFolder folder;
  const auto array = random(DType::float64, {3}, 1);
  for (const auto& write : std::vector<std::function<void(const std::filesystem::path&)>>{
           [&](const auto& path) { writeNpy(path, array); },
           [&](const auto& path) { writeNpz(path, {{"x", array}}); }}) {
    try {
      write(folder / "missing-folder/file");
      FAIL("it was written");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::io);
      CHECK_FALSE(error.remedy().empty());
    }
  }
}
