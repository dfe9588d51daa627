#include "engine/protocol/range_text.h"

#include <catch2/catch_test_macros.hpp>

#include "topology/base/error.h"

using namespace tarn;

TEST_CASE("a range is symmetric unless both of its ends are written") {
  const RangeText one = parseRange("abs:1.5");
  CHECK(one.kind == RangeText::Kind::absolute);
  CHECK(one.from == -1.5);
  CHECK(one.to == 1.5);
  const RangeText both = parseRange("rel:-0.5..1.5");
  CHECK(both.kind == RangeText::Kind::relative);
  CHECK(both.from == -0.5);
  CHECK(both.to == 1.5);
  CHECK(parseRange("auto").kind == RangeText::Kind::automatic);
}

TEST_CASE("a range that is empty, endless or no number is refused") {
  for (const char* wrong : {"", "wide", "1", "auto:1", "abs:", "abs:-1", "abs:0", "abs:nan",
                            "abs:inf", "abs:1..", "abs:2..1", "abs:1..1", "rel:0.5x", "abs:a..b"}) {
    INFO(wrong);
    CHECK_THROWS_AS(parseRange(wrong), Error);
  }
}
