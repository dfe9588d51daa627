#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include <unistd.h>

namespace tarn::test {

/// A folder of its own that goes with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "tarn-io-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

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
