#include "tests/client/engine/bad_manners.h"

#include <iostream>
#include <random>
#include <span>
#include <vector>

#include <unistd.h>

#include "engine/protocol/fields.h"
#include "engine/protocol/frame.h"
#include "tests/protocol/mutation.h"

namespace tarn::test {
namespace {

void write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto sent = ::write(STDOUT_FILENO, bytes.data(), bytes.size());
    if (sent <= 0) {
      ::_exit(0);
    }
    bytes = bytes.subspan(static_cast<std::size_t>(sent));
  }
}

void greet(int protocol) {
  write(std::as_bytes(std::span(kMagic)));
  write(encodeFrame({{"type", "hello"}, {"job", 0}, {"protocol", protocol}}));
}

void sendHostileFrames(unsigned seed) {
  std::mt19937 random(seed);
  const std::vector<nlohmann::json> originals{
      {{"type", "progress"}, {"job", 1}, {"done", 1}, {"total", 2}},
      {{"type", "array"},
       {"job", 1},
       {"name", "a"},
       {"dtype", "u8"},
       {"shape", {64}},
       {"offset", 0},
       {"total", 64},
       {"data", binary(std::vector<std::byte>(64))}},
      {{"type", "heartbeat"}, {"job", 0}, {"running", 1}, {"done", 2}, {"total", 3}},
  };
  while (true) {
    write(mutated(encodeFrame(originals[random() % originals.size()]), random));
  }
}

void waitForEnd() {
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) > 0) {
  }
}

}  // namespace

int misbehave(const std::string& how) {
  if (how == "garbage") {
    write(std::vector<std::byte>(1U << 20, std::byte{'x'}));
  } else if (how == "old-version") {
    write(std::as_bytes(std::span(std::string_view("motd\nTARN-ENGINE\x07\n"))));
  } else if (how == "old-hello") {
    greet(7);
  } else if (how == "dies") {
    std::cerr << "the library is missing\n";
    return 3;
  } else if (how.starts_with("hostile:")) {
    greet(kProtocolVersion);
    sendHostileFrames(static_cast<unsigned>(std::stoul(how.substr(8))));
  }
  waitForEnd();
  return 0;
}

}  // namespace tarn::test
