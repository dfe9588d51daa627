#include "topology/io/csv_grid.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "topology/base/error.h"
#include "topology/base/text.h"
#include "topology/io/csv_table.h"

namespace tarn {
namespace {

std::optional<std::size_t> columnNamed(const CsvTable& table, const std::string& name) {
  const auto found = std::ranges::find(table.heading, name);
  return found == table.heading.end() ? std::nullopt
                                      : std::optional<std::size_t>(found - table.heading.begin());
}

std::size_t valueColumn(const CsvTable& table, const std::string& name, const std::string& field) {
  if (!field.empty()) {
    if (const auto column = columnNamed(table, field)) {
      return *column;
    }
    throw Error(ErrorCode::notFound, name + " has no column '" + field + "'.",
                "It has " + joined(table.heading) + ".");
  }
  for (const char* usual : {"value", "loss", "train_loss"}) {
    if (const auto column = columnNamed(table, usual)) {
      return *column;
    }
  }
  return table.columns - 1;
}

/// The columns of the coordinates, the slowest axis first.
std::vector<std::size_t> coordinateColumns(const CsvTable& table, std::size_t value) {
  std::vector<std::size_t> columns;
  while (const auto column = columnNamed(table, "axis." + std::to_string(columns.size()))) {
    columns.push_back(*column);
  }
  if (columns.empty()) {
    for (const char* letter : {"z", "y", "x"}) {
      if (const auto column = columnNamed(table, letter); column && *column != value) {
        columns.push_back(*column);
      }
    }
  }
  if (columns.empty()) {
    for (std::size_t column = 0; column < value; ++column) {
      columns.push_back(column);
    }
  }
  return columns;
}

[[noreturn]] void noGrid(const std::string& name, const std::string& why) {
  throw Error(ErrorCode::badInput, name + " is not a grid: " + why + ".",
              "Give one row for each vertex: its coordinates and its value, below a heading; or a "
              "table without a heading that is the array itself.");
}

Axis axisOf(const CsvTable& table, std::size_t column, const std::string& name) {
  Axis axis;
  const std::string& title = table.heading[column];
  axis.label = title.starts_with("axis.") ? "" : title;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const double coordinate = table.cell(row, column);
    if (!std::isfinite(coordinate)) {
      noGrid(name, "a coordinate in column '" + title + "' is missing or not finite");
    }
    axis.coordinates.push_back(coordinate);
  }
  std::ranges::sort(axis.coordinates);
  const auto repeated = std::ranges::unique(axis.coordinates);
  axis.coordinates.erase(repeated.begin(), repeated.end());
  return axis;
}

/// How many vertices the axes span; nothing when that is more than twice the rows.
std::optional<std::size_t> spannedBy(const std::vector<Axis>& axes, std::size_t rows) {
  std::size_t count = 1;
  for (const Axis& axis : axes) {
    if (axis.coordinates.size() > 2 * rows / count) {
      return std::nullopt;
    }
    count *= axis.coordinates.size();
  }
  return count;
}

ScalarGrid gridOfRows(const CsvTable& table, const std::string& name, const std::string& field) {
  const std::size_t value = valueColumn(table, name, field);
  const auto columns = coordinateColumns(table, value);
  if (columns.empty()) {
    noGrid(name, "there is no column for coordinates before '" + table.heading[value] + "'");
  }
  std::vector<Axis> axes;
  for (const std::size_t column : columns) {
    axes.push_back(axisOf(table, column, name));
  }
  const auto count = spannedBy(axes, table.rows());
  if (!count) {
    noGrid(name, "its " + std::to_string(table.rows()) +
                     " rows are fewer than half of the grid that their coordinates span");
  }
  std::vector<double> values(*count, std::numeric_limits<double>::quiet_NaN());
  std::vector<bool> filled(*count, false);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::size_t vertex = 0;
    for (std::size_t i = 0; i < axes.size(); ++i) {
      const auto& all = axes[i].coordinates;
      const auto place = std::ranges::lower_bound(all, table.cell(row, columns[i]));
      vertex = vertex * all.size() + static_cast<std::size_t>(place - all.begin());
    }
    if (filled[vertex]) {
      noGrid(name, "row " + std::to_string(row + 1) + " has the coordinates of an earlier one");
    }
    filled[vertex] = true;
    values[vertex] = table.cell(row, value);
  }
  return {std::move(axes), std::move(values)};
}

}  // namespace

ScalarGrid parseCsvGrid(std::string_view text, const std::string& name, const std::string& field) {
  CsvTable table = parseCsv(text, name);
  if (!table.heading.empty()) {
    return gridOfRows(table, name, field);
  }
  if (!field.empty()) {
    throw Error(ErrorCode::notFound, name + " has no column '" + field + "'.",
                "It has no heading: the table is the array itself.");
  }
  const std::vector<std::size_t> shape{table.rows(), table.columns};
  return ScalarGrid::fromArray(shape, std::move(table.cells));
}

}  // namespace tarn
