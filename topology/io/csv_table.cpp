#include "topology/io/csv_table.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>

#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr double undefinedCell = std::numeric_limits<double>::quiet_NaN();

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// A cell as a number: NaN for an empty one, nothing for words.
std::optional<double> numberOf(std::string_view cell) {
  cell = trimmed(cell);
  if (cell.empty()) {
    return undefinedCell;
  }
  if (cell.size() > 1 && cell.front() == '+' && cell[1] != '-') {
    cell.remove_prefix(1);
  }
  double value = 0;
  const auto [end, failure] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (end != cell.data() + cell.size()) {
    return std::nullopt;
  }
  if (failure == std::errc::result_out_of_range) {
    // Too small or too large for a double: as strtod has it.
    const auto exponent = cell.find_last_of("eE");
    const bool tiny = exponent != std::string_view::npos && exponent + 1 < cell.size() &&
                      cell[exponent + 1] == '-';
    const double magnitude = tiny ? 0.0 : std::numeric_limits<double>::infinity();
    return cell.front() == '-' ? -magnitude : magnitude;
  }
  return failure == std::errc{} ? std::optional(value) : std::nullopt;
}

char separatorOf(std::string_view line) {
  for (const char separator : {'\t', ';', ','}) {
    if (line.find(separator) != std::string_view::npos) {
      return separator;
    }
  }
  return ',';
}

/// Takes the next row off the text.
class Rows {
 public:
  Rows(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

  /// The cells of the next row that says something; false at the end.
  bool next(std::vector<std::string>& cells) {
    while (!rest_.empty()) {
      ++line_;
      const std::string_view ahead = rest_.substr(0, rest_.find('\n'));
      if (trimmed(ahead).empty() || ahead.front() == '#') {
        rest_.remove_prefix(std::min(ahead.size() + 1, rest_.size()));
        continue;
      }
      if (separator_ == '\0') {
        separator_ = separatorOf(ahead);
      }
      takeRow(cells);
      return true;
    }
    return false;
  }

  [[noreturn]] void fail(const std::string& why) const {
    throw Error(ErrorCode::badInput, name_ + ", line " + std::to_string(line_) + ": " + why + ".",
                "A table has one row a line, all of the same length, with numbers below its "
                "heading.");
  }

 private:
  void takeRow(std::vector<std::string>& cells) {
    cells.clear();
    bool more = true;
    while (more) {
      cells.push_back(takeCell());
      more = !rest_.empty() && rest_.front() == separator_;
      if (!rest_.empty()) {
        rest_.remove_prefix(1);
      }
    }
  }

  std::string takeCell() {
    if (!rest_.empty() && rest_.front() == '"') {
      return takeQuoted();
    }
    const auto end = std::min(rest_.find_first_of(std::string{separator_, '\n'}), rest_.size());
    const std::string cell(trimmed(rest_.substr(0, end)));
    rest_.remove_prefix(end);
    return cell;
  }

  std::string takeQuoted() {
    std::string cell;
    rest_.remove_prefix(1);
    for (;;) {
      const auto quote = rest_.find('"');
      if (quote == std::string_view::npos) {
        fail("a quotation mark is not closed");
      }
      cell += rest_.substr(0, quote);
      rest_.remove_prefix(quote + 1);
      if (rest_.empty() || rest_.front() != '"') {
        break;
      }
      cell += '"';
      rest_.remove_prefix(1);
    }
    if (!rest_.empty() && rest_.front() == '\r') {
      rest_.remove_prefix(1);
    }
    if (!rest_.empty() && rest_.front() != separator_ && rest_.front() != '\n') {
      fail("something follows a closing quotation mark");
    }
    return cell;
  }

  std::string_view rest_;
  const std::string& name_;
  std::size_t line_ = 0;
  char separator_ = '\0';
};

}  // namespace

CsvTable parseCsv(std::string_view text, const std::string& name) {
  Rows rows(text, name);
  CsvTable table;
  std::vector<std::string> row;
  if (!rows.next(row)) {
    throw Error(ErrorCode::badInput, name + " has no rows.", "Give a table of numbers.");
  }
  table.columns = row.size();
  if (!std::ranges::all_of(row, [](const std::string& cell) { return numberOf(cell).has_value(); })) {
    table.heading = row;
    if (!rows.next(row)) {
      throw Error(ErrorCode::badInput, name + " has a heading and no rows.",
                  "Give a table of numbers.");
    }
  }
  do {
    if (row.size() != table.columns) {
      rows.fail("it has " + std::to_string(row.size()) + " cells, the first row has " +
                std::to_string(table.columns));
    }
    for (const std::string& cell : row) {
      const auto number = numberOf(cell);
      if (!number) {
        rows.fail("'" + cell.substr(0, 40) + "' is no number");
      }
      table.cells.push_back(*number);
    }
  } while (rows.next(row));
  return table;
}

}  // namespace tarn
