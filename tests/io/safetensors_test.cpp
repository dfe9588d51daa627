// Against the safetensors library itself, in both directions, and against hostile files.
#include "topology/io/safetensors.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstring>
#include <limits>

#include "temporary.h"
#include "topology/base/error.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;

namespace {

std::string fileOf(const std::string& header, std::size_t dataBytes) {
  const std::uint64_t length = header.size();
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes + header + std::string(dataBytes, '\1');
}

/// What the reader says of a file with this header and as many bytes of data.
std::string complaintAbout(const std::string& header, std::size_t dataBytes) {
  const TemporaryFolder folder;
  writeBytes(folder / "x.safetensors", fileOf(header, dataBytes));
  try {
    SafetensorsReader reader(folder / "x.safetensors");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::badInput);
    CHECK_FALSE(error.remedy().empty());
    return error.what();
  }
  return "";
}

std::string tensor(const std::string& name, const std::string& dtype, const std::string& shape,
                   const std::string& offsets) {
  return "\"" + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
         offsets + "}";
}

}  // namespace

TEST_CASE("what the safetensors library wrote is read in every type") {
  const TemporaryFolder folder;
  if (!runPython(folder, {"numpy", "safetensors", "torch"}, R"(
import safetensors.torch as st
t = {name: torch.arange(6).reshape(2, 3).to(getattr(torch, name)) for name in
     ['float16', 'bfloat16', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'bool']}
t['scalar'] = torch.tensor(0.5, dtype=torch.float64)
t['none'] = torch.zeros((0, 3))
t['halves'] = torch.tensor([0.1, -65504., 6e-8, float('inf'), float('-inf'), -0.0]).half()
t['brains'] = torch.tensor([0.1, -3e38, 1e-38, float('inf')]).bfloat16()
st.save_file(t, 'a.safetensors', metadata={'format': 'pt'})
st.save_file({'halves': t['halves'].float(), 'brains': t['brains'].float()}, 'b.safetensors')
)")) {
    SKIP("there is no Python with torch and safetensors");
  }
  SafetensorsReader file(folder / "a.safetensors");
  CHECK(file.names().size() == 14);
  for (const auto* name :
       {"float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8"}) {
    INFO(name);
    const auto array = file.read(name);
    CHECK(array.shape == std::vector<std::size_t>{2, 3});
    CHECK(array.toDoubles() == std::vector<double>{0, 1, 2, 3, 4, 5});
  }
  CHECK(file.read("bool").toDoubles() == std::vector<double>{0, 1, 1, 1, 1, 1});
  CHECK(file.read("scalar").shape.empty());
  CHECK(file.read("scalar").toDoubles() == std::vector<double>{0.5});
  CHECK(file.read("none").shape == std::vector<std::size_t>{0, 3});
  CHECK(file.entry("bfloat16").storedType == "BF16");
  // Widened by PyTorch: the same bits.
  SafetensorsReader wide(folder / "b.safetensors");
  CHECK(file.read("halves").bytes == wide.read("halves").bytes);
  CHECK(file.read("brains").bytes == wide.read("brains").bytes);
  CHECK_THROWS_AS(file.read("missing"), Error);
}

TEST_CASE("the safetensors library reads what was written") {
  const TemporaryFolder folder;
  NdArray flags{DType::boolean, {3}, {std::byte{1}, std::byte{0}, std::byte{1}}};
  const std::map<std::string, NdArray> tensors{
      {"a.weight", NdArray::fromFloats({2, 2}, std::vector<float>{1, 2, 3, 4.5F})},
      {"b", NdArray::fromDoubles({}, std::vector<double>{0.1})},
      {"c", NdArray::fromInt64({2}, std::vector<std::int64_t>{-1, std::int64_t{1} << 60})},
      {"d", flags},
      {"empty", NdArray::fromDoubles({0, 3}, {})}};
  writeSafetensors(folder / "x.safetensors", tensors);
  SafetensorsReader again(folder / "x.safetensors");
  for (const auto& [name, array] : tensors) {
    const auto read = again.read(name);
    CHECK(read.dtype == array.dtype);
    CHECK(read.shape == array.shape);
    CHECK(read.bytes == array.bytes);
  }
  if (!runPython(folder, {"numpy", "safetensors"}, R"(
import safetensors.numpy as sn
x = sn.load_file('x.safetensors')
assert x['a.weight'].dtype == numpy.float32 and x['a.weight'].tolist() == [[1, 2], [3, 4.5]]
assert x['b'].shape == () and x['b'] == 0.1
assert x['c'].dtype == numpy.int64 and x['c'].tolist() == [-1, 2**60]
assert x['d'].dtype == numpy.bool_ and x['d'].tolist() == [True, False, True]
assert x['empty'].shape == (0, 3)
assert len(x) == 5
)")) {
    SKIP("there is no Python with safetensors");
  }
}

TEST_CASE("a file without tensors is a file") {
  CHECK(complaintAbout("{}", 0).empty());
  CHECK(complaintAbout(R"({"__metadata__":{"format":"pt"}}   )", 0).empty());
}

TEST_CASE("a header that lies about the file is refused before memory is taken") {
  const auto one = tensor("a", "F32", "[2]", "[0,8]");
  CHECK(complaintAbout("{" + one + "}", 8).empty());
  CHECK_THAT(complaintAbout("{" + one + "}", 7), ContainsSubstring("'a'"));
  CHECK_THAT(complaintAbout("{" + one + "}", 9), ContainsSubstring("more data"));
  CHECK_THAT(complaintAbout("{" + one + "," + one + "}", 8), ContainsSubstring("'a' twice"));
  CHECK_THAT(complaintAbout("{" + one + "," + tensor("b", "F32", "[1]", "[4,8]") + "}", 8),
             ContainsSubstring("overlap"));
  CHECK_THAT(complaintAbout("{" + one + "," + tensor("b", "F32", "[1]", "[12,16]") + "}", 16),
             ContainsSubstring("gaps"));
  CHECK_THAT(complaintAbout("{" + tensor("a", "F32", "[3]", "[0,8]") + "}", 8),
             ContainsSubstring("does not fit"));
  CHECK_THAT(complaintAbout("{" + tensor("a", "F32", "[2]", "[8,0]") + "}", 8),
             ContainsSubstring("does not fit"));
  // 2⁶² elements of 4 bytes are 2⁶⁴ bytes: 0 in 64 bits.
  CHECK_THAT(complaintAbout("{" + tensor("a", "F32", "[4611686018427387904]", "[0,0]") + "}", 0),
             ContainsSubstring("does not fit"));
  CHECK_THAT(complaintAbout("{" + tensor("a", "F32", "[-2]", "[0,8]") + "}", 8),
             ContainsSubstring("whole number"));
  CHECK_THAT(complaintAbout("{" + tensor("a", "F99", "[2]", "[0,8]") + "}", 8),
             ContainsSubstring("F99"));
  CHECK_THAT(complaintAbout(R"({"a":{"shape":[2],"data_offsets":[0,8]}})", 8),
             ContainsSubstring("no dtype"));
  CHECK_THAT(complaintAbout("[]", 0), ContainsSubstring("no map"));
  CHECK_THAT(complaintAbout("{\"a\":", 0), ContainsSubstring("no JSON"));
  CHECK_THAT(complaintAbout(std::string(100000, '['), 0), ContainsSubstring("nested"));
}

TEST_CASE("files that are too short for what they say are refused") {
  const TemporaryFolder folder;
  const auto open = [&](const std::string& bytes) {
    writeBytes(folder / "x.safetensors", bytes);
    SafetensorsReader reader(folder / "x.safetensors");
  };
  CHECK_THROWS_WITH(open("1234567"), ContainsSubstring("shorter"));
  CHECK_THROWS_WITH(open(std::string(8, '\xFF') + "{}"), ContainsSubstring("header would be"));
  CHECK_THROWS_WITH(open(std::string("\x03\0\0\0\0\0\0\0{}", 10)),
                    ContainsSubstring("header would be"));
  CHECK_THROWS_AS(SafetensorsReader(folder / "missing.safetensors"), Error);
}
