#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "topology/io/nd_array.h"
#include "topology/io/npy.h"

namespace tarn {

/// How much an archive may unpack to. A member that would be larger than `memberBytes`, or larger
/// than 1 MiB and more than `ratio` times its packed size, is refused: it is a bomb or not for us.
struct NpzLimits {
  std::uint64_t memberBytes = std::uint64_t{8} << 30U;
  std::uint64_t ratio = 1100;  ///< deflate reaches about 1030 at most
};

/// An open .npz archive (a zip of .npy files). Members are named without ".npy".
class NpzReader {
 public:
  /// Throws Error(notFound), Error(io), or Error(badInput) when it is not a zip archive.
  explicit NpzReader(std::filesystem::path path, NpzLimits limits = {});
  ~NpzReader();
  NpzReader(NpzReader&&) noexcept;
  NpzReader& operator=(NpzReader&&) noexcept;

  /// The names of all .npy members, in the archive's order.
  const std::vector<std::string>& names() const;
  bool contains(const std::string& name) const;
  /// Reads only the header. Throws as read().
  NpyHeader header(const std::string& name) const;
  /// Throws Error(notFound) when there is no such member, Error(badInput) when it is damaged,
  /// encrypted or over the limits, Error(unsupported) for foreign element types (object arrays).
  NdArray read(const std::string& name) const;

 private:
  struct Archive;
  std::unique_ptr<Archive> archive_;
};

/// All members of an archive. Throws as NpzReader.
std::map<std::string, NdArray> readNpz(const std::filesystem::path& path, NpzLimits limits = {});

/// Writes a deflated archive beside `path` and renames it. Throws Error(io).
void writeNpz(const std::filesystem::path& path, const std::map<std::string, NdArray>& members);

}  // namespace tarn
