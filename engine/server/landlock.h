#pragma once

#include <filesystem>

namespace tarn::engine {

/// From now on the calling thread and all it starts write files only below `folder` and to device
/// files, and open no TCP connection (Linux 6.7 and newer). Needs PR_SET_NO_NEW_PRIVS. Returns the
/// kernel's Landlock ABI version, 0 when it has none. See the kernel's userspace-api/landlock.
int restrictWrites(const std::filesystem::path& folder);

}  // namespace tarn::engine
