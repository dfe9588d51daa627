#pragma once

#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/project/project.h"
#include "support/temporary_folder.h"
#include "topology/base/error.h"

namespace tarn::test {

/// The code of the Error that a function throws; nothing when it throws none.
template <typename Function>
std::optional<ErrorCode> errorOf(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.code();
  }
  return std::nullopt;
}

template <typename Function>
std::string sentenceOf(Function&& function) {
  try {
    function();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

/// Runs a function in a process of its own and gives its exit code; an exception is 99, a signal
/// 100 and its number.
template <typename Function>
int inChild(Function&& function) {
  const pid_t child = fork();
  if (child == 0) {
    int code = 99;
    try {
      code = function();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    _exit(code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

/// Somebody else's SQL on a file, without any of Tarn's care. True when it worked.
inline bool foreignSql(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  sqlite3_open(path.c_str(), &handle);
  const int code = sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(handle);
  return code == SQLITE_OK;
}

inline Axis axis(std::size_t steps, const std::string& label) {
  Axis result{{}, label, ""};
  for (std::size_t i = 0; i < steps; ++i) {
    result.coordinates.push_back(-1.0 + 0.1 * static_cast<double>(i));
  }
  return result;
}

/// A landscape of ny × nx points without experiment.
inline StoredLandscape plainLandscape(std::size_t ny, std::size_t nx, std::uint64_t tilePoints) {
  StoredLandscape landscape;
  landscape.name = "plain";
  landscape.axes = {axis(ny, "y"), axis(nx, "x")};
  landscape.quantities = {"loss", "accuracy"};
  landscape.tilePoints = tilePoints;
  landscape.request = {{"type", "sample"}};
  landscape.provenance = {{"version", "test"}};
  return landscape;
}

/// A tile whose values tell the tile and the point apart.
inline StoredTile numberedTile(std::uint64_t index, std::size_t points) {
  StoredTile tile{index, {}};
  for (std::size_t i = 0; i < points; ++i) {
    const double value = static_cast<double>(index) * 1000 + static_cast<double>(i) + 0.125;
    tile.values["loss"].push_back(value);
    tile.values["accuracy"].push_back(-value);
  }
  return tile;
}

template <typename Value>
NdArray arrayOf(DType dtype, std::vector<std::size_t> shape, const std::vector<Value>& values) {
  NdArray array{dtype, std::move(shape), std::vector<std::byte>(values.size() * sizeof(Value))};
  std::memcpy(array.bytes.data(), values.data(), array.bytes.size());
  return array;
}

inline bool same(const NdArray& a, const NdArray& b) {
  return a.dtype == b.dtype && a.shape == b.shape && a.bytes == b.bytes;
}

}  // namespace tarn::test
