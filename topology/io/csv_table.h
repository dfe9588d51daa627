#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tarn {

/// A table of numbers. Cells are kept row by row.
struct CsvTable {
  std::vector<std::string> heading;  ///< empty when every cell of the first row is a number
  std::size_t columns = 0;
  std::vector<double> cells;  ///< NaN where a cell is empty or says nan

  std::size_t rows() const { return columns == 0 ? 0 : cells.size() / columns; }
  double cell(std::size_t row, std::size_t column) const { return cells[row * columns + column]; }
};

/// Reads CSV (RFC 4180), also with semicolons or tabs between the cells; lines that are empty or
/// start with # are left out, but for a first line of that kind with a word for every column, x, y,
/// loss or the like among them, which is the heading (numpy.savetxt writes it so). `name` stands in
/// the messages. Throws Error(badInput), naming the line, when rows differ in length, a cell below
/// the first row is no number, or there are more than 2²⁸ cells or 2²⁰ in the first row.
CsvTable parseCsv(std::string_view text, const std::string& name);

}  // namespace tarn
