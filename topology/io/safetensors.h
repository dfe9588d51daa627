#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "topology/io/input_file.h"
#include "topology/io/nd_array.h"

namespace tarn {

/// Where a tensor lies in a .safetensors file, and how it is stored there.
struct SafetensorsEntry {
  std::string storedType;  ///< "F32", "BF16", …
  std::vector<std::size_t> shape;
  std::uint64_t offset = 0;  ///< in the file
  std::uint64_t bytes = 0;

  bool operator==(const SafetensorsEntry&) const = default;
};

/// Reads a header: `json` is what stands between the first 8 bytes and the data, `fileBytes` the
/// length of the whole file. Throws Error(badInput) unless the tensors cover the data exactly, none
/// overlapping, their sizes those of their shapes, and every name given once.
std::map<std::string, SafetensorsEntry> parseSafetensorsHeader(std::string_view json,
                                                               std::uint64_t fileBytes,
                                                               const std::string& name);

/// An open .safetensors file, the format of the library of that name: a u64 length, a JSON header
/// and the tensors, little-endian in C order.
class SafetensorsReader {
 public:
  /// Throws Error(notFound), Error(io), Error(badInput).
  explicit SafetensorsReader(const std::filesystem::path& path);

  const std::vector<std::string>& names() const { return names_; }
  bool contains(const std::string& name) const { return entries_.contains(name); }
  /// Throws Error(notFound).
  const SafetensorsEntry& entry(const std::string& name) const;
  /// F16 and BF16 become float32. Throws Error(notFound), Error(io), Error(unsupported) for other
  /// types that NdArray has not.
  NdArray read(const std::string& name);

 private:
  InputFile file_;
  std::string title_;
  std::map<std::string, SafetensorsEntry> entries_;
  std::vector<std::string> names_;
};

/// Writes to a neighbouring temporary file and renames it. Throws Error(io).
void writeSafetensors(const std::filesystem::path& path,
                      const std::map<std::string, NdArray>& tensors);

}  // namespace tarn
