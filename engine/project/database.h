#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// SQLite, as the project file uses it: hardened against hostile files, errors as tarn::Error.
namespace tarn::db {

/// `immutable` promises that nobody changes the file: no locks, no log, for read-only media.
enum class Mode { read, immutable, write };

/// No row may be longer than this; what is written stays below it.
inline constexpr std::int64_t kMaxRowBytes = std::int64_t{16} << 20U;

/// An open connection. Not safe to use from several threads at once.
class Database {
 public:
  /// Opens an existing file. Error(io), Error(memory).
  Database(const std::filesystem::path& path, Mode mode);
  static Database inMemory();

  /// Reads the schema: SQLITE_OK, or the code of what went wrong.
  int probe();
  /// Runs statements without results. Errors as fail().
  void execute(const std::string& sql);
  std::int64_t lastInsertId() const;
  /// Upper limit of all the data in the file, in bytes.
  std::uint64_t size();
  /// Whether the file was removed, renamed or replaced since it was opened.
  bool fileIsGone() const;
  const std::string& name() const { return name_; }
  sqlite3* handle() const { return handle_.get(); }

  /// Throws what the last error of this connection means: Error(badInput) for a damaged file,
  /// Error(io) for a full disk, missing permissions or another writer, Error(memory).
  [[noreturn]] void fail() const;
  /// Throws Error(badInput): the file says something that a project file cannot say.
  [[noreturn]] void damaged(const std::string& what) const;

 private:
  struct Closer {
    void operator()(sqlite3* handle) const;
  };
  Database(const std::string& uri, int flags, std::string name);
  void harden();

  std::unique_ptr<sqlite3, Closer> handle_;
  std::string name_;
};

/// One prepared statement. Parameters are bound in order, columns read by their position; a value
/// of another type than the one asked for is Error(badInput).
class Statement {
 public:
  Statement(Database& database, std::string_view sql);

  Statement& bind(std::int64_t value);
  Statement& bind(const std::optional<std::int64_t>& value);
  /// NaN becomes NULL.
  Statement& bind(double value);
  Statement& bind(const std::optional<double>& value);
  /// Error(usage) when it is not UTF-8.
  Statement& bind(std::string_view text);
  Statement& bind(const std::string& text) { return bind(std::string_view(text)); }
  Statement& bind(const char* text) { return bind(std::string_view(text)); }
  /// The bytes must live until the statement has run.
  Statement& bind(std::span<const std::byte> bytes);
  /// As text; numbers that are not finite become null. Error(usage) when it does not fit a row.
  Statement& bind(const nlohmann::json& value);

  /// To the next row; false when there is none.
  bool next();
  /// Runs a statement without rows and makes it ready to be bound again.
  void run();

  bool isNull(int column) const;
  std::int64_t integer(int column) const;
  std::optional<std::int64_t> integerOrNone(int column) const;
  /// NULL is NaN.
  double number(int column) const;
  std::optional<double> numberOrNone(int column) const;
  std::string text(int column) const;
  /// Valid until the next call of next().
  std::span<const std::byte> blob(int column) const;
  nlohmann::json json(int column) const;

 private:
  struct Finalizer {
    void operator()(sqlite3_stmt* statement) const;
  };
  void check(int code) const;
  [[noreturn]] void wrongType(int column, const char* expected) const;

  Database& database_;
  std::unique_ptr<sqlite3_stmt, Finalizer> statement_;
  int bound_ = 0;
};

/// BEGIN … COMMIT; rolled back when it goes out of scope without commit().
class Transaction {
 public:
  enum class Kind { read, write };
  Transaction(Database& database, Kind kind);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace tarn::db
