#include "engine/project/database.h"

#include <sqlite3.h>

#include "topology/base/error.h"

namespace tarn::db {

namespace {

constexpr int kBusyMilliseconds = 5000;

/// The file: URI of a path, for the options that only a URI can carry.
std::string fileUri(const std::filesystem::path& path, Mode mode) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string uri = "file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
                       (byte >= 'A' && byte <= 'Z') || c == '/' || c == '.' || c == '-' || c == '_';
    if (plain) {
      uri += c;
    } else {
      uri += '%';
      uri += hex[byte >> 4U];
      uri += hex[byte & 15U];
    }
  }
  return mode == Mode::immutable ? uri + "?immutable=1" : uri;
}

int openFlags(Mode mode) {
  const int access = mode == Mode::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  return access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
}

}  // namespace

Database::Database(const std::filesystem::path& path, Mode mode)
    : Database(fileUri(path, mode), openFlags(mode), path.string()) {}

Database Database::inMemory() {
  return {":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_EXRESCODE, "memory"};
}

Database::Database(const std::string& uri, int flags, std::string name) : name_(std::move(name)) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(uri.c_str(), &handle, flags, nullptr);
  handle_.reset(handle);
  if (handle == nullptr) {
    throw Error(ErrorCode::memory, "Not enough memory to open " + name_ + ".");
  }
  if (code != SQLITE_OK) {
    fail();
  }
  harden();
}

void Database::harden() {
  sqlite3_busy_timeout(handle(), kBusyMilliseconds);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_FKEY, 1, nullptr);
  sqlite3_limit(handle(), SQLITE_LIMIT_LENGTH, static_cast<int>(kMaxRowBytes));
  sqlite3_limit(handle(), SQLITE_LIMIT_COLUMN, 64);
  execute("PRAGMA cell_size_check = ON");
}

void Database::Closer::operator()(sqlite3* handle) const {
  sqlite3_close_v2(handle);
}

int Database::probe() {
  return sqlite3_exec(handle(), "SELECT count(*) FROM sqlite_schema", nullptr, nullptr, nullptr);
}

void Database::execute(const std::string& sql) {
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    fail();
  }
}

std::int64_t Database::lastInsertId() const {
  return sqlite3_last_insert_rowid(handle());
}

std::uint64_t Database::size() {
  Statement statement(*this,
                      "SELECT page_count * page_size FROM pragma_page_count, "
                      "pragma_page_size");
  return statement.next() ? static_cast<std::uint64_t>(statement.integer(0)) : 0;
}

bool Database::fileIsGone() const {
  int moved = 0;
  const int code = sqlite3_file_control(handle(), "main", SQLITE_FCNTL_HAS_MOVED, &moved);
  return code == SQLITE_OK && moved != 0;
}

void Database::fail() const {
  const int code = sqlite3_extended_errcode(handle());
  const std::string detail = std::string(" (SQLite: ") + sqlite3_errmsg(handle()) + ")";
  if (code == SQLITE_IOERR_SHMSIZE) {
    throw Error(ErrorCode::io, "The disk that holds " + name_ + " is full" + detail + ".",
                "Make room and try again; everything saved before is still there.");
  }
  switch (code & 0xff) {
    case SQLITE_FULL:
      throw Error(ErrorCode::io, "The disk that holds " + name_ + " is full" + detail + ".",
                  "Make room and try again; everything saved before is still there.");
    case SQLITE_NOTADB:
      throw Error(ErrorCode::badInput, name_ + " is not a Tarn project" + detail + ".",
                  "Projects are files that Tarn wrote, usually named NAME.tarn.");
    case SQLITE_CORRUPT:
    case SQLITE_TOOBIG:
    case SQLITE_FORMAT:
    case SQLITE_ERROR:
    case SQLITE_MISMATCH:
      throw Error(ErrorCode::badInput, "The project " + name_ + " is damaged" + detail + ".",
                  "`sqlite3 FILE .recover` may save what is still readable.");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(ErrorCode::io, name_ + " is held by another program" + detail + ".",
                  "Close the other program and try again.");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
    case SQLITE_AUTH:
      throw Error(ErrorCode::io, name_ + " cannot be opened or written" + detail + ".",
                  "Check the permissions of the file and of its folder.");
    case SQLITE_NOMEM:
      throw Error(ErrorCode::memory, "Not enough memory to read " + name_ + ".");
    case SQLITE_IOERR:
      throw Error(ErrorCode::io, "Reading or writing " + name_ + " failed" + detail + ".",
                  "Check the disk; everything saved before is still there.");
    default:
      throw Error(ErrorCode::internal, "The project " + name_ + " refused a change" + detail + ".");
  }
}

void Database::damaged(const std::string& what) const {
  throw Error(ErrorCode::badInput, "The project " + name_ + " is damaged: " + what + ".",
              "`sqlite3 FILE .recover` may save what is still readable.");
}

Transaction::Transaction(Database& database, Kind kind) : database_(database) {
  database_.execute(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (open_) {
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace tarn::db
