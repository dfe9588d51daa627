#include "tests/client/engine/handlers.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <thread>

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn::test {
namespace {

using engine::JobContext;
using nlohmann::json;
using namespace std::chrono_literals;

json echo(JobContext& job) {
  return {{"value", job.request().at("value")}};
}

/// Counts to n, a millisecond each, and tells every number.
json count(JobContext& job) {
  const auto n = countField(job.request(), "n");
  for (std::uint64_t i = 0; i < n; ++i) {
    job.checkpoint();
    job.send({{"type", "metric"}, {"step", i}});
    job.progress(i + 1, n, "counting");
    std::this_thread::sleep_for(1ms);
  }
  return {{"counted", n}};
}

json crash(JobContext&) {
  std::cerr << "about to crash\n";
  std::signal(SIGSEGV, SIG_DFL);  // sanitizers handle it
  std::raise(SIGSEGV);
  return {};
}

/// Never answers the wish to stop; the heartbeat goes on.
json hang(JobContext& job) {
  job.send({{"type", "log"}, {"level", "info"}, {"text", "hanging"}});
  while (true) {
    std::this_thread::sleep_for(1h);
  }
}

/// Stops the whole process, heartbeat and all.
json freeze(JobContext&) {
  std::raise(SIGSTOP);
  return {};
}

/// What a model's print() does.
json print(JobContext&) {
  std::cout << "TARN-ENGINE\x01\n" << std::string(100'000, 'x') << '\n' << std::flush;
  std::printf("hello from C\n");
  std::fflush(stdout);
  return {};
}

/// `count` arrays of `bytes` bytes; byte k of array i is (i + k) mod 251.
json arrays(JobContext& job) {
  const auto bytes = countField(job.request(), "bytes");
  const std::vector<std::int64_t> shape{static_cast<std::int64_t>(bytes)};
  const auto count = countField(job.request(), "count");
  for (std::uint64_t i = 0; i < count; ++i) {
    std::vector<std::byte> data(bytes);
    for (std::uint64_t k = 0; k < bytes; ++k) {
      data[k] = static_cast<std::byte>((i + k) % 251);
    }
    job.sendArray("array/" + std::to_string(i), "u8", shape, data);
    job.progress(i + 1, count, "sending");
  }
  return {};
}

/// Gives back an array that was put.
json mirror(JobContext& job) {
  const auto array = job.storedArray(textField(job.request(), "hash"));
  job.sendArray("mirror", array->dtype, array->shape, array->bytes);
  return {};
}

json refuse(JobContext&) {
  throw Error(ErrorCode::unsupported, "This model has no parameters.", "Choose another one.");
}

/// An array that breaks the rules of the pipe.
json badArray(JobContext& job) {
  job.send({{"type", "array"}, {"name", "a"}, {"dtype", "f64"}, {"shape", {1LL << 60}}});
  return {};
}

json tryToWrite(JobContext& job) {
  const int fd = ::open(textField(job.request(), "path").c_str(), O_WRONLY | O_CREAT, 0600);
  const json answer{{"error", fd < 0 ? std::strerror(errno) : ""}};
  ::close(fd);
  return answer;
}

json tryToConnect(JobContext&) {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  const json answer{{"error", fd < 0 ? std::strerror(errno) : ""}};
  ::close(fd);
  return answer;
}

json tryToAllocate(JobContext& job) {
  const std::vector<char> much(countField(job.request(), "bytes"), 'x');
  return {{"last", much.back()}};
}

json environment(JobContext& job) {
  const char* value = std::getenv(textField(job.request(), "name").c_str());
  return {{"value", value == nullptr ? "" : value}, {"pid", ::getpid()}};
}

}  // namespace

void addHandlers(engine::Server& server) {
  server.on("echo", echo);
  server.on("count", count);
  server.on("crash", crash);
  server.on("hang", hang);
  server.on("freeze", freeze);
  server.on("print", print);
  server.on("arrays", arrays);
  server.on("mirror", mirror);
  server.on("refuse", refuse);
  server.on("bad-array", badArray);
  server.on("try-to-write", tryToWrite);
  server.on("try-to-connect", tryToConnect);
  server.on("try-to-allocate", tryToAllocate);
  server.on("environment", environment, engine::Scheduling::immediate);
}

}  // namespace tarn::test
