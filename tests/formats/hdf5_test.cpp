// HDF5 against its own library (h5py), in both directions, and through tarn-reader.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "grids.h"
#include "support/python.h"
#include "support/temporary_folder.h"
#include "topology/base/error.h"
#include "topology/io/npy.h"
#include "topology/io_extra/hdf5_arrays.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

constexpr const char* kNoH5py = "there is no Python with h5py";

}  // namespace

TEST_CASE("a grid that is written to HDF5 is read back bit for bit") {
  const TemporaryFolder folder;
  const ScalarGrid grid = smallGrid();
  writeHdf5Arrays(folder / "grid.h5", gridArrays(grid), {{"train_loss", "values"}});
  CHECK(sameGrid(readGridFile({folder / "grid.h5", {}}), grid));
  CHECK(sameGrid(readGridFile({folder / "grid.h5", "train_loss"}), grid));
}

TEST_CASE("h5py reads what Tarn writes") {
  const TemporaryFolder folder;
  const ScalarGrid grid = smallGrid();
  writeHdf5Arrays(folder / "grid.h5", gridArrays(grid),
                  {{"train_loss", "values"}, {"xcoordinates", "axis.1"}});
  if (!runPython(folder, {"h5py", "numpy"}, R"(
f = h5py.File('grid.h5')
assert f['values'].shape == (3, 5) and f['values'].dtype == 'f8'
assert f['train_loss'] == f['values'] and list(f['xcoordinates']) == [0.5, 1, 1.5, 2, 2.5]
numpy.save('values.npy', f['values'][:])
)")) {
    SKIP(kNoH5py);
  }
  CHECK(sameNumbers(readNpy(folder / "values.npy").toDoubles(), grid.values()));
}

TEST_CASE("surface files of loss-landscape are read in the order in which it fills them") {
  const TemporaryFolder folder;
  // As that tool does: an array declared as (x, y), filled flat in the order of meshgrid(x, y).
  if (!runPython(folder, {"h5py", "numpy"}, R"(
np = numpy
x, y = np.linspace(1, 4, 4), np.linspace(0, 3, 3)
xs, ys = np.meshgrid(x, y)
loss = -np.ones((len(x), len(y)))
for i in range(11):
  loss.ravel()[i] = 10 * ys.ravel()[i] + xs.ravel()[i]
f = h5py.File('surface.h5', 'w')
f['dir_file'] = 'directions.h5'
f['xcoordinates'], f['ycoordinates'], f['train_loss'] = x, y, loss
f['train_acc'] = np.float32(loss) * 2
)")) {
    SKIP(kNoH5py);
  }
  const ScalarGrid grid = readGridFile({folder / "surface.h5", {}});
  REQUIRE(grid.shape() == std::vector<std::size_t>{3, 4});
  CHECK(grid.axes()[0].coordinates == std::vector<double>{0, 1.5, 3});
  for (std::int64_t vertex = 0; vertex < 11; ++vertex) {
    const auto at = grid.indices(vertex);
    CHECK(grid.value(vertex) ==
          10 * grid.axes()[0].coordinates[at[0]] + grid.axes()[1].coordinates[at[1]]);
  }
  // The point that it had not computed yet.
  CHECK(grid.maskedCount() == 1);
  CHECK(std::isnan(grid.value(11)));
  CHECK(readGridFile(parseGridAddress((folder / "surface.h5").string() + "#train_acc")).value(5) ==
        static_cast<double>(static_cast<float>(grid.value(5)) * 2));
}

TEST_CASE(
    "every number type of HDF5 arrives, chunked and compressed, and what is no array does not") {
  const TemporaryFolder folder;
  if (!runPython(folder, {"h5py", "numpy"}, R"(
np = numpy
f = h5py.File('types.h5', 'w')
for code in ['i1','i2','i4','i8','u1','u2','u4','u8','f2','f4','f8','>f8','>i4']:
  f.create_dataset(code, data=np.arange(6).reshape(2,3).astype(code), chunks=(1,2), compression='gzip')
f['words'] = 'text'
f['scalar'] = 3.0
f.create_group('group')['inside'] = np.arange(3)
f['elsewhere'] = h5py.ExternalLink('other.h5', '/x')
)")) {
    SKIP(kNoH5py);
  }
  const auto arrays = readHdf5Arrays(folder / "types.h5", 1 << 20);
  CHECK(arrays.size() == 13);
  for (const auto& [name, array] : arrays) {
    INFO(name);
    CHECK(array.shape == std::vector<std::size_t>{2, 3});
    CHECK(array.toDoubles() == std::vector<double>{0, 1, 2, 3, 4, 5});
  }
}

TEST_CASE("few bytes that promise many numbers, and numbers in other files, are refused") {
  const TemporaryFolder folder;
  if (!runPython(folder, {"h5py", "numpy"}, R"(
f = h5py.File('bomb.h5', 'w')
f.create_dataset('values', shape=(65536, 65536), dtype='u1', chunks=(1024, 1024))
open('secret.bin', 'wb').write(bytes(range(48)))
g = h5py.File('outside.h5', 'w')
g.create_dataset('values', shape=(2, 3), dtype='f8', external=[('secret.bin', 0, 48)])
layout = h5py.VirtualLayout(shape=(2, 3), dtype='f8')
layout[:] = h5py.VirtualSource('other.h5', 'x', shape=(2, 3))
g.create_virtual_dataset('loss', layout)
)")) {
    SKIP(kNoH5py);
  }
  CHECK_THROWS_MATCHES(readGridFile({folder / "bomb.h5", {}}), Error,
                       MessageMatches(ContainsSubstring("more than Tarn reads")));
  CHECK(readHdf5Arrays(folder / "outside.h5", 1 << 20).empty());
}

TEST_CASE("all public landscapes go through HDF5 unchanged") {
  const auto files = publicGrids();
  if (files.empty()) {
    SKIP("the public loss landscapes are not here; TARN_TEST_DATA may name their folder");
  }
  const TemporaryFolder folder;
  for (const auto& file : files) {
    INFO(file.filename().string());
    const ScalarGrid grid = readGrid(file);
    writeHdf5Arrays(folder / "grid.h5", gridArrays(grid));
    CHECK(sameGrid(readGridFile({folder / "grid.h5", {}}), grid));
  }
}

TEST_CASE("hostile HDF5 files are an error message") {
  const TemporaryFolder folder;
  SECTION("more is promised than may be read") {
    if (!runPython(folder, {"h5py"}, R"(
f = h5py.File('huge.h5', 'w')
f.create_dataset('values', shape=(1000000, 1000000), dtype='f8', chunks=(1000, 1000))
)")) {
      SKIP(kNoH5py);
    }
    CHECK_THROWS_MATCHES(readGridFile({folder / "huge.h5", {}}), Error,
                         MessageMatches(ContainsSubstring("more than Tarn reads")));
  }
  SECTION("no HDF5 at all") {
    std::ofstream(folder / "letter.h5") << "Dear reader";
    CHECK_THROWS_MATCHES(readGridFile({folder / "letter.h5", {}}), Error,
                         MessageMatches(ContainsSubstring("is not an HDF5 file")));
  }
  SECTION("not there") {
    CHECK_THROWS_MATCHES(readGridFile({folder / "absent.h5", {}}), Error,
                         MessageMatches(ContainsSubstring("There is no file")));
  }
  SECTION("damaged anywhere: an error or the numbers, never the end of this process") {
    writeHdf5Arrays(folder / "sound.h5", gridArrays(smallGrid()));
    std::ifstream stream(folder / "sound.h5", std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(stream), {}};
    int refused = 0;
    for (std::size_t at = 8; at < whole.size(); at += whole.size() / 24) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(~bytes[at]);
      std::ofstream(folder / "damaged.h5", std::ios::binary) << bytes;
      try {
        readGridFile({folder / "damaged.h5", {}});
      } catch (const Error&) {
        ++refused;
      }
    }
    CHECK(refused > 0);
  }
}
