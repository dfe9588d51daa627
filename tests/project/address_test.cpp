#include "engine/project/address.h"

#include <catch2/catch_test_macros.hpp>

#include "project/support.h"

using namespace tarn;

TEST_CASE("a result's address names file, kind and number, and is read back as written") {
  const ResultAddress address{"some folder/résumé.tarn", ResultKind::run, 12};
  REQUIRE(formatAddress(address) == "some folder/résumé.tarn#run/12");
  REQUIRE(parseAddress(formatAddress(address)) == address);
}

TEST_CASE("a bare path means the latest landscape, a kind alone the latest of its kind") {
  REQUIRE(parseAddress("a.tarn") == ResultAddress{"a.tarn", ResultKind::landscape, 0});
  REQUIRE(parseAddress("a.tarn#spectrum") == ResultAddress{"a.tarn", ResultKind::spectrum, 0});
}

TEST_CASE("a '#' in a file's name is part of the name") {
  REQUIRE(parseAddress("run #3.npy").path == "run #3.npy");
  REQUIRE(parseAddress("#1/x.tarn").path == "#1/x.tarn");
  REQUIRE(parseAddress("a#b/c.tarn").path == "a#b/c.tarn");
  REQUIRE(parseAddress("a#b.tarn#landscape/2") ==
          ResultAddress{"a#b.tarn", ResultKind::landscape, 2});
}

TEST_CASE("an address with an unknown kind or a number that is none is wrong usage") {
  REQUIRE(test::errorOf([] { parseAddress("a.tarn#valley/3"); }) == ErrorCode::usage);
  for (const char* id : {"0", "-1", "x", "", "3x", "99999999999999999999"}) {
    const std::string text = std::string("a.tarn#landscape/") + id;
    REQUIRE(test::errorOf([&] { parseAddress(text); }) == ErrorCode::usage);
  }
}
