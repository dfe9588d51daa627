// Messages as somebody would send who wants the other side to crash: a hundred thousand frames,
// mutated from real ones with a fixed seed, in both directions.
#include <algorithm>
#include <random>

#include "engine/client/array_assembly.h"
#include "engine/client/stream_reader.h"
#include "engine/protocol/fields.h"
#include "tests/protocol/mutation.h"
#include "tests/protocol/piped_server.h"
#include "topology/base/error.h"

using namespace tarn;
using nlohmann::json;
using tarn::test::mutated;

namespace {

constexpr int kFrames = 100'000;

std::vector<json> requests() {
  const auto data = binary(std::vector<std::byte>(64));
  return {
      {{"id", 1}, {"type", "ping"}},
      {{"id", 2}, {"type", "cancel"}, {"target", 1}},
      {{"id", 3}, {"type", "stat"}, {"path", "/"}},
      {{"id", 4}, {"type", "work"}, {"list", {1, 2.5, nullptr, true, {{"a", {1, 2}}}}}},
      {{"id", 5},
       {"type", "put"},
       {"hash", std::string(64, 'a')},
       {"dtype", "f64"},
       {"shape", {2, 4}},
       {"offset", 0},
       {"data", data}},
      {{"type", "credit"}, {"bytes", 1000}},
  };
}

std::vector<json> events() {
  const auto data = binary(std::vector<std::byte>(64));
  return {
      {{"type", "hello"}, {"job", 0}, {"protocol", 1}},
      {{"type", "array"},
       {"job", 1},
       {"name", "direction/0"},
       {"dtype", "f64"},
       {"shape", {2, 4}},
       {"offset", 0},
       {"total", 64},
       {"data", data}},
      {{"type", "error"}, {"job", 1}, {"code", "memory"}, {"message", "m"}, {"remedy", "r"}},
      {{"type", "heartbeat"}, {"job", 0}, {"running", 1}, {"done", 2}, {"total", 3}},
  };
}

/// Ids only grow, so that one such message would make the engine refuse all that follow.
bool claimsIdAbove(std::uint64_t id, std::span<const std::byte> body) {
  try {
    return countField(decodeMessage(body), "id") > id;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

TEST_CASE("The engine survives a hundred thousand mutated requests and still answers") {
  test::PipedServer server([](engine::Server& s) {
    s.on("work", [](engine::JobContext& job) { return json{{"list", job.request().at("list")}}; });
  });
  std::mt19937 random(2026);
  const auto originals = requests();
  std::thread writer([&] {
    for (int i = 0; i < kFrames; ++i) {
      auto message = originals[random() % originals.size()];
      if (message.contains("id")) {
        message["id"] = i + 1;
      }
      auto frame = encodeFrame(message);
      const std::vector<std::byte> intact(frame.begin() + kFrameHeader, frame.end());
      auto body = intact;
      const bool spared = random() % 4 == 0;  // proper requests in between are served
      do {
        body = spared ? intact : mutated(intact, random);
      } while (claimsIdAbove(static_cast<std::uint64_t>(i) + 1, body));
      for (std::size_t k = 0; k < kFrameHeader; ++k) {  // an honest length, a dishonest body
        frame[k] = static_cast<std::byte>(body.size() >> (8 * k));
      }
      frame.resize(kFrameHeader);
      frame.insert(frame.end(), body.begin(), body.end());
      server.sendRaw(frame);
    }
    server.send({{"id", kFrames + 1}, {"type", "ping"}});
  });
  int errors = 0;
  int done = 0;
  while (true) {
    const auto event = server.event();
    errors += event.at("type") == "error" ? 1 : 0;
    done += event.at("type") == "done" ? 1 : 0;
    if (event.at("job") == kFrames + 1) {
      CHECK(event.at("type") == "done");
      break;
    }
  }
  writer.join();
  CHECK(errors > kFrames / 4);
  CHECK(done > kFrames / 10);
}

TEST_CASE("The client's readers survive a hundred thousand mutated events") {
  std::mt19937 random(2027);
  const auto originals = events();
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < kFrames; ++i) {
    std::vector<std::byte> stream(kMagic.size());
    std::ranges::copy(std::as_bytes(std::span(kMagic)), stream.begin());
    const auto hello = encodeFrame(originals[0]);
    stream.insert(stream.end(), hello.begin(), hello.end());
    const auto frame = mutated(encodeFrame(originals[random() % originals.size()]), random);
    stream.insert(stream.end(), frame.begin(), frame.end());
    StreamReader reader;
    ArrayAssembly arrays;
    try {
      reader.push(stream, [&](const json& message, std::size_t) {
        ++accepted;
        if (message.value("type", json()) == "array") {
          arrays.add(message);
        }
      });
    } catch (const Error&) {
      ++refused;
    }
  }
  CHECK(accepted > kFrames);  // the greeting each time, and what the mutation left intact
  CHECK(refused > kFrames / 10);
}
