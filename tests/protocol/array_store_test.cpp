// The arrays that a client puts into the engine.
#include "engine/protocol/fields.h"
#include "engine/protocol/sha256.h"
#include "tests/protocol/piped_server.h"

using namespace tarn;
using nlohmann::json;
using tarn::test::isError;
using tarn::test::PipedServer;

namespace {

/// A handler that adds the bytes of an array.
void addSum(engine::Server& server) {
  server.on("sum", [](engine::JobContext& job) {
    const auto array = job.storedArray(textField(job.request(), "hash"));
    int sum = 0;
    for (const auto byte : array->bytes) {
      sum += std::to_integer<int>(byte);
    }
    return json{{"sum", sum}};
  });
}

json put(std::uint64_t id, const std::string& hash, const std::string& bytes, std::size_t offset,
         std::size_t total) {
  return {{"id", id},
          {"type", "put"},
          {"hash", hash},
          {"dtype", "u8"},
          {"shape", {total}},
          {"offset", offset},
          {"data", binary(std::as_bytes(std::span(bytes)))}};
}

}  // namespace

TEST_CASE("An array can be put in pieces and used by its hash") {
  PipedServer server(addSum);
  const std::string bytes = "abcdef";
  const auto hash = sha256(std::as_bytes(std::span(bytes)));
  CHECK(isError(server.ask({{"id", 1}, {"type", "sum"}, {"hash", hash}}), "not-found"));
  CHECK(server.ask(put(2, hash, "abc", 0, 6)).at("stored") == false);
  CHECK(isError(server.ask({{"id", 3}, {"type", "sum"}, {"hash", hash}}), "not-found"));
  CHECK(server.ask(put(4, hash, "def", 3, 6)).at("stored") == true);
  CHECK(server.ask({{"id", 5}, {"type", "sum"}, {"hash", hash}}).at("sum") == 597);
  CHECK(server.ask(put(6, hash, "abc", 0, 6)).at("stored") == true);
}

TEST_CASE("Pieces that do not fit and bytes that do not have the hash are refused") {
  engine::ServerOptions options;
  options.storeBytes = 1000;
  PipedServer server(addSum, options);
  const std::string hash(64, 'a');
  CHECK(isError(server.ask(put(1, hash, "abc", 3, 6)), "usage"));
  CHECK(isError(server.ask(put(2, hash, "abcdef", 0, 6)), "bad-input"));
  CHECK(isError(server.ask(put(3, hash, "abcdefg", 0, 6)), "usage"));
  CHECK(isError(server.ask(put(4, hash, "abc", 0, 1001)), "memory"));
  CHECK(isError(server.ask(put(5, "no hash", "abc", 0, 3)), "usage"));
  auto absurd = put(6, hash, "abc", 0, 3);
  absurd["dtype"] = "f64";
  absurd["shape"] = {1LL << 40, 1LL << 40};
  CHECK(isError(server.ask(absurd), "bad-input"));
}

TEST_CASE("Arrays used least recently leave when the store is full") {
  engine::ServerOptions options;
  options.storeBytes = 10;
  PipedServer server(addSum, options);
  const auto store = [&](std::uint64_t id, const std::string& bytes) {
    const auto hash = sha256(std::as_bytes(std::span(bytes)));
    REQUIRE(server.ask(put(id, hash, bytes, 0, bytes.size())).at("stored") == true);
    return hash;
  };
  const auto has = [&](std::uint64_t id, const std::string& hash) {
    return server.ask({{"id", id}, {"type", "sum"}, {"hash", hash}}).at("type") == "done";
  };
  const auto first = store(1, "aaaa");
  const auto second = store(2, "bbbb");
  CHECK(has(3, first));
  const auto third = store(4, "cccc");
  CHECK(has(5, first));
  CHECK_FALSE(has(6, second));
  CHECK(has(7, third));
}
