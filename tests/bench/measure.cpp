#include "measure.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
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
  constexpr int kFewest = 3;
  constexpr double kEnough = 0.5;
  double best = 0.0;
  double total = 0.0;
  for (int run = 0; run < kFewest || total < kEnough; ++run) {
    if (prepare) {
      prepare();
    }
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = run == 0 ? seconds.count() : std::min(best, seconds.count());
    total += seconds.count();
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
