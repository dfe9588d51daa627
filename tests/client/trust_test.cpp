#include "engine/client/trust.h"

#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <thread>
#include <vector>

#include <sys/stat.h>

#include "support/temporary_folder.h"
#include "topology/base/error.h"

using namespace tarn;

namespace {

std::string hashOf(char digit) {
  return std::string(64, digit);
}

}  // namespace

TEST_CASE("An answer is kept for a file's hash, and only for it") {
  const test::TemporaryFolder folder;
  TrustStore store(folder / "deep/trusted.json");
  CHECK_FALSE(store.answer(hashOf('a')).has_value());
  store.remember(hashOf('a'), true, "model.pt");
  store.remember(hashOf('b'), false, "gr\xff.pt");
  CHECK(TrustStore(store.file()).answer(hashOf('a')) == true);
  CHECK(TrustStore(store.file()).answer(hashOf('b')) == false);
  CHECK_FALSE(store.answer(hashOf('c')).has_value());
  store.remember(hashOf('a'), false, "model.pt");
  CHECK(store.answer(hashOf('a')) == false);

  struct stat facts{};
  REQUIRE(::stat(store.file().c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE("A damaged file trusts nothing") {
  const test::TemporaryFolder folder;
  TrustStore store(folder / "trusted.json");
  store.remember(hashOf('a'), true, "model.pt");
  std::ofstream(store.file()) << "{\"" << hashOf('a') << "\": {\"trusted\": tru";
  CHECK_FALSE(store.answer(hashOf('a')).has_value());
  std::ofstream(store.file()) << "{\"" << hashOf('a') << "\": {\"trusted\": \"yes\"}}";
  CHECK_FALSE(store.answer(hashOf('a')).has_value());
  std::ofstream(store.file()) << "[1]";
  CHECK_FALSE(store.answer(hashOf('a')).has_value());
}

TEST_CASE("What is no SHA-256 is not kept") {
  const test::TemporaryFolder folder;
  TrustStore store(folder / "trusted.json");
  CHECK_THROWS_AS(store.remember("a", true, ""), Error);
  CHECK_THROWS_AS(store.remember(hashOf('G'), true, ""), Error);
}

TEST_CASE("Answers of several programs at once are all kept") {
  const test::TemporaryFolder folder;
  const auto file = folder / "trusted.json";
  {
    std::vector<std::jthread> programs;
    for (const char digit : std::string("0123456789abcdef")) {
      programs.emplace_back([=] { TrustStore(file).remember(hashOf(digit), true, "m"); });
    }
  }
  for (const char digit : std::string("0123456789abcdef")) {
    CHECK(TrustStore(file).answer(hashOf(digit)) == true);
  }
}
