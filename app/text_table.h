#pragma once

#include <string>
#include <vector>

namespace tarn::app {

/// A table for a terminal: columns as wide as their longest cell, in characters, not bytes.
class TextTable {
 public:
  /// Columns of words, to the left.
  explicit TextTable(std::vector<std::string> headings);
  /// Further columns, of numbers, to the right. Before the first row.
  void addColumns(const std::vector<std::string>& headings);
  /// One cell for each column.
  void addRow(std::vector<std::string> cells);
  std::string text() const;

 private:
  std::size_t words_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace tarn::app
