#pragma once

#include <filesystem>

#include <sys/types.h>

namespace tarn::engine {

/// A temporary folder of this process's own, which is gone when the process is, even when it is
/// killed: a small child that waits outside of any confinement removes it. Make it before threads.
class ScratchFolder {
 public:
  /// Below $TMPDIR or /tmp, readable for the user alone. Throws Error(io).
  ScratchFolder();
  /// Waits until the folder is removed.
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  pid_t janitor_ = -1;
  int alive_ = -1;  ///< closed by the kernel at the latest when this process ends
};

}  // namespace tarn::engine
