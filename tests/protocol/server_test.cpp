#include "engine/server/server.h"

#include <atomic>
#include <filesystem>
#include <fstream>

#include "engine/protocol/fields.h"
#include "engine/protocol/sha256.h"
#include "support/paths.h"
#include "tests/protocol/piped_server.h"
#include "topology/base/error.h"

using namespace tarn;
using namespace std::chrono_literals;
using nlohmann::json;
using tarn::test::isError;
using tarn::test::PipedServer;

namespace {

/// Handlers to look at from outside: a job that runs until it is stopped, one that echoes, one that
/// sends heavy events.
void prepare(engine::Server& server) {
  server.on("echo", [](engine::JobContext& job) { return json{{"text", job.request()["text"]}}; });
  server.on("forever", [](engine::JobContext& job) -> json {
    job.send({{"type", "started"}});
    for (std::uint64_t i = 0;; ++i) {
      job.progress(i, 0, "turning");
      std::this_thread::sleep_for(1ms);
    }
  });
  server.on("tiles", [](engine::JobContext& job) {
    const auto count = countField(job.request(), "count");
    for (std::uint64_t i = 0; i < count; ++i) {
      job.send({{"type", "tile"}, {"index", i}, {"data", binary(std::vector<std::byte>(1000))}});
    }
    return json{};
  });
  server.on("last-words", [](engine::JobContext& job) -> json {
    job.finishSending(std::chrono::milliseconds(countField(job.request(), "grace")));
    job.send({{"type", "started"}});
    while (!job.stopToken().stop_requested()) {
      std::this_thread::sleep_for(1ms);
    }
    job.send({{"type", "tile"}, {"index", 7}});
    job.checkpoint();
    return {};
  });
  server.on("throws", [](engine::JobContext& job) -> json {
    const auto what = textField(job.request(), "what");
    if (what == "memory") {
      throw std::bad_alloc();
    }
    if (what == "foreign") {
      throw std::runtime_error("index \xff out of range");
    }
    if (what == "nothing") {
      throw 1;
    }
    throw Error(ErrorCode::numerical, "The loss is not a number.", "Lower the rate.");
  });
}

}  // namespace

TEST_CASE("The engine greets with its protocol and version") {
  PipedServer server(
      [](engine::Server& s) { s.helloDetails([] { return json{{"threads", 3}}; }); });
  CHECK(server.hello.at("protocol") == 1);
  CHECK(server.hello.at("version") == TARN_VERSION);
  CHECK(server.hello.at("threads") == 3);
  CHECK(server.hello.contains("confinement"));
}

TEST_CASE("A request ends with done and what its handler returned") {
  PipedServer server(prepare);
  CHECK(server.ask({{"id", 1}, {"type", "ping"}}) == json{{"type", "done"}, {"job", 1}});
  CHECK(server.ask({{"id", 2}, {"type", "echo"}, {"text", "x"}, {"unknown", 1}}).at("text") == "x");
}

TEST_CASE("Every wrong request is answered with an error, and the next one is served") {
  PipedServer server(prepare);
  server.send({{"type", "ping"}});  // no id
  CHECK(isError(server.event(), "usage"));
  server.send({{"id", 1}});  // no type
  CHECK(isError(server.event(), "usage"));
  server.send({{"id", "one"}, {"type", "ping"}});
  CHECK(isError(server.event(), "usage"));
  server.send({{"id", 0}, {"type", "ping"}});
  CHECK(isError(server.event(), "usage"));
  server.send({{"id", -4}, {"type", "ping"}});
  CHECK(isError(server.event(), "usage"));
  server.sendBody({0x80});  // a list
  CHECK(isError(server.event(), "engine"));
  server.sendBody({0xff, 0x00});  // no CBOR at all
  CHECK(isError(server.event(), "engine"));
  CHECK(isError(server.ask({{"id", 5}, {"type", "dance"}}), "usage"));
  CHECK(isError(server.ask({{"id", 6}, {"type", "cancel"}}), "usage"));
  CHECK(isError(server.ask({{"id", 7}, {"type", "stat"}, {"path", 5}}), "usage"));
  CHECK(server.ask({{"id", 8}, {"type", "ping"}}).at("type") == "done");
}

TEST_CASE("An id is served once") {
  PipedServer server(prepare);
  server.ask({{"id", 4}, {"type", "ping"}});
  server.send({{"id", 4}, {"type", "ping"}});
  const auto answer = server.event();
  CHECK(isError(answer, "usage"));
  CHECK(answer.at("job") == 0);
}

TEST_CASE("A broken length is answered and ends the engine") {
  PipedServer server(prepare);
  server.sendRaw(std::vector<std::byte>(4));
  CHECK(isError(server.event(), "engine"));
  CHECK(server.join() == 1);
}

TEST_CASE("What a handler throws reaches the client with its code") {
  PipedServer server(prepare);
  const auto thrown = [&](std::uint64_t id, const char* what) {
    return server.ask({{"id", id}, {"type", "throws"}, {"what", what}});
  };
  CHECK(isError(thrown(1, "memory"), "memory"));
  CHECK(isError(thrown(2, "foreign"), "internal"));
  CHECK(isError(thrown(3, "nothing"), "internal"));
  const auto own = thrown(4, "own");
  CHECK(isError(own, "numerical"));
  CHECK(own.at("message") == "The loss is not a number.");
  CHECK(own.at("remedy") == "Lower the rate.");
}

TEST_CASE("Immediate requests, cancel and heartbeats pass a running job") {
  engine::ServerOptions options;
  options.heartbeat = 20ms;
  PipedServer server(prepare, options);
  server.send({{"id", 1}, {"type", "forever"}});
  while (server.event().at("type") != "started") {
  }
  CHECK(server.ask({{"id", 2}, {"type", "ping"}}).at("type") == "done");
  std::uint64_t counted = 0;
  while (counted < 5) {
    const auto message = *server.next();
    if (message.at("type") == "heartbeat" && message.at("done") > counted) {
      CHECK(message.at("running") == 1);
      counted = message.at("done");
    }
  }
  server.send({{"id", 3}, {"type", "cancel"}, {"target", 1}});
  bool answered = false;
  bool ended = false;
  while (!answered || !ended) {
    const auto event = server.event();
    answered = answered || (event.at("type") == "done" && event.at("job") == 3);
    ended = ended || (event.at("job") == 1 && isError(event, "cancelled"));
  }
  CHECK(server.ask({{"id", 4}, {"type", "echo"}, {"text", "again"}}).at("text") == "again");
}

TEST_CASE("A job that waits can be cancelled without waiting for its turn") {
  PipedServer server(prepare);
  server.send({{"id", 1}, {"type", "forever"}});
  server.send({{"id", 2}, {"type", "echo"}, {"text", "never"}});
  server.send({{"id", 3}, {"type", "cancel"}, {"target", 2}});
  auto event = server.event();
  while (event.at("job") != 2) {
    event = server.event();
  }
  CHECK(isError(event, "cancelled"));
}

TEST_CASE("Progress is told at most ten times a second, and the last one is not lost") {
  PipedServer server([](engine::Server& s) {
    s.on("run", [](engine::JobContext& job) {
      for (std::uint64_t i = 1; i <= 300; ++i) {
        job.progress(i, 300, "walking");
        std::this_thread::sleep_for(1ms);
      }
      return json{};
    });
  });
  const auto start = std::chrono::steady_clock::now();
  server.send({{"id", 1}, {"type", "run"}});
  int count = 0;
  std::uint64_t last = 0;
  for (auto event = server.event(); event.at("type") == "progress"; event = server.event()) {
    ++count;
    last = event.at("done");
  }
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start);
  CHECK(last == 300);
  CHECK(count <= 10 * seconds.count() + 2);
}

TEST_CASE("Heavy events wait for credit") {
  PipedServer server(prepare);
  server.send({{"id", 1}, {"type", "tiles"}, {"count", 20}});
  CHECK_FALSE(server.hasEventWithin(100ms));
  server.send({{"type", "credit"}, {"bytes", 3000}});
  // A tile of a thousand bytes and its envelope: after the third the credit is used up.
  for (int i = 0; i < 3; ++i) {
    CHECK(server.event().at("index") == i);
  }
  CHECK_FALSE(server.hasEventWithin(100ms));
  server.send({{"type", "credit"}, {"bytes", 1000000}});
  for (int i = 3; i < 20; ++i) {
    CHECK(server.event().at("index") == i);
  }
  CHECK(server.event().at("type") == "done");
}

TEST_CASE("A job that waits for credit can be cancelled") {
  PipedServer server(prepare);
  server.send({{"id", 1}, {"type", "tiles"}, {"count", 1}});
  server.send({{"id", 2}, {"type", "cancel"}, {"target", 1}});
  auto event = server.event();
  while (event.at("job") != 1) {
    event = server.event();
  }
  CHECK(isError(event, "cancelled"));
}

TEST_CASE("A job that finishes what it sends may do so after it was cancelled, given credit") {
  PipedServer server(prepare);
  const auto cancelStarted = [&](std::uint64_t id) {
    while (server.event().at("type") != "started") {
    }
    server.send({{"id", id + 1}, {"type", "cancel"}, {"target", id}});
  };
  const auto ofJob = [&](std::uint64_t id) {
    auto event = server.event();
    while (event.at("job") != id) {
      event = server.event();
    }
    return event;
  };
  server.send({{"id", 1}, {"type", "last-words"}, {"grace", 60'000}});
  cancelStarted(1);
  CHECK(server.event() == json{{"type", "done"}, {"job", 2}});
  CHECK_FALSE(server.hasEventWithin(100ms));
  server.send({{"type", "credit"}, {"bytes", 1}});
  CHECK(ofJob(1).at("index") == 7);
  CHECK(isError(ofJob(1), "cancelled"));

  // The tile was larger than the credit, so that none is left.
  server.send({{"id", 3}, {"type", "last-words"}, {"grace", 1}});
  cancelStarted(3);
  CHECK(isError(ofJob(3), "cancelled"));
}

TEST_CASE("Files of the engine's host can be looked at") {
  const auto folder = std::filesystem::temp_directory_path() / "tarn-server-test";
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "inner");
  std::ofstream(folder / "abc.txt") << "abc";
  PipedServer server(prepare);

  server.send({{"id", 1}, {"type", "hash"}, {"path", (folder / "abc.txt").string()}});
  const auto hash = server.event();
  CHECK(hash.at("sha256") == sha256(std::as_bytes(std::span(std::string_view("abc")))));
  CHECK(hash.at("bytes") == 3);
  CHECK(server.event().at("type") == "done");

  server.send({{"id", 2}, {"type", "list"}, {"path", folder.string()}});
  const auto list = server.event();
  CHECK(list.at("entries") == json{{{"name", "abc.txt"}, {"kind", "file"}, {"bytes", 3}},
                                   {{"name", "inner"}, {"kind", "folder"}, {"bytes", 0}}});
  CHECK(server.event().at("type") == "done");

  server.send({{"id", 3}, {"type", "stat"}, {"path", (folder / "none").string()}});
  CHECK(server.event().at("kind") == "none");
  CHECK(server.event().at("type") == "done");
  CHECK(isError(server.ask({{"id", 4}, {"type", "list"}, {"path", "/nowhere"}}), "not-found"));
  CHECK(isError(server.ask({{"id", 5}, {"type", "hash"}, {"path", "/dev/zero"}}), "io"));

  server.send({{"id", 6},
               {"type", "preview"},
               {"path", test::sourceFile("resources/digits/digits.npz")},
               {"count", 10}});
  const auto preview = server.event();
  std::filesystem::remove_all(folder);
  // The UCI digits: 1,797 images of 8×8.
  REQUIRE(preview.at("type") == "preview");
  CHECK(preview.at("format") == "npz");
  CHECK(preview.at("arrays").at(0).at("shape").at(0) == 1797);
}

TEST_CASE("Shutdown is answered, stops the job and ends the engine") {
  PipedServer server(prepare);
  server.send({{"id", 1}, {"type", "forever"}});
  server.send({{"id", 2}, {"type", "shutdown"}});
  CHECK(server.join() == 0);
}

TEST_CASE("The end of stdin stops the job and ends the engine") {
  PipedServer server(prepare);
  server.send({{"id", 1}, {"type", "forever"}});
  server.closeRequests();
  CHECK(server.join() == 0);
}
