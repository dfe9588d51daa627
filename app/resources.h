#pragma once

#include <filesystem>
#include <string>

namespace tarn::app {

/// A file that Tarn comes with (`digits/digits.npz`): looked for in $TARN_RESOURCES, beside the
/// installed program (../share/tarn) and in the source tree that a build folder belongs to.
/// Throws Error(notFound).
std::filesystem::path findResource(const std::string& name);

/// The path of the running program.
std::filesystem::path programPath();

}  // namespace tarn::app
