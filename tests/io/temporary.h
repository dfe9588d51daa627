#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include "support/python.h"
#include "support/temporary_folder.h"

namespace tarn::test {

inline void writeBytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string readBytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// As runPython, with NumPy as np.
inline bool runNumPy(const TemporaryFolder& folder, const std::string& script) {
  return runPython(folder, {"numpy"}, "np = numpy\n" + script);
}

}  // namespace tarn::test
