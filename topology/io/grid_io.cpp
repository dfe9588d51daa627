#include "topology/io/grid_io.h"

#include <algorithm>
#include <string>
#include <utility>

#include "topology/base/error.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"

namespace tarn {
namespace {

[[noreturn]] void foreign(const std::filesystem::path& path, const std::string& why) {
  throw Error(ErrorCode::badInput, path.string() + " is not a grid that Tarn knows: " + why + ".",
              "Give a .npy array, or a .npz with `values` (and `axis.0`, …) or with Landscaper's "
              "`loss` and `coordinates`.");
}

ScalarGrid bareGrid(const NdArray& array) {
  if (array.shape.empty()) {
    throw Error(ErrorCode::badInput, "A single number is not a grid.");
  }
  return ScalarGrid::fromArray(array.shape, array.toDoubles());
}

ScalarGrid gridOn(std::vector<std::vector<double>> coordinates, const NdArray& array) {
  std::vector<Axis> axes;
  axes.reserve(coordinates.size());
  for (auto& axis : coordinates) {
    axes.push_back({std::move(axis), {}, {}});
  }
  return {std::move(axes), array.toDoubles()};
}

ScalarGrid readTarnGrid(const NpzReader& reader, const std::filesystem::path& path) {
  const NdArray values = reader.read("values");
  std::vector<std::vector<double>> coordinates;
  for (std::size_t i = 0; i < values.shape.size(); ++i) {
    const std::string name = "axis." + std::to_string(i);
    if (!reader.contains(name)) {
      break;
    }
    coordinates.push_back(reader.read(name).toDoubles());
    if (coordinates.back().size() != values.shape[i]) {
      foreign(path, "`" + name + "` has " + std::to_string(coordinates.back().size()) +
                        " coordinates, that axis of `values` " + std::to_string(values.shape[i]));
    }
  }
  if (coordinates.empty()) {
    return bareGrid(values);
  }
  if (coordinates.size() != values.shape.size()) {
    foreign(path, "it has coordinates for some axes of `values` only");
  }
  return gridOn(std::move(coordinates), values);
}

ScalarGrid readLandscaperGrid(const NpzReader& reader, const std::filesystem::path& path) {
  const NdArray loss = reader.read("loss");
  if (!reader.contains("coordinates")) {
    return bareGrid(loss);
  }
  const NdArray coordinates = reader.read("coordinates");
  const std::size_t length = coordinates.shape.empty() ? 0 : coordinates.shape.back();
  const bool rows = coordinates.shape.size() == 2 && coordinates.shape[0] == loss.shape.size();
  if (!rows || std::any_of(loss.shape.begin(), loss.shape.end(),
                           [&](std::size_t axis) { return axis != length; })) {
    foreign(path, "`coordinates` must have one row for each axis of `loss`, as long as that axis");
  }
  const auto all = coordinates.toDoubles();
  std::vector<std::vector<double>> axes;
  for (std::size_t i = 0; i < loss.shape.size(); ++i) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(i * length);
    axes.emplace_back(first, first + static_cast<std::ptrdiff_t>(length));
  }
  return gridOn(std::move(axes), loss);
}

}  // namespace

ScalarGrid readGrid(const std::filesystem::path& path) {
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  if (extension == ".npy") {
    return bareGrid(readNpy(path));
  }
  if (extension != ".npz") {
    if (!std::filesystem::exists(path)) {
      throw Error(ErrorCode::notFound, "There is no file " + path.string() + ".",
                  "Check the path.");
    }
    foreign(path, "its name ends neither in .npy nor in .npz");
  }
  const NpzReader reader(path);
  if (reader.contains("values")) {
    return readTarnGrid(reader, path);
  }
  if (reader.contains("loss")) {
    return readLandscaperGrid(reader, path);
  }
  foreign(path, "it has neither `values` nor `loss`");
}

std::map<std::string, NdArray> gridArrays(const ScalarGrid& grid) {
  const auto shape = grid.shape();
  std::map<std::string, NdArray> members;
  members.emplace("values", NdArray::fromDoubles(shape, grid.values()));
  std::vector<double> rows;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const auto& coordinates = grid.axes()[i].coordinates;
    members.emplace("axis." + std::to_string(i), NdArray::fromDoubles({shape[i]}, coordinates));
    rows.insert(rows.end(), coordinates.begin(), coordinates.end());
  }
  if (std::all_of(shape.begin(), shape.end(), [&](std::size_t n) { return n == shape[0]; })) {
    members.emplace("loss", members.at("values"));
    members.emplace("coordinates", NdArray::fromDoubles({shape.size(), shape[0]}, rows));
  }
  return members;
}

void writeGridNpz(const std::filesystem::path& path, const ScalarGrid& grid) {
  writeNpz(path, gridArrays(grid));
}

}  // namespace tarn
