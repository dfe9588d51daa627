#pragma once

#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>

#include <unistd.h>

namespace tarn::fuzz {

/// What libFuzzer thinks of, as a file: some readers take a path and go by its name.
class InputFile {
 public:
  InputFile(std::span<const std::byte> bytes, const std::string& extension)
      : path_(std::filesystem::temp_directory_path() /
              ("tarn-fuzz-" + std::to_string(getpid()) + extension)) {
    std::ofstream file(path_, std::ios::binary | std::ios::trunc);
    file.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) {
      std::abort();
    }
  }
  ~InputFile() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace tarn::fuzz
