// Data sets as their published descriptions have them, written by Python's struct module.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <span>

#include "temporary.h"
#include "topology/base/error.h"
#include "topology/io/cifar.h"
#include "topology/io/idx.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;

namespace {

NdArray idx(const std::string& bytes) {
  return parseIdx(std::as_bytes(std::span(bytes)), "x");
}

LabelledImages cifar(const std::string& bytes) {
  return parseCifar(std::as_bytes(std::span(bytes)), "x");
}

}  // namespace

TEST_CASE("IDX files of every type are read from their big-endian bytes") {
  const TemporaryFolder folder;
  if (!runPython(folder, {"struct"}, R"(
def write(name, code, letter, values):
    with open(name, 'wb') as f:
        f.write(struct.pack('>BBBBII', 0, 0, code, 2, 2, 3))
        f.write(struct.pack('>6' + letter, *values))
write('u8', 0x08, 'B', [0, 1, 2, 3, 254, 255])
write('i8', 0x09, 'b', [-128, -1, 0, 1, 2, 127])
write('i16', 0x0B, 'h', [-32768, -1, 0, 1, 256, 32767])
write('i32', 0x0C, 'i', [-2**31, -1, 0, 1, 65536, 2**31 - 1])
write('f32', 0x0D, 'f', [0.5, -1.25, 0, 1, 2, 3])
write('f64', 0x0E, 'd', [0.1, -1.25, 0, 1, 2, 1e300])
)")) {
    SKIP("there is no Python");
  }
  const auto read = [&](const std::string& name) {
    const auto array = idx(readBytes(folder / name));
    CHECK(array.shape == std::vector<std::size_t>{2, 3});
    return array.toDoubles();
  };
  CHECK(read("u8") == std::vector<double>{0, 1, 2, 3, 254, 255});
  CHECK(read("i8") == std::vector<double>{-128, -1, 0, 1, 2, 127});
  CHECK(read("i16") == std::vector<double>{-32768, -1, 0, 1, 256, 32767});
  CHECK(read("i32") == std::vector<double>{-2147483648.0, -1, 0, 1, 65536, 2147483647});
  CHECK(read("f32") == std::vector<double>{0.5, -1.25, 0, 1, 2, 3});
  CHECK(read("f64") == std::vector<double>{0.1, -1.25, 0, 1, 2, 1e300});
}

TEST_CASE("IDX files that are cut, too long or of no type are refused") {
  const std::string good(
      "\0\0\x08\x01\0\0\0\x02"
      "ab",
      10);
  CHECK(idx(good).size() == 2);
  CHECK_THROWS_WITH(idx(good + "c"), ContainsSubstring("says otherwise"));
  CHECK_THROWS_WITH(idx(good.substr(0, 9)), ContainsSubstring("says otherwise"));
  CHECK_THROWS_WITH(idx(good.substr(0, 6)), ContainsSubstring("ends within"));
  CHECK_THROWS_WITH(idx(std::string("\0\0\x07\x00", 4)), ContainsSubstring("type 7"));
  CHECK_THROWS_WITH(idx("PK"), ContainsSubstring("zero bytes"));
  // 2³¹·2³¹·4 elements of 8 bytes are 2⁶⁷ bytes: 0 in 64 bits.
  const std::string overflow("\0\0\x0E\x03\x80\0\0\0\x80\0\0\0\0\0\0\x04", 16);
  CHECK_THROWS_WITH(idx(overflow), ContainsSubstring("more data than there can be"));
}

TEST_CASE("CIFAR's binary files are read with their classes") {
  const TemporaryFolder folder;
  if (!runPython(folder, {"struct"}, R"(
image = bytes(c * 80 + (y + x) % 80 for c in range(3) for y in range(32) for x in range(32))
open('ten', 'wb').write(b''.join(struct.pack('B', k) + image for k in (3, 9)))
open('hundred', 'wb').write(b''.join(struct.pack('BB', 19, k) + image for k in (0, 99, 42)))
)")) {
    SKIP("there is no Python");
  }
  const auto ten = cifar(readBytes(folder / "ten"));
  CHECK(ten.images.shape == std::vector<std::size_t>{2, 3, 32, 32});
  CHECK(ten.labels.toDoubles() == std::vector<double>{3, 9});
  const auto values = ten.images.toDoubles();
  // Image 1, blue, row 5, column 7.
  CHECK(values[3072 + 2 * 1024 + 5 * 32 + 7] == 2 * 80 + 12);
  const auto hundred = cifar(readBytes(folder / "hundred"));
  CHECK(hundred.labels.toDoubles() == std::vector<double>{0, 99, 42});
  CHECK(hundred.images.bytes.size() == 3 * 3072);
}

TEST_CASE("files that are no CIFAR records are refused") {
  CHECK_THROWS_WITH(cifar(""), ContainsSubstring("0 bytes"));
  CHECK_THROWS_WITH(cifar(std::string(3072, '\0')), ContainsSubstring("3072 bytes"));
  CHECK_THROWS_WITH(cifar(std::string(3073, '\x0A')), ContainsSubstring("3073 bytes"));
}
