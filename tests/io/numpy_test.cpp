// Against NumPy itself, in both directions.
#include <catch2/catch_test_macros.hpp>
#include <cstdint>
#include <numeric>

#include "temporary.h"
#include "topology/base/error.h"
#include "topology/io/grid_io.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;

namespace {

constexpr const char* kNoNumPy = "there is no Python with NumPy";

std::vector<double> counting(std::size_t count) {
  std::vector<double> values(count);
  std::iota(values.begin(), values.end(), 0.0);
  return values;
}

}  // namespace

TEST_CASE("arrays of NumPy are read in every element type, byte order and memory order") {
  const TemporaryFolder folder;
  if (!runNumPy(folder, R"(
for code in ['f4','f8','i1','i2','i4','i8','u1','u2','u4','u8']:
  for order in '<>':
    a = np.arange(24).reshape(2,3,4).astype(order+code)
    np.save(f'{code}{"l" if order=="<" else "b"}c.npy', a)
    np.save(f'{code}{"l" if order=="<" else "b"}f.npy', np.asfortranarray(a))
)")) {
    SKIP(kNoNumPy);
  }
  for (const std::string code : {"f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"}) {
    for (const std::string order : {"l", "b"}) {
      for (const std::string memory : {"c", "f"}) {
        INFO(code + order + memory);
        const auto array = readNpy(folder / (code + order + memory + ".npy"));
        CHECK(array.shape == std::vector<std::size_t>{2, 3, 4});
        CHECK(array.toDoubles() == counting(24));
      }
    }
  }
}

TEST_CASE("extreme values of NumPy's types arrive unchanged") {
  const TemporaryFolder folder;
  if (!runNumPy(folder, R"(
np.save('bool.npy', np.array([True, False, True]))
np.save('i8.npy', np.array([-2**63, 2**53, -1], dtype='>i8'))
np.save('u1.npy', np.array([0, 255], dtype='u1'))
np.save('i1.npy', np.array([-128, 127], dtype='i1'))
np.save('f8.npy', np.array([np.inf, -np.inf, 5e-324, 0.1]))
np.save('scalar.npy', np.float32(0.5))
np.save('empty.npy', np.zeros((0, 3)))
for v in (1, 2, 3):
  with open(f'v{v}.npy', 'wb') as f:
    np.lib.format.write_array(f, np.arange(5.), version=(v, 0))
)")) {
    SKIP(kNoNumPy);
  }
  using Values = std::vector<double>;
  CHECK(readNpy(folder / "bool.npy").toDoubles() == Values{1, 0, 1});
  CHECK(readNpy(folder / "i8.npy").toDoubles() == Values{-0x1p63, 0x1p53, -1});
  CHECK(readNpy(folder / "u1.npy").toDoubles() == Values{0, 255});
  CHECK(readNpy(folder / "i1.npy").toDoubles() == Values{-128, 127});
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  CHECK(readNpy(folder / "f8.npy").toDoubles() == Values{kInfinity, -kInfinity, 5e-324, 0.1});
  CHECK(readNpy(folder / "scalar.npy").shape.empty());
  CHECK(readNpy(folder / "scalar.npy").toDoubles() == Values{0.5});
  CHECK(readNpy(folder / "empty.npy").shape == std::vector<std::size_t>{0, 3});
  for (const std::string version : {"v1", "v2", "v3"}) {
    CHECK(readNpy(folder / (version + ".npy")).toDoubles() == counting(5));
  }
}

TEST_CASE("what NumPy stores that is not numbers is refused by name") {
  const TemporaryFolder folder;
  if (!runNumPy(folder, R"(
np.save('object.npy', np.array([{}, []], dtype=object), allow_pickle=True)
np.save('text.npy', np.array(['a', 'b']))
np.save('record.npy', np.zeros(2, dtype=[('x', 'f8'), ('y', 'i4')]))
np.save('complex.npy', np.zeros(2, dtype=complex))
)")) {
    SKIP(kNoNumPy);
  }
  for (const std::string name : {"object", "text", "record", "complex"}) {
    INFO(name);
    try {
      readNpy(folder / (name + ".npy"));
      FAIL("it was read");
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::unsupported);
    }
  }
}

TEST_CASE("NumPy reads what is written") {
  const TemporaryFolder folder;
  writeNpy(folder / "plain.npy", NdArray::fromDoubles({2, 3}, counting(6)));
  writeNpy(folder / "scalar.npy", NdArray::fromDoubles({}, std::vector<double>{7.0}));
  writeNpz(folder / "many.npz",
           {{"values", NdArray::fromFloats({2, 2}, std::vector<float>{1, 2, 3, 4})},
            {"axis.0", NdArray::fromInt64({2}, std::vector<std::int64_t>{-5, 5})}});
  std::vector<Axis> axes{{{-1, 0, 1}, {}, {}}, {{2, 3, 4}, {}, {}}};
  writeGridNpz(folder / "grid.npz", ScalarGrid(axes, counting(9)));
  if (!runNumPy(folder, R"(
assert (np.load('plain.npy') == np.arange(6.).reshape(2, 3)).all()
assert np.load('scalar.npy').shape == () and np.load('scalar.npy') == 7
z = np.load('many.npz')
assert z['values'].dtype == np.float32 and (z['values'] == [[1, 2], [3, 4]]).all()
assert z['axis.0'].dtype == np.int64 and (z['axis.0'] == [-5, 5]).all()
g = np.load('grid.npz')
assert (g['values'] == np.arange(9.).reshape(3, 3)).all()
assert (g['loss'] == g['values']).all()
assert (g['coordinates'] == [[-1, 0, 1], [2, 3, 4]]).all()
)")) {
    SKIP(kNoNumPy);
  }
}

TEST_CASE("grids are read from NumPy's archives, Landscaper's among them") {
  const TemporaryFolder folder;
  if (!runNumPy(folder, R"(
axes = [np.linspace(-1, 1, 3), np.linspace(0, 4, 3)]
np.savez('landscaper.npz', loss=np.arange(9.).reshape(3, 3), coordinates=axes)
np.savez_compressed('tarn.npz', **{'values': np.arange(6.).reshape(2, 3),
                                   'axis.0': [0.5, 1.5], 'axis.1': [1, 2, 4]})
np.savez('bare.npz', values=np.arange(6.).reshape(2, 3))
np.savez('other.npz', alphas=np.arange(3.))
np.savez('short.npz', loss=np.zeros((3, 3)), coordinates=np.zeros((2, 4)))
np.savez('falling.npz', **{'values': np.zeros(3), 'axis.0': [3., 2., 1.]})
)")) {
    SKIP(kNoNumPy);
  }
  const auto landscaper = readGrid(folder / "landscaper.npz");
  CHECK(landscaper.shape() == std::vector<std::size_t>{3, 3});
  CHECK(landscaper.axes()[0].coordinates == std::vector<double>{-1, 0, 1});
  CHECK(landscaper.axes()[1].coordinates == std::vector<double>{0, 2, 4});
  CHECK(landscaper.value(5) == 5.0);
  const auto own = readGrid(folder / "tarn.npz");
  CHECK(own.shape() == std::vector<std::size_t>{2, 3});
  CHECK(own.axes()[1].coordinates == std::vector<double>{1, 2, 4});
  CHECK(readGrid(folder / "bare.npz").axes()[1].coordinates == std::vector<double>{0, 1, 2});
  for (const std::string name : {"other", "short", "falling"}) {
    INFO(name);
    CHECK_THROWS_AS(readGrid(folder / (name + ".npz")), Error);
  }
}
