#include "topology/io/csv_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "topology/base/error.h"

namespace tarn {
namespace {

/// Two GiB of numbers: text of little more than separators would become many times its length.
constexpr std::size_t kMostCells = std::size_t{1} << 28U;
constexpr std::size_t kMostColumns = std::size_t{1} << 20U;
constexpr double undefinedCell = std::numeric_limits<double>::quiet_NaN();

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// A cell for a message: what is no plain letter may be anything, control codes of a terminal too.
std::string readable(std::string_view cell) {
  std::string text(cell);
  std::ranges::replace_if(text, [](unsigned char c) { return c < ' ' || c > '~'; }, '?');
  return text;
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

/// Takes row by row off the text.
class Rows {
 public:
  Rows(std::string_view text, const std::string& name) : rest_(text), name_(name) {}

  /// Calls take(cell) for the cells of the next row that says something; false at the end. A cell
  /// is gone with the next.
  template <typename Take>
  bool next(const Take& take) {
    while (!rest_.empty()) {
      ++line_;
      const std::string_view ahead = rest_.substr(0, rest_.find('\n'));
      if (saysNothing(ahead)) {
        rest_.remove_prefix(std::min(ahead.size() + 1, rest_.size()));
        continue;
      }
      if (separator_ == '\0') {
        separator_ = separatorOf(ahead);
      }
      takeRow(take);
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
  /// Tabs between empty cells are a row.
  bool saysNothing(std::string_view line) const {
    const bool isEmpty = separator_ == '\t'
                             ? line.find_first_not_of(" \r") == std::string_view::npos
                             : trimmed(line).empty();
    return isEmpty || line.front() == '#';
  }

  template <typename Take>
  void takeRow(const Take& take) {
    bool more = true;
    while (more) {
      take(takeCell());
      more = !rest_.empty() && rest_.front() == separator_;
      if (!rest_.empty()) {
        rest_.remove_prefix(1);
      }
    }
  }

  std::string_view takeCell() {
    if (!rest_.empty() && rest_.front() == '"') {
      return takeQuoted();
    }
    const std::array<char, 2> ends{separator_, '\n'};
    const auto end =
        std::min(rest_.find_first_of(std::string_view(ends.data(), ends.size())), rest_.size());
    const std::string_view cell = trimmed(rest_.substr(0, end));
    rest_.remove_prefix(end);
    return cell;
  }

  std::string_view takeQuoted() {
    quoted_.clear();
    rest_.remove_prefix(1);
    for (;;) {
      const auto quote = rest_.find('"');
      if (quote == std::string_view::npos) {
        fail("a quotation mark is not closed");
      }
      quoted_ += rest_.substr(0, quote);
      rest_.remove_prefix(quote + 1);
      if (rest_.empty() || rest_.front() != '"') {
        break;
      }
      quoted_ += '"';
      rest_.remove_prefix(1);
    }
    if (!rest_.empty() && rest_.front() == '\r') {
      rest_.remove_prefix(1);
    }
    if (!rest_.empty() && rest_.front() != separator_ && rest_.front() != '\n') {
      fail("something follows a closing quotation mark");
    }
    return quoted_;
  }

  std::string_view rest_;
  const std::string& name_;
  std::size_t line_ = 0;
  char separator_ = '\0';
  std::string quoted_;  ///< the last cell in quotation marks, without them
};

/// The words of a comment at the very beginning, if there is one for each column and a coordinate
/// or a value among them: what numpy.savetxt makes of a heading.
std::vector<std::string> commentedHeading(std::string_view text, std::size_t columns,
                                          const std::string& name) {
  const std::string_view line = text.substr(0, text.find('\n'));
  if (!line.starts_with('#') || line.find('"') != std::string_view::npos) {
    return {};
  }
  std::vector<std::string> words;
  Rows(line.substr(1), name).next([&](std::string_view cell) {
    if (words.size() <= columns) {
      words.emplace_back(cell);
    }
  });
  constexpr std::array known{"x", "y", "z", "axis.0", "value", "loss", "train_loss"};
  const bool isHeading = columns > 1 && words.size() == columns &&
                         std::ranges::find_first_of(words, known) != words.end();
  return isHeading ? words : std::vector<std::string>{};
}

}  // namespace

CsvTable parseCsv(std::string_view text, const std::string& name) {
  Rows rows(text, name);
  CsvTable table;
  std::vector<std::string> first;
  const bool any = rows.next([&](std::string_view cell) {
    if (first.size() == kMostColumns) {
      rows.fail("it has more than " + std::to_string(kMostColumns) + " cells");
    }
    first.emplace_back(cell);
  });
  if (!any) {
    throw Error(ErrorCode::badInput, name + " has no rows.", "Give a table of numbers.");
  }
  table.columns = first.size();
  const auto add = [&](std::string_view cell) {
    const auto number = numberOf(cell);
    if (!number) {
      rows.fail("'" + readable(cell.substr(0, 40)) + "' is no number");
    }
    if (table.cells.size() == kMostCells) {
      rows.fail("the table has more than " + std::to_string(kMostCells) + " cells");
    }
    table.cells.push_back(*number);
  };
  if (std::ranges::all_of(first, [](const auto& cell) { return numberOf(cell).has_value(); })) {
    table.heading = commentedHeading(text, table.columns, name);
    std::ranges::for_each(first, add);
  } else {
    table.heading = std::move(first);
  }
  std::size_t cells = 0;
  while (rows.next([&](std::string_view cell) {
    ++cells;
    add(cell);
  })) {
    if (cells != table.columns) {
      rows.fail("it has " + std::to_string(cells) + (cells == 1 ? " cell" : " cells") +
                ", the first row has " + std::to_string(table.columns));
    }
    cells = 0;
  }
  if (table.cells.empty()) {
    throw Error(ErrorCode::badInput, name + " has a heading and no rows.",
                "Give a table of numbers.");
  }
  return table;
}

}  // namespace tarn
