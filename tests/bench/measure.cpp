#include "measure.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <new>

#include <malloc.h>

namespace {

// Only a replaced operator new sees every allocation, and it can be told nothing: hence no object.
std::atomic<std::size_t> allocated = 0;
std::atomic<std::size_t> mostAllocated = 0;

void* counted(void* memory) {
  if (memory == nullptr) {
    throw std::bad_alloc();
  }
  const std::size_t now = allocated += malloc_usable_size(memory);
  std::size_t most = mostAllocated;
  while (most < now && !mostAllocated.compare_exchange_weak(most, now)) {
  }
  return memory;
}

void release(void* memory) {
  allocated -= malloc_usable_size(memory);
  std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) {
  return counted(std::malloc(std::max<std::size_t>(size, 1)));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto unit = static_cast<std::size_t>(alignment);
  return counted(std::aligned_alloc(unit, std::max(unit, (size + unit - 1) / unit * unit)));
}
void operator delete(void* memory) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  release(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  release(memory);
}

namespace tarn::bench {

double quickest(const std::function<void()>& work, const std::function<void()>& prepare) {
  constexpr double kEnough = 0.2;
  double best = 0.0;
  for (double total = 0.0; total == 0.0 || total < kEnough;) {
    if (prepare) {
      prepare();
    }
    const std::clock_t start = std::clock();
    work();
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    best = total == 0.0 ? seconds : std::min(best, seconds);
    total += std::max(seconds, 1e-6);
  }
  return best;
}

std::size_t peakBytes(const std::function<void()>& work) {
  const std::size_t before = allocated;
  mostAllocated = before;
  work();
  return mostAllocated - before;
}

}  // namespace tarn::bench
