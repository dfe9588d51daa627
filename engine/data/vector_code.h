#pragma once

namespace tarn::engine {

/// Whether this processor has the instructions of the files that are compiled for more than the
/// least one (engine/CMakeLists.txt). Ask before calling them.
inline bool vectorCodeRuns() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
#else
  return true;
#endif
}

}  // namespace tarn::engine
