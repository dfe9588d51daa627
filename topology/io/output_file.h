#pragma once

#include <filesystem>
#include <functional>
#include <ostream>

namespace tarn {

/// Writes a file whole or not at all: `write` fills a file beside it, which then takes its place.
/// Throws Error(io).
void replaceFile(const std::filesystem::path& path,
                 const std::function<void(std::ostream& stream)>& write);

}  // namespace tarn
