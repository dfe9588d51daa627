#include "topology/base/large_pages.h"

#include <cstdint>

#include <sys/mman.h>

namespace tarn {

void adviseLargePages(void* start, std::size_t bytes) {
  constexpr std::uintptr_t kLargePage = std::uintptr_t{2} << 20U;
  const auto address = reinterpret_cast<std::uintptr_t>(start);
  const std::size_t before = (kLargePage - address % kLargePage) % kLargePage;
  if (before + kLargePage <= bytes) {
    const std::size_t whole = (bytes - before) / kLargePage * kLargePage;
    // Where the system has none it says so, and nothing is lost.
    madvise(static_cast<std::byte*>(start) + before, whole, MADV_HUGEPAGE);
  }
}

}  // namespace tarn
