#include "topology/io/gzip.h"

#include <algorithm>
#include <limits>

#include <zlib.h>

#include "topology/base/error.h"

namespace tarn {
namespace {

class Inflation {
 public:
  Inflation() {
    constexpr int gzipOfAnyWindow = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, gzipOfAnyWindow) != Z_OK) {
      throw Error(ErrorCode::memory, "There is no memory to unpack a file in.",
                  "Close other programs.");
    }
  }
  ~Inflation() { inflateEnd(&stream_); }
  Inflation(const Inflation&) = delete;
  Inflation& operator=(const Inflation&) = delete;

  z_stream* operator->() { return &stream_; }
  int step() { return inflate(&stream_, Z_NO_FLUSH); }
  /// Another member may follow the one that has ended.
  bool next() { return stream_.avail_in > 0 && inflateReset(&stream_) == Z_OK; }

 private:
  z_stream stream_{};
};

}  // namespace

bool isGzip(std::span<const std::byte> file) {
  return file.size() >= 2 && file[0] == std::byte{0x1f} && file[1] == std::byte{0x8b};
}

std::vector<std::byte> gunzip(std::span<const std::byte> file, std::size_t most,
                              const std::string& name) {
  constexpr std::size_t piece = std::size_t{1} << 18U;
  constexpr std::size_t longestInput = std::numeric_limits<uInt>::max();
  Inflation inflation;
  std::vector<std::byte> bytes;
  std::vector<std::byte> buffer(std::min(piece, most));
  std::size_t given = 0;
  while (bytes.size() < most) {
    if (inflation->avail_in == 0) {
      const auto part = file.subspan(given, std::min(longestInput, file.size() - given));
      inflation->next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(part.data()));
      inflation->avail_in = static_cast<uInt>(part.size());
      given += part.size();
    }
    const auto room = std::min(buffer.size(), most - bytes.size());
    inflation->next_out = reinterpret_cast<Bytef*>(buffer.data());
    inflation->avail_out = static_cast<uInt>(room);
    const int state = inflation.step();
    const auto made = room - inflation->avail_out;
    bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(made));
    if (state == Z_STREAM_END) {
      if (!inflation.next()) {
        break;
      }
    } else if (state != Z_OK) {
      throw Error(ErrorCode::badInput,
                  name + " cannot be unpacked: it is damaged or cut off after " +
                      std::to_string(bytes.size()) + " bytes.",
                  "Download it again; `gzip -t` says whether a file is whole.");
    }
  }
  return bytes;
}

}  // namespace tarn
