#include "topology/base/large_pages.h"

#include <cstdint>

#include <sys/mman.h>

namespace tarn {

void adviseLargePages(void* start, std::size_t bytes) {
  constexpr std::uintptr_t kLargePage = std::uintptr_t{2} << 20U;
  const auto first = (reinterpret_cast<std::uintptr_t>(start) + kLargePage - 1) & ~(kLargePage - 1);
  const auto last = (reinterpret_cast<std::uintptr_t>(start) + bytes) & ~(kLargePage - 1);
  if (first < last) {
    // Where the system has none it says so, and nothing is lost.
    madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE);
  }
}

}  // namespace tarn
