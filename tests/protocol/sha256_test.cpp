#include "engine/protocol/sha256.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <string_view>

#include "topology/base/error.h"

using namespace tarn;

namespace {

std::span<const std::byte> bytesOf(std::string_view text) {
  return std::as_bytes(std::span(text));
}

}  // namespace

// The messages and digests that NIST publishes with FIPS 180-4 ("Cryptographic Standards and
// Guidelines, Example Values", SHA-256).
TEST_CASE("SHA-256 gives NIST's published digests") {
  CHECK(sha256(bytesOf("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256(bytesOf("abc")) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256(bytesOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")) ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256(bytesOf(std::string(1000000, 'a'))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("SHA-256 does not depend on how the bytes are cut into pieces") {
  std::string text;
  for (int i = 0; i < 300; ++i) {
    text += static_cast<char>(i * 7);
  }
  for (std::size_t length = 0; length <= text.size(); ++length) {
    const auto whole = bytesOf(text).first(length);
    const auto cut = length / 3;
    Sha256 pieces;
    pieces.update(whole.first(cut));
    pieces.hex();  // looking at the digest half-way changes nothing
    pieces.update(whole.subspan(cut));
    REQUIRE(pieces.hex() == sha256(whole));
  }
}

TEST_CASE("A file's SHA-256 is that of its bytes") {
  const auto path = std::filesystem::temp_directory_path() / "tarn-sha256-test";
  std::ofstream(path) << "abc";
  CHECK(sha256OfFile(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  std::filesystem::remove(path);
  CHECK_THROWS_AS(sha256OfFile(path), Error);
  CHECK_THROWS_AS(sha256OfFile("/dev/zero"), Error);
  CHECK_THROWS_AS(sha256OfFile("/"), Error);
}
