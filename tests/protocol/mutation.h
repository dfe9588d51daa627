#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace tarn::test {

/// The bytes after one to four small acts of vandalism; never empty.
inline std::vector<std::byte> mutated(std::vector<std::byte> bytes, std::mt19937& random) {
  const auto byte = [&] { return static_cast<std::byte>(random()); };
  for (auto acts = 1 + random() % 4; acts > 0; --acts) {
    const auto at = static_cast<std::ptrdiff_t>(random() % bytes.size());
    switch (random() % 6) {
      case 0:
        bytes[static_cast<std::size_t>(at)] = byte();
        break;
      case 1:
        bytes[static_cast<std::size_t>(at)] ^= std::byte{1} << (random() % 8);
        break;
      case 2:
        bytes.insert(bytes.begin() + at, byte());
        break;
      case 3:
        bytes.resize(static_cast<std::size_t>(at) + 1);
        break;
      case 4: {  // a head that claims much
        const std::byte heads[] = {std::byte{0x5b}, std::byte{0x7b}, std::byte{0x9b},
                                   std::byte{0xbb}, std::byte{0x9f}, std::byte{0x81}};
        bytes[static_cast<std::size_t>(at)] = heads[random() % 6];
        break;
      }
      default:
        bytes.insert(bytes.begin() + at, bytes.begin(), bytes.begin() + at);
    }
  }
  return bytes;
}

}  // namespace tarn::test
