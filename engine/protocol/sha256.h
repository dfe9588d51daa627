#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace tarn {

/// SHA-256 (FIPS 180-4) of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();

  void update(std::span<const std::byte> bytes);
  /// The digest of everything so far as 64 lower-case hexadecimal digits; update() may go on.
  std::string hex() const;

 private:
  void compress(const std::byte* block);

  std::array<std::uint32_t, 8> state_;
  std::array<std::byte, 64> pending_{};
  std::uint64_t length_ = 0;  ///< bytes so far
};

/// The SHA-256 of the bytes, as 64 lower-case hexadecimal digits.
std::string sha256(std::span<const std::byte> bytes);

/// The SHA-256 of a file's bytes. `betweenPieces` is called after every MiB and may throw to stop.
/// Throws Error(notFound), or Error(io) also for what is no ordinary file.
std::string sha256OfFile(const std::filesystem::path& path,
                         const std::function<void()>& betweenPieces = {});

}  // namespace tarn
