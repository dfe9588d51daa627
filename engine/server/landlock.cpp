#include "engine/server/landlock.h"

#include <cstdint>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tarn::engine {
namespace {

// As in linux/landlock.h; written out because older headers lack the later ones.
constexpr std::uint64_t kWriteFile = 1U << 1;
constexpr std::uint64_t kRemoveAndMake = 0x1FF0;  // REMOVE_DIR … MAKE_SYM, bits 4 to 12
constexpr std::uint64_t kRefer = 1U << 13;        // ABI 2
constexpr std::uint64_t kTruncate = 1U << 14;     // ABI 3
constexpr std::uint64_t kTcp = 3;                 // bind and connect, ABI 4
constexpr std::uint64_t kScopes = 3;              // abstract sockets and signals, ABI 6

/// struct landlock_ruleset_attr as of ABI 6.
struct RulesetAttributes {
  std::uint64_t files = 0;
  std::uint64_t network = 0;
  std::uint64_t scopes = 0;
};

class Descriptor {
 public:
  explicit Descriptor(long fd) : fd_(static_cast<int>(fd)) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

bool allow(int ruleset, const std::filesystem::path& path, std::uint64_t rights) {
  const Descriptor target(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (target.get() < 0) {
    return false;
  }
  landlock_path_beneath_attr rule{};
  rule.allowed_access = rights;
  rule.parent_fd = target.get();
  return ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
}

/// What computing itself has to write to: the null device and GPUs.
std::vector<std::filesystem::path> devices() {
  std::vector<std::filesystem::path> found;
  std::error_code ignored;
  for (std::filesystem::directory_iterator entry("/dev", ignored), end; !ignored && entry != end;
       entry.increment(ignored)) {
    const auto name = entry->path().filename().string();
    if (name == "null" || name == "zero" || name == "kfd" || name == "dri" ||
        name.starts_with("nvidia")) {
      found.push_back(entry->path());
    }
  }
  return found;
}

}  // namespace

int restrictWrites(const std::filesystem::path& folder) {
  const auto abi =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (abi < 1) {
    return 0;
  }
  RulesetAttributes wish;
  wish.files = kWriteFile | kRemoveAndMake | (abi >= 2 ? kRefer : 0) | (abi >= 3 ? kTruncate : 0);
  wish.network = abi >= 4 ? kTcp : 0;
  wish.scopes = abi >= 6 ? kScopes : 0;
  const Descriptor ruleset(::syscall(SYS_landlock_create_ruleset, &wish, sizeof wish, 0));
  if (ruleset.get() < 0 || !allow(ruleset.get(), folder, wish.files)) {
    return 0;
  }
  const auto writing = kWriteFile | (abi >= 3 ? kTruncate : 0);
  for (const auto& device : devices()) {
    allow(ruleset.get(), device, writing);  // one less device is no hole
  }
  return ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) == 0 ? static_cast<int>(abi) : 0;
}

}  // namespace tarn::engine
