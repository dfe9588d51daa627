#include "engine/server/syscall_filter.h"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace tarn::engine {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t kArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t kArchitecture = 0;
#endif

constexpr std::array<std::uint32_t, 7> kDenied{
    SYS_socket, SYS_io_uring_setup,   SYS_io_uring_enter,    SYS_io_uring_register,
    SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
};
constexpr std::uint32_t kX32 = 0x40000000;  // calls of the x32 convention have this bit

sock_filter load(std::size_t offset) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

/// The next instruction is skipped when the comparison holds.
sock_filter skipNextIf(std::uint16_t comparison, std::uint32_t value) {
  return BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), value, 1, 0);
}

sock_filter runNextIf(std::uint16_t comparison, std::uint32_t value) {
  return BPF_JUMP(static_cast<std::uint16_t>(BPF_JMP | comparison | BPF_K), value, 0, 1);
}

}  // namespace

bool denySockets() {
  if (kArchitecture == 0) {
    return false;
  }
  const sock_filter deny = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
  std::vector<sock_filter> program{
      load(offsetof(seccomp_data, arch)), skipNextIf(BPF_JEQ, kArchitecture), deny,
      load(offsetof(seccomp_data, nr)),   runNextIf(BPF_JGE, kX32),           deny,
  };
  for (const auto call : kDenied) {
    program.push_back(runNextIf(BPF_JEQ, call));
    program.push_back(deny);
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0;
}

}  // namespace tarn::engine
