#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace tarn {

/// A file that is read in pieces whose sizes are known to be there.
class InputFile {
 public:
  /// Throws Error(notFound), Error(badInput) when it is no regular file, Error(io).
  explicit InputFile(const std::filesystem::path& path);

  std::uint64_t size() const { return size_; }
  /// Throws Error(io) when the file ends before.
  std::vector<std::byte> read(std::uint64_t offset, std::size_t count);

 private:
  std::string name_;
  std::uint64_t size_ = 0;
  std::ifstream stream_;
};

/// How the name of a file ends, in lower case: ".csv" of "X.CSV".
std::string endingOf(const std::filesystem::path& path);

/// A whole text file, without a UTF-8 byte order mark. Throws as InputFile, and Error(badInput)
/// when it is longer than `mostBytes`.
std::string readText(const std::filesystem::path& path, std::uint64_t mostBytes);

}  // namespace tarn
