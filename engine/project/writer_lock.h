#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace tarn::db {

/// The right to write a project, held through a lock on the file NAME.tarn-lock beside it. The
/// kernel lets go of it when the process ends, however it ends. (Not a lock on the project itself:
/// closing any descriptor of that file would drop the locks that SQLite holds on it.)
class WriterLock {
 public:
  /// None when another writer has it; `holder` then says who. Throws Error(io) when the lock file
  /// cannot be made.
  static std::optional<WriterLock> acquire(const std::filesystem::path& project,
                                           std::string& holder);
  /// True when somebody, this process included, writes the project now. Only looks: a writer that
  /// comes meanwhile is not refused for it.
  static bool isHeld(const std::filesystem::path& project);
  ~WriterLock();
  WriterLock(WriterLock&& other) noexcept;
  WriterLock& operator=(WriterLock&& other) noexcept;

 private:
  WriterLock(int descriptor, std::filesystem::path path);
  int descriptor_;
  std::filesystem::path path_;
};

}  // namespace tarn::db
