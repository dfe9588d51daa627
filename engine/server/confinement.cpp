#include "engine/server/confinement.h"

#include <fstream>
#include <iterator>

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "engine/server/landlock.h"
#include "engine/server/syscall_filter.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
/// What the threads and buffers of the server itself need beyond what is mapped at the start.
constexpr std::uint64_t kLeastRoom = 256 * kMiB;

// Sanitizers of addresses and threads map terabytes of address space: no limit could be kept.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kLimitsMemory = false;
#else
constexpr bool kLimitsMemory = true;
#endif

std::uint64_t mappedBytes() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

std::ptrdiff_t threads() {
  std::error_code failure;
  const std::filesystem::directory_iterator tasks("/proc/self/task", failure);
  return failure ? 0 : std::distance(begin(tasks), end(tasks));
}

std::uint64_t limitMemory(std::uint64_t mebibytes) {
  const auto least = (mappedBytes() + kLeastRoom) / kMiB + 1;
  if (mebibytes < least) {
    throw Error(ErrorCode::usage,
                "A memory limit of " + std::to_string(mebibytes) +
                    " MiB is too small: the engine " + "needs " + std::to_string(least) +
                    " MiB for itself.",
                "Raise the memory limit in the settings, or leave it out.");
  }
  const auto bytes = mebibytes > UINT64_MAX / kMiB ? UINT64_MAX : mebibytes * kMiB;
  const rlimit limit{bytes, bytes};
  if (::setrlimit(RLIMIT_AS, &limit) != 0) {
    throw Error(ErrorCode::usage, "The memory limit is above what the system allows.",
                "Lower it, or leave it out.");
  }
  return bytes;
}

}  // namespace

Confinement confine(const std::filesystem::path& scratch, std::optional<std::uint64_t> memoryMiB) {
  Confinement result;
  const rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  if (memoryMiB && kLimitsMemory) {
    result.memoryBytes = limitMemory(*memoryMiB);
  }
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    if (threads() == 1) {
      result.landlock = restrictWrites(scratch);
    }
    result.seccomp = denySockets();
  }
  return result;
}

nlohmann::json toJson(const Confinement& confinement) {
  return {{"landlock", confinement.landlock},
          {"seccomp", confinement.seccomp},
          {"memory_limit", confinement.memoryBytes ? nlohmann::json(*confinement.memoryBytes)
                                                   : nlohmann::json(nullptr)}};
}

}  // namespace tarn::engine
