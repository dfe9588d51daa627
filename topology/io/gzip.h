#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace tarn {

/// Whether a file in memory begins as gzip files do (RFC 1952).
bool isGzip(std::span<const std::byte> file);

/// The first `most` bytes of what a gzip file in memory unpacks to, all of it when that is less.
/// Memory is taken as the bytes come, not as the file promises. Throws Error(badInput) when the
/// file is damaged or cut off before that.
std::vector<std::byte> gunzip(std::span<const std::byte> file, std::size_t most,
                              const std::string& name);

}  // namespace tarn
