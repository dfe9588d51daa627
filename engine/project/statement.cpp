#include <cmath>
#include <limits>

#include <sqlite3.h>

#include "engine/project/database.h"
#include "engine/project/text.h"
#include "engine/protocol/frame.h"
#include "topology/base/error.h"

namespace tarn::db {

Statement::Statement(Database& database, std::string_view sql) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(database.handle(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  statement_.reset(statement);
  check(code);
}

void Statement::Finalizer::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

void Statement::check(int code) const {
  if (code != SQLITE_OK) {
    database_.fail();
  }
}

Statement& Statement::bind(std::int64_t value) {
  check(sqlite3_bind_int64(statement_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::bind(const std::optional<std::int64_t>& value) {
  if (value) {
    return bind(*value);
  }
  check(sqlite3_bind_null(statement_.get(), ++bound_));
  return *this;
}

Statement& Statement::bind(double value) {
  check(sqlite3_bind_double(statement_.get(), ++bound_, value));
  return *this;
}

Statement& Statement::bind(const std::optional<double>& value) {
  return bind(value.value_or(std::numeric_limits<double>::quiet_NaN()));
}

Statement& Statement::bind(std::string_view text) {
  if (!isUtf8(text)) {
    throw Error(ErrorCode::usage, "A text for the project " + database_.name() + " is not UTF-8.");
  }
  check(sqlite3_bind_text64(statement_.get(), ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                            SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind(std::span<const std::byte> bytes) {
  if (bytes.empty()) {
    check(sqlite3_bind_zeroblob(statement_.get(), ++bound_, 0));
  } else {
    check(
        sqlite3_bind_blob64(statement_.get(), ++bound_, bytes.data(), bytes.size(), SQLITE_STATIC));
  }
  return *this;
}

Statement& Statement::bind(const nlohmann::json& value) {
  const std::string text = toText(value);
  if (text.size() > mostTextBytes) {
    throw Error(ErrorCode::usage,
                "A description of " + std::to_string(text.size() >> 20U) +
                    " MiB does not fit the project " + database_.name() + " (at most 8 MiB).",
                "Export the result to a file of its own.");
  }
  return bind(std::string_view(text));
}

bool Statement::next() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    database_.fail();
  }
  return code == SQLITE_ROW;
}

void Statement::run() {
  next();
  check(sqlite3_reset(statement_.get()));
  check(sqlite3_clear_bindings(statement_.get()));
  bound_ = 0;
}

void Statement::wrongType(int column, const char* expected) const {
  database_.damaged("column '" + std::string(sqlite3_column_name(statement_.get(), column)) +
                    "' does not hold " + expected);
}

bool Statement::isNull(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_INTEGER) {
    wrongType(column, "an integer");
  }
  return sqlite3_column_int64(statement_.get(), column);
}

std::optional<std::int64_t> Statement::integerOrNone(int column) const {
  return isNull(column) ? std::nullopt : std::optional(integer(column));
}

double Statement::number(int column) const {
  return numberOrNone(column).value_or(std::numeric_limits<double>::quiet_NaN());
}

std::optional<double> Statement::numberOrNone(int column) const {
  const int type = sqlite3_column_type(statement_.get(), column);
  if (type == SQLITE_NULL) {
    return std::nullopt;
  }
  if (type != SQLITE_FLOAT && type != SQLITE_INTEGER) {
    wrongType(column, "a number");
  }
  return sqlite3_column_double(statement_.get(), column);
}

std::string Statement::text(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_TEXT) {
    wrongType(column, "a text");
  }
  const auto* text = sqlite3_column_text(statement_.get(), column);
  if (text == nullptr) {
    database_.fail();
  }
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  std::string copy(reinterpret_cast<const char*>(text), length);
  if (!isUtf8(copy)) {
    wrongType(column, "UTF-8");
  }
  return copy;
}

std::span<const std::byte> Statement::blob(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB) {
    wrongType(column, "a blob");
  }
  const auto* data = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  const auto length = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  if (data == nullptr && length > 0) {
    database_.fail();
  }
  return {data, data == nullptr ? 0 : length};
}

nlohmann::json Statement::json(int column) const {
  return parseJson(text(column), "The project " + database_.name() + " is damaged: column '" +
                                     sqlite3_column_name(statement_.get(), column) + "'");
}

}  // namespace tarn::db
