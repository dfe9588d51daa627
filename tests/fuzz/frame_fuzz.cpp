// Everything that reads a foreign message, fed with what libFuzzer thinks of. The first byte says
// which reader. A reader may refuse with an Error; anything else is a find.
#include <cstdlib>

#include "engine/client/array_assembly.h"
#include "engine/client/stream_reader.h"
#include "engine/protocol/frame.h"
#include "engine/server/array_store.h"
#include "topology/base/error.h"

namespace {

using namespace tarn;

void readMessage(std::span<const std::byte> bytes) {
  const auto message = decodeMessage(bytes);
  // What is accepted can be sent on, and means the same then.
  const auto frame = encodeFrame(message);
  const auto again = decodeMessage(std::span(frame).subspan(kFrameHeader));
  if (again.dump() != message.dump()) {
    std::abort();
  }
}

void readStream(std::span<const std::byte> bytes) {
  StreamReader reader;
  ArrayAssembly arrays;
  const auto receive = [&](const nlohmann::json& message, std::size_t) { arrays.add(message); };
  const auto half = bytes.size() / 2;
  reader.push(bytes.first(half), receive);
  reader.push(bytes.subspan(half), receive);
}

void readPut(std::span<const std::byte> bytes) {
  engine::ArrayStore store(1U << 20);
  store.put(decodeMessage(bytes));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  try {
    switch (data[0] % 3) {
      case 0:
        readMessage(bytes);
        break;
      case 1:
        readStream(bytes);
        break;
      default:
        readPut(bytes);
    }
  } catch (const Error&) {
  }
  return 0;
}
