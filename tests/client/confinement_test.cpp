#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "tests/client/test_client.h"

using namespace tarn;
using nlohmann::json;
using tarn::test::errorOf;
using tarn::test::testEngine;

TEST_CASE("The engine can write in its own temporary folder and nowhere else") {
  const auto client = EngineClient::start(testEngine());
  if (client->hello().at("confinement").at("landlock") == 0) {
    SKIP("this kernel has no Landlock");
  }
  const auto errorOfWriting = [&](const std::filesystem::path& path) {
    return client->call({{"type", "try-to-write"}, {"path", path.string()}})
        .at("error")
        .get<std::string>();
  };
  const std::filesystem::path scratch =
      client->call({{"type", "environment"}, {"name", "TMPDIR"}}).at("value").get<std::string>();
  CHECK(errorOfWriting(scratch / "mine").empty());
  CHECK(errorOfWriting("/dev/null").empty());

  const auto outside = std::filesystem::temp_directory_path() / "tarn-confinement-test";
  std::filesystem::remove(outside);
  CHECK(errorOfWriting(outside) == "Permission denied");
  CHECK_FALSE(std::filesystem::exists(outside));
  std::ofstream(outside) << "old";
  CHECK(errorOfWriting(outside) == "Permission denied");
  std::filesystem::remove(outside);
}

TEST_CASE("The engine cannot open a socket") {
  const auto client = EngineClient::start(testEngine());
  if (!client->hello().at("confinement").at("seccomp")) {
    SKIP("this kernel or processor has no seccomp filters that Tarn knows");
  }
  CHECK(client->call({{"type", "try-to-connect"}}).at("error") == "Operation not permitted");
}

TEST_CASE("The memory limit turns a greedy job into an error") {
  auto command = testEngine();
  command.memoryMiB = 1000;
  const auto client = EngineClient::start(command);
  if (client->hello().at("confinement").at("memory_limit").is_null()) {
    SKIP("with sanitizers there is no limit of the address space");
  }
  CHECK(client->hello().at("confinement").at("memory_limit") == 1000 * 1024 * 1024);
  const auto error = errorOf(
      [&] { client->call({{"type", "try-to-allocate"}, {"bytes", std::uint64_t{1100} << 20}}); });
  CHECK(error.code() == ErrorCode::memory);
  CHECK(client->call({{"type", "try-to-allocate"}, {"bytes", 1000}}).at("last") == 'x');

  command.memoryMiB = 1;
  CHECK(errorOf([&] { EngineClient::start(command); }).code() == ErrorCode::engine);
}
