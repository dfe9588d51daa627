#include "app/text_table.h"

#include <algorithm>
#include <utility>

namespace tarn::app {
namespace {

/// Code points of UTF-8 text.
std::size_t lengthOf(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

TextTable::TextTable(std::vector<std::string> headings)
    : words_(headings.size()), rows_{std::move(headings)} {}

void TextTable::addColumns(const std::vector<std::string>& headings) {
  rows_.front().insert(rows_.front().end(), headings.begin(), headings.end());
}

void TextTable::addRow(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
}

std::string TextTable::text() const {
  std::vector<std::size_t> widths(rows_.front().size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], lengthOf(row[i]));
    }
  }
  std::string text;
  for (const auto& row : rows_) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(widths[i] - lengthOf(row[i]), ' ');
      line += (i == 0 ? "" : "  ") + (i < words_ ? row[i] + space : space + row[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + '\n';
  }
  return text;
}

}  // namespace tarn::app
