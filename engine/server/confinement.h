#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

namespace tarn::engine {

/// What is in force. A model is a program that a stranger may have written.
struct Confinement {
  int landlock = 0;      ///< ABI version of the kernel's Landlock in force, 0: none
  bool seccomp = false;  ///< no sockets, no looking into other processes
  std::optional<std::uint64_t> memoryBytes;  ///< address space at most
};

/// Confines the calling process as far as the kernel can, for good: files are written only below
/// `scratch` (devices such as GPUs and /dev/null excepted), no socket can be made, no more than
/// `memoryMiB` of address space taken (any number of them in a build with AddressSanitizer), no
/// core dumped, no privilege gained. Children inherit it.
/// Landlock covers only the calling thread and those it starts, so this comes before any thread;
/// when there are threads already, Landlock is left out and reported as 0.
/// Throws Error(usage) when the memory limit is too small to go on.
Confinement confine(const std::filesystem::path& scratch, std::optional<std::uint64_t> memoryMiB);

/// For `hello`: {landlock: ABI or 0, seccomp: bool, memory_limit: bytes or null}.
nlohmann::json toJson(const Confinement& confinement);

}  // namespace tarn::engine
