// Files that lie: each must be refused in a sentence, before memory is taken for what they promise.
#include <catch2/catch_test_macros.hpp>
#include <random>

#include <zip.h>

#include "temporary.h"
#include "topology/base/error.h"
#include "topology/io/grid_io.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;

namespace {

std::string npy(const std::string& header, const std::string& data) {
  std::string file = "\x93NUMPY";
  file += '\1';
  file += '\0';
  file += static_cast<char>(header.size() & 0xFFU);
  file += static_cast<char>(header.size() >> 8U);
  return file + header + data;
}

std::string headerFor(const std::string& shape, const std::string& descr = "'<f8'") {
  return "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }\n";
}

ErrorCode refusal(const std::filesystem::path& path) {
  try {
    if (path.extension() == ".npz") {
      readNpz(path);
    } else {
      readNpy(path);
    }
  } catch (const Error& error) {
    CHECK_FALSE(std::string(error.what()).empty());
    return error.code();
  }
  FAIL("it was read");
  return ErrorCode::internal;
}

void zipOf(const std::filesystem::path& path, const std::string& member, const std::string& bytes,
           bool deflate = true) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  REQUIRE(archive != nullptr);
  zip_source_t* source = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
  const auto index = zip_file_add(archive, member.c_str(), source, 0);
  zip_set_file_compression(archive, static_cast<zip_uint64_t>(index),
                           deflate ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0);
  REQUIRE(zip_close(archive) == 0);
}

}  // namespace

TEST_CASE("headers that promise other data than there is are refused") {
  const TemporaryFolder folder;
  const std::string eight(8, '\0');
  const std::vector<std::string> shapes{"(2,)",
                                        "(0,)",
                                        "(1000000000000,)",
                                        "(18446744073709551615,)",
                                        "(99999999999999999999,)",
                                        "(4294967296, 4294967296)",
                                        "(2305843009213693953,)",
                                        "(-1,)",
                                        "(1.0,)",
                                        "(1, 1",
                                        "1",
                                        "(,)"};
  for (const std::string& shape : shapes) {
    INFO(shape);
    writeBytes(folder / "x.npy", npy(headerFor(shape), eight));
    CHECK(refusal(folder / "x.npy") == ErrorCode::badInput);
  }
  std::string many = "(";
  for (int i = 0; i < 100; ++i) {
    many += "1,";
  }
  writeBytes(folder / "x.npy", npy(headerFor(many + ")"), eight));
  CHECK(refusal(folder / "x.npy") == ErrorCode::badInput);
  writeBytes(folder / "x.npy", npy(headerFor("(1,)"), eight));
  CHECK(readNpy(folder / "x.npy").toDoubles() == std::vector<double>{0.0});
}

TEST_CASE("headers that are no NumPy header are refused") {
  const TemporaryFolder folder;
  const std::string eight(8, '\0');
  const std::vector<std::string> headers{
      "",
      "{}",
      "{'descr': '<f8', 'fortran_order': False}",
      "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
      "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} import os",
      "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
      "{'other': 1, 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
      std::string(40, '{')};
  for (const std::string& header : headers) {
    INFO(header);
    writeBytes(folder / "x.npy", npy(header, eight));
    CHECK(refusal(folder / "x.npy") == ErrorCode::badInput);
  }
  for (const std::string type : {"'|O'", "'<f9'", "''", "'<'", "[('x', '<f8')]", "'<c16'"}) {
    INFO(type);
    writeBytes(folder / "x.npy", npy(headerFor("(1,)", type), eight));
    CHECK(refusal(folder / "x.npy") == ErrorCode::unsupported);
  }
}

TEST_CASE("files cut off anywhere are refused") {
  const TemporaryFolder folder;
  const auto whole = npy(headerFor("(2,)"), std::string(16, '\1'));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    writeBytes(folder / "x.npy", whole.substr(0, length));
    CHECK(refusal(folder / "x.npy") == ErrorCode::badInput);
  }
  writeBytes(folder / "x.npy", whole + "more");
  CHECK(refusal(folder / "x.npy") == ErrorCode::badInput);
  std::string version4 = whole;
  version4[6] = 4;
  writeBytes(folder / "x.npy", version4);
  CHECK(refusal(folder / "x.npy") == ErrorCode::unsupported);
  std::string longHeader = whole;
  longHeader[6] = 2;  // four bytes of length now: larger than the file
  writeBytes(folder / "x.npy", longHeader);
  CHECK(refusal(folder / "x.npy") == ErrorCode::badInput);
}

TEST_CASE("damaged bytes never do worse than an error") {
  const TemporaryFolder folder;
  writeNpz(folder / "sound.npz",
           {{"loss", NdArray::fromDoubles({3, 3}, std::vector<double>(9, 1.5))},
            {"coordinates", NdArray::fromDoubles({2, 3}, std::vector<double>{0, 1, 2, 0, 1, 2})}});
  const auto archive = readBytes(folder / "sound.npz");
  const auto array = npy(headerFor("(3, 2)"), std::string(48, '\2'));
  std::mt19937 random(1);
  for (const auto& [whole, name] : {std::pair(archive, "x.npz"), std::pair(array, "x.npy")}) {
    int refused = 0;
    for (int attempt = 0; attempt < 1500; ++attempt) {
      std::string bytes = whole;
      for (int hit = 0; hit < 1 + attempt % 3; ++hit) {
        bytes[random() % bytes.size()] = static_cast<char>(random() & 0xFFU);
      }
      writeBytes(folder / name, bytes);
      try {
        readGrid(folder / name);
      } catch (const Error&) {
        ++refused;  // anything but an Error fails the test
      }
    }
    CHECK(refused > 100);
  }
}

TEST_CASE("a changed element of an archive is noticed by its checksum") {
  const TemporaryFolder folder;
  zipOf(folder / "x.npz", "a.npy", npy(headerFor("(2,)"), std::string(16, '\1')), false);
  CHECK(readNpz(folder / "x.npz").size() == 1);
  auto bytes = readBytes(folder / "x.npz");
  bytes[bytes.find(std::string(16, '\1')) + 3] = '\7';
  writeBytes(folder / "x.npz", bytes);
  CHECK(refusal(folder / "x.npz") == ErrorCode::badInput);
}

TEST_CASE("archives that unpack to far more than they are, or than allowed, are refused") {
  const TemporaryFolder folder;
  const auto zeros = npy(headerFor("(1000000,)"), std::string(8'000'000, '\0'));
  zipOf(folder / "zeros.npz", "a.npy", zeros);
  CHECK(readNpz(folder / "zeros.npz").at("a").size() == 1'000'000);
  CHECK_THROWS_AS(readNpz(folder / "zeros.npz", {.memberBytes = 7'000'000}), Error);
  CHECK_THROWS_AS(readNpz(folder / "zeros.npz", {.ratio = 100}), Error);

  // An archive that lies about the size of its only member, in both places where it stands.
  auto bytes = readBytes(folder / "zeros.npz");
  const auto size = static_cast<std::uint32_t>(zeros.size());
  const std::string true4(reinterpret_cast<const char*>(&size), 4);
  for (std::size_t found = bytes.find(true4); found != std::string::npos;
       found = bytes.find(true4, found + 4)) {
    bytes.replace(found, 4, "\xF0\xFF\xFF\x7F");
  }
  writeBytes(folder / "lie.npz", bytes);
  CHECK(refusal(folder / "lie.npz") == ErrorCode::badInput);
}

TEST_CASE("what is not there or no archive is said") {
  const TemporaryFolder folder;
  CHECK(refusal(folder / "absent.npy") == ErrorCode::notFound);
  CHECK(refusal(folder / "absent.npz") == ErrorCode::notFound);
  writeBytes(folder / "text.npz", "this is no archive, only a text of some length");
  CHECK(refusal(folder / "text.npz") == ErrorCode::badInput);
  zipOf(folder / "text-inside.npz", "a.npy", "no array");
  CHECK(refusal(folder / "text-inside.npz") == ErrorCode::badInput);
  zipOf(folder / "a.npz", "readme.txt", "no array");
  CHECK(readNpz(folder / "a.npz").empty());
  CHECK_THROWS_AS(NpzReader(folder / "a.npz").read("readme"), Error);
  CHECK_THROWS_AS(readGrid(folder / "a.npz"), Error);
  CHECK_THROWS_AS(readGrid(folder / "absent.csv"), Error);
}
