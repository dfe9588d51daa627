// Data in every format, as written by NumPy, PyTorch's safetensors and Python's struct.

#include "engine/data/data_files.h"

#include <filesystem>
#include <fstream>

#include "engine/data/dataset.h"
#include "support.h"
#include "support/python.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using namespace tarn;
using engine::Loss;
using test::contains;

namespace {

engine::Dataset openData(const std::string& path, const Loss& loss = Loss::crossEntropy) {
  return engine::openDataset({{"path", path}}, loss, at::kDouble);
}

std::string dataComplaint(const std::string& path, const Loss& loss = Loss::crossEntropy) {
  return test::complaint([&] { openData(path, loss); });
}

}  // namespace

TEST_CASE("one data set is the same in every format", "[data]") {
  const test::TemporaryFolder folder;
  if (!test::runPython(folder, {"numpy", "struct", "gzip", "safetensors"}, R"(
import safetensors.numpy
x = numpy.arange(12, dtype='f8').reshape(4, 3) / 8
y = numpy.array([0, 2, 1, 2])
numpy.savez('d.npz', inputs=x, targets=y)
safetensors.numpy.save_file({'inputs': x, 'targets': y}, 'd.safetensors')
numpy.save('x.npy', x)
numpy.save('y.npy', y)
numpy.savetxt('d.csv', numpy.c_[x, y], delimiter=',')
numpy.savetxt('named.csv', numpy.c_[y, x], delimiter=',', header='label,a,b,c', comments='')
with open('x-idx2', 'wb') as f:
    f.write(struct.pack('>BBBBII12d', 0, 0, 14, 2, 4, 3, *x.flatten()))
with open('y-idx1', 'wb') as f:
    f.write(struct.pack('>BBBBI4B', 0, 0, 8, 1, 4, *y))
for name in ('x-idx2', 'y-idx1'):
    with gzip.open(name + '.gz', 'wb') as f:
        f.write(open(name, 'rb').read())
)")) {
    SKIP("Python has no numpy or safetensors");
  }
  const auto path = [&](const std::string& name) { return (folder / name).string(); };
  const auto expected = at::arange(12, at::kDouble).view({4, 3}) / 8;
  const auto classes = torch::tensor({0, 2, 1, 2}, at::kLong);
  for (const auto& data :
       {path("d.npz"), path("d.safetensors"), path("d.csv"), path("named.csv"),
        path("x.npy") + ";" + path("y.npy"), path("x-idx2") + ";" + path("y-idx1"),
        path("x-idx2.gz") + ";" + path("y-idx1.gz"), path("x.npy") + ";" + path("y-idx1")}) {
    INFO(data);
    const auto found = openData(data);
    REQUIRE(found.inputs.size() == 1);
    CHECK(torch::equal(found.inputs[0], expected));
    CHECK(torch::equal(found.targets.flatten(), classes));
    CHECK(found.sha256.size() == 64);
  }
  // A single array holds inputs; two before the targets are two inputs.
  CHECK(contains(dataComplaint(path("x.npy")), "no array 'targets'"));
  CHECK_FALSE(openData(path("x.npy"), Loss::model).targets.defined());
  const auto pair = path("x.npy") + ";" + path("x-idx2") + ";" + path("y.npy");
  CHECK(openData(pair).inputs.size() == 2);
  CHECK(openData(pair).sha256 != openData(path("x.npy") + ";" + path("y.npy")).sha256);
  CHECK(contains(dataComplaint(path("d.npz") + ";" + path("y.npy")), "holds inputs and targets"));
  CHECK(contains(dataComplaint(path("x.npy") + ";" + path("missing.npy")), "missing.npy"));

  // A packed file that is cut off, that holds more than its header says, or something else.
  std::filesystem::resize_file(path("x-idx2.gz"), 60);
  CHECK(contains(dataComplaint(path("x-idx2.gz") + ";" + path("y-idx1")), "cut off"));
  REQUIRE(test::runPython(folder, {"gzip"}, R"(
good = open('y-idx1', 'rb').read()
gzip.open('long.gz', 'wb').write(good + b'x')
gzip.open('promising.gz', 'wb').write(bytes([0, 0, 8, 3] + [255] * 12))
gzip.open('other.gz', 'wb').write(b'words')
)"));
  CHECK(contains(dataComplaint(path("x.npy") + ";" + path("long.gz")), "holds 5 bytes"));
  CHECK(contains(dataComplaint(path("x.npy") + ";" + path("promising.gz")), "promises"));
  CHECK(contains(dataComplaint(path("x.npy") + ";" + path("other.gz")), "two zero bytes"));
}

TEST_CASE("targets of a table are classes only when they are whole", "[data]") {
  const test::TemporaryFolder folder;
  const auto path = (folder / "t.csv").string();
  std::ofstream(path) << "a,target.0,target.1\n1,0.5,2\n3,4,5\n";
  const auto data = openData(path, Loss::mse);
  CHECK(data.inputs[0].sizes() == at::IntArrayRef({2, 1}));
  CHECK(torch::equal(data.targets, torch::tensor({{0.5, 2.}, {4., 5.}}, at::kDouble)));
  CHECK(contains(dataComplaint(path), "integer label"));
  std::ofstream(path) << "1\n2\n";
  CHECK(contains(dataComplaint(path), "no column for inputs"));
  std::ofstream(path) << "1,0\n,1\n";
  CHECK(contains(dataComplaint(path), "not finite"));
}

TEST_CASE("CIFAR's files are images with channels first, one after another", "[data]") {
  const test::TemporaryFolder folder;
  if (!test::runPython(folder, {"struct"}, R"(
for name, k, value in (('a.bin', 3, 10), ('b.bin', 7, 20)):
    open(name, 'wb').write(struct.pack('B', k) + bytes([value] * 1024 + [value + 1] * 2048))
)")) {
    SKIP("there is no Python");
  }
  const auto data = openData((folder / "a.bin").string() + ";" + (folder / "b.bin").string());
  CHECK(data.inputs[0].sizes() == at::IntArrayRef({2, 3, 32, 32}));
  CHECK(data.inputs[0][1][0][31][31].item<double>() == 20);
  CHECK(data.inputs[0][1][1][0][0].item<double>() == 21);
  CHECK(torch::equal(data.targets, torch::tensor({3, 7}, at::kLong)));
}
