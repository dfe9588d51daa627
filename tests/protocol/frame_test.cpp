#include "engine/protocol/frame.h"

#include <catch2/catch_test_macros.hpp>
#include <limits>
#include <random>

#include "engine/protocol/fields.h"
#include "topology/base/error.h"

using namespace tarn;
using nlohmann::json;

namespace {

std::vector<std::byte> cbor(std::initializer_list<int> values) {
  std::vector<std::byte> bytes;
  for (const int value : values) {
    bytes.push_back(static_cast<std::byte>(value));
  }
  return bytes;
}

json roundTrip(const json& message) {
  FrameSplitter splitter;
  splitter.push(encodeFrame(message));
  return decodeMessage(*splitter.next());
}

}  // namespace

TEST_CASE("A message comes out as it went in") {
  const std::vector<std::byte> data(300, std::byte{7});
  const json message{{"id", std::numeric_limits<std::uint64_t>::max()},
                     {"type", "put"},
                     {"negative", std::numeric_limits<std::int64_t>::min()},
                     {"pi", 3.141592653589793},
                     {"flags", {true, false, nullptr}},
                     {"nested", {{"größe", {1, 2, 3}}}},
                     {"data", binary(data)}};
  CHECK(roundTrip(message) == message);
  CHECK(std::isnan(roundTrip({{"x", std::nan("")}}).at("x").get<double>()));
  CHECK(roundTrip({{"x", std::numeric_limits<double>::infinity()}}).at("x") ==
        std::numeric_limits<double>::infinity());
}

// The encodings of RFC 8949, appendix A.
TEST_CASE("CBOR is read as RFC 8949 defines it") {
  CHECK(decodeMessage(cbor({0xa0})) == json::object());
  CHECK(decodeMessage(cbor({0xa2, 0x61, 0x61, 0x01, 0x61, 0x62, 0x82, 0x02, 0x03})) ==
        json{{"a", 1}, {"b", {2, 3}}});
  CHECK(decodeMessage(cbor({0xa1, 0x61, 0x61, 0xf9, 0x3c, 0x00})) == json{{"a", 1.0}});
}

TEST_CASE("What is not one plain map is refused before it is built") {
  const auto refused = [](std::initializer_list<int> bytes) {
    CHECK_THROWS_AS(decodeMessage(cbor(bytes)), Error);
  };
  refused({});
  refused({0x01});                                      // a number
  refused({0x80});                                      // an array
  refused({0xa1});                                      // a map that ends early
  refused({0xa1, 0x01, 0x02});                          // a key that is a number
  refused({0xa0, 0xa0});                                // bytes after the end
  refused({0xbf, 0xff});                                // indefinite length
  refused({0xa1, 0x61, 0x61, 0xc0, 0x60});              // a tag
  refused({0xa1, 0x61, 0x61, 0xf7});                    // undefined
  refused({0xa1, 0x61, 0x61, 0x1c});                    // reserved
  refused({0xa1, 0x61, 0x61, 0x61, 0xff});              // not UTF-8
  refused({0xa1, 0x61, 0x61, 0x63, 0xed, 0xa0, 0x80});  // a surrogate
  refused({0xa1, 0x61, 0x61, 0x3b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff});  // below i64
}

TEST_CASE("Ten bytes cannot claim gigabytes") {
  // A text, bytes, an array and a map of 2^60 elements, as the value of the key "a".
  for (const int kind : {0x7b, 0x5b, 0x9b, 0xbb}) {
    CHECK_THROWS_AS(decodeMessage(cbor({0xa1, 0x61, 0x61, kind, 0x10, 0, 0, 0, 0, 0, 0, 0})),
                    Error);
  }
  CHECK_THROWS_AS(decodeMessage(cbor({0xbb, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})),
                  Error);
}

TEST_CASE("Nesting is followed to 32 levels and no further") {
  const auto nested = [](std::size_t arrays) {
    auto bytes = cbor({0xa1, 0x61, 0x61});
    bytes.insert(bytes.end(), arrays - 1, std::byte{0x81});
    bytes.push_back(std::byte{0x80});
    return bytes;
  };
  CHECK_NOTHROW(decodeMessage(nested(kMaxDepth - 1)));
  CHECK_THROWS_AS(decodeMessage(nested(kMaxDepth)), Error);
  CHECK_THROWS_AS(decodeMessage(nested(10'000'000)), Error);
}

TEST_CASE("A frame may hold a million values and no more") {
  const auto message = [](std::size_t count) {
    return json{{"a", std::vector<int>(count, 0)}};  // and the map, the key and the list
  };
  CHECK_NOTHROW(encodeFrame(message(kMaxItems - 3)));
  CHECK_THROWS_AS(encodeFrame(message(kMaxItems - 2)), Error);
}

TEST_CASE("A frame's length is from 1 byte to 16 MiB") {
  const auto header = [](std::initializer_list<int> bytes) {
    FrameSplitter splitter;
    splitter.push(cbor(bytes));
    return splitter.next();
  };
  CHECK_THROWS_AS(header({0, 0, 0, 0}), Error);
  CHECK_THROWS_AS(header({1, 0, 0, 1}), Error);  // 16 MiB and a byte
  CHECK_THROWS_AS(header({0xff, 0xff, 0xff, 0xff}), Error);
  CHECK_FALSE(header({0, 0, 0, 1}).has_value());  // 16 MiB exactly: the rest is awaited

  const auto sized = [](std::size_t data) {
    return encodeFrame({{"d", binary(std::vector<std::byte>(data))}});
  };
  const std::size_t envelope = sized(100'000).size() - 100'000 - kFrameHeader;
  CHECK(sized(kMaxFrame - envelope).size() == kMaxFrame + kFrameHeader);
  CHECK_THROWS_AS(sized(kMaxFrame - envelope + 1), Error);
}

TEST_CASE("Frames do not depend on how the stream is cut") {
  std::vector<std::byte> stream;
  for (int i = 0; i < 50; ++i) {
    const auto frame = encodeFrame({{"id", i}, {"text", std::string(i * 13, 'x')}});
    stream.insert(stream.end(), frame.begin(), frame.end());
  }
  std::mt19937 random(1);
  FrameSplitter splitter;
  int expected = 0;
  for (std::size_t at = 0; at < stream.size();) {
    const auto count = std::min<std::size_t>(1 + random() % 40, stream.size() - at);
    splitter.push(std::span(stream).subspan(at, count));
    at += count;
    while (const auto frame = splitter.next()) {
      REQUIRE(decodeMessage(*frame).at("id") == expected++);
    }
  }
  CHECK(expected == 50);
  CHECK(splitter.empty());
}

TEST_CASE("A message that a receiver would refuse is not sent") {
  CHECK_THROWS_AS(encodeFrame(json::array()), Error);
  CHECK_THROWS_AS(encodeFrame({{"name", "\xff"}}), Error);
  CHECK(isUtf8(toUtf8("a\xff\xc3")));
  CHECK(toUtf8("a\xff") == "a\xEF\xBF\xBD");
  CHECK(toUtf8("größe €  𝄞") == "größe €  𝄞");
}
