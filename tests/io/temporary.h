#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/temporary_folder.h"

namespace tarn::test {

inline void writeBytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string readBytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Runs a Python script with NumPy. False when there is no Python with NumPy; a script that fails
/// is an error of the test.
bool inline runNumPy(const TemporaryFolder& folder, const std::string& script) {
  const std::string python = TARN_PYTHON;
  if (std::system((python + " -c 'import numpy' 2>/dev/null").c_str()) != 0) {
    return false;
  }
  const auto file = folder / "script.py";
  writeBytes(file,
             "import os, numpy as np\nos.chdir('" + file.parent_path().string() + "')\n" + script);
  if (std::system((python + " " + file.string()).c_str()) != 0) {
    throw std::runtime_error("the NumPy script failed");
  }
  return true;
}

}  // namespace tarn::test
