#include "engine/server/heap.h"

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace tarn::engine {

void keepFreedMemory() {
#if defined(__GLIBC__)
  constexpr int growBy = 64 << 20;
  constexpr int never = 0;
  // One arena, because those of other threads cannot hold a large block.
  mallopt(M_ARENA_MAX, 1);
  mallopt(M_MMAP_MAX, never);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, growBy);
#endif
}

}  // namespace tarn::engine
