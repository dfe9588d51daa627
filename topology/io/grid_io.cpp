#include "topology/io/grid_io.h"

#include <algorithm>
#include <cstdint>
#include <format>
#include <limits>
#include <string>
#include <utility>

#include "topology/base/error.h"
#include "topology/base/text.h"
#include "topology/io/csv_grid.h"
#include "topology/io/input_file.h"
#include "topology/io/json_grid.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"

namespace tarn {
namespace {

/// JSON takes up to twenty times its length in memory before it is a grid; what CSV may take,
/// parseCsv limits.
constexpr std::uint64_t kMostCsvBytes = std::uint64_t{2} << 30U;
constexpr std::uint64_t kMostJsonBytes = std::uint64_t{256} << 20U;

[[noreturn]] void foreign(const std::string& name, const std::string& why) {
  throw Error(
      ErrorCode::badInput, name + " is not a grid that Tarn knows: " + why + ".",
      "Give a .npy array, a .csv or .tsv table, a .json document, a .vti image, a .h5 surface "
      "of loss-landscape, or a .npz or .h5 with `values` (and `axis.0`, …) or with "
      "Landscaper's `loss` and `coordinates`.");
}

/// An array's numbers. Narrow ones take up to eight times their memory: no tree has more vertices
/// than this.
std::vector<double> numbersOf(const NdArray& array) {
  constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max() - 1;
  if (array.bytes.size() / itemSize(array.dtype) > kMost) {
    throw Error(
        ErrorCode::unsupported,
        "An array has more than " + std::to_string(kMost) + " numbers: too many for a grid.",
        "Take fewer steps along each axis.");
  }
  return array.toDoubles();
}

ScalarGrid bareGrid(const NdArray& array) {
  if (array.shape.empty()) {
    throw Error(ErrorCode::badInput, "A single number is not a grid.",
                "Give an array with at least one axis.");
  }
  return ScalarGrid::fromArray(array.shape, numbersOf(array));
}

ScalarGrid gridOn(std::vector<std::vector<double>> coordinates, std::vector<double> values) {
  std::vector<Axis> axes;
  axes.reserve(coordinates.size());
  for (auto& axis : coordinates) {
    axes.push_back({std::move(axis), {}, {}});
  }
  return {std::move(axes), std::move(values)};
}

bool contains(const NamedArrays& arrays, const std::string& key) {
  return std::ranges::find(arrays.names, key) != arrays.names.end();
}

NdArray member(const NamedArrays& arrays, const std::string& key) {
  if (!contains(arrays, key)) {
    throw Error(ErrorCode::notFound, arrays.title + " has no array '" + key + "'.",
                "It has " + joined(arrays.names) + ".");
  }
  return arrays.read(key);
}

ScalarGrid readTarnGrid(const NamedArrays& arrays, const std::string& key) {
  const NdArray values = member(arrays, key);
  std::vector<std::vector<double>> coordinates;
  for (std::size_t i = 0; i < values.shape.size(); ++i) {
    const std::string axis = "axis." + std::to_string(i);
    if (!contains(arrays, axis)) {
      break;
    }
    coordinates.push_back(numbersOf(arrays.read(axis)));
    if (coordinates.back().size() != values.shape[i]) {
      foreign(arrays.title, std::format("`{}` has {} coordinates, that axis of `{}` {}", axis,
                                        coordinates.back().size(), key, values.shape[i]));
    }
  }
  if (coordinates.empty()) {
    return bareGrid(values);
  }
  if (coordinates.size() != values.shape.size()) {
    foreign(arrays.title, "it has coordinates for some axes of `" + key + "` only");
  }
  return gridOn(std::move(coordinates), numbersOf(values));
}

ScalarGrid readLandscaperGrid(const NamedArrays& arrays, const std::string& key) {
  const NdArray loss = member(arrays, key);
  if (!contains(arrays, "coordinates")) {
    return bareGrid(loss);
  }
  const NdArray coordinates = arrays.read("coordinates");
  const std::size_t length = coordinates.shape.empty() ? 0 : coordinates.shape.back();
  const bool rows = coordinates.shape.size() == 2 && coordinates.shape[0] == loss.shape.size();
  if (!rows || std::any_of(loss.shape.begin(), loss.shape.end(),
                           [&](std::size_t axis) { return axis != length; })) {
    foreign(arrays.title,
            "`coordinates` must have one row for each axis of `" + key + "`, as long as that axis");
  }
  const auto all = numbersOf(coordinates);
  std::vector<std::vector<double>> axes;
  for (std::size_t i = 0; i < loss.shape.size(); ++i) {
    const auto first = all.begin() + static_cast<std::ptrdiff_t>(i * length);
    axes.emplace_back(first, first + static_cast<std::ptrdiff_t>(length));
  }
  return gridOn(std::move(axes), numbersOf(loss));
}

/// The surface files of Li et al.: the tool writes value i at the i-th point of numpy.meshgrid(x,
/// y), into an array that it declares as (x, y).
ScalarGrid readSurfaceGrid(const NamedArrays& arrays, const std::string& key) {
  std::vector<std::vector<double>> coordinates;
  for (const char* axis : {"ycoordinates", "xcoordinates"}) {
    if (contains(arrays, axis)) {
      coordinates.push_back(numbersOf(arrays.read(axis)));
    }
  }
  auto values = numbersOf(member(arrays, key));
  constexpr double notComputed = -1.0;
  std::replace(values.begin(), values.end(), notComputed, std::numeric_limits<double>::quiet_NaN());
  return gridOn(std::move(coordinates), std::move(values));
}

}  // namespace

NamedArrays arraysOf(const NpzReader& archive, const std::string& title) {
  return {title, archive.names(), [&](const std::string& key) { return archive.read(key); }};
}

ScalarGrid gridFromArrays(const NamedArrays& arrays, const std::string& field) {
  const auto keyOr = [&](const char* usual) { return field.empty() ? usual : field; };
  if (contains(arrays, "values") || contains(arrays, "axis.0")) {
    return readTarnGrid(arrays, keyOr("values"));
  }
  if (contains(arrays, "xcoordinates")) {
    return readSurfaceGrid(arrays, keyOr("train_loss"));
  }
  if (contains(arrays, "loss")) {
    return readLandscaperGrid(arrays, keyOr("loss"));
  }
  if (!field.empty()) {
    return bareGrid(member(arrays, field));
  }
  foreign(arrays.title, "it has neither `values` nor `loss`");
}

ScalarGrid readGrid(const std::filesystem::path& path, const std::string& field) {
  const std::string extension = endingOf(path);
  const std::string name = path.string();
  if (extension == ".npz") {
    const NpzReader archive(path);
    return gridFromArrays(arraysOf(archive, name), field);
  }
  if (extension == ".csv" || extension == ".tsv") {
    return parseCsvGrid(readText(path, kMostCsvBytes), name, field);
  }
  if (extension == ".json") {
    return parseJsonGrid(readText(path, kMostJsonBytes), name, field);
  }
  if (!std::filesystem::exists(path)) {
    throw Error(ErrorCode::notFound, "There is no file " + name + ".", "Check the path.");
  }
  if (extension != ".npy") {
    foreign(name, "its name ends in '" + extension + "'");
  }
  if (!field.empty()) {
    throw Error(ErrorCode::notFound, name + " is a single array: it has no '" + field + "'.");
  }
  return bareGrid(readNpy(path));
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
