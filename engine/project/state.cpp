#include "engine/project/state.h"

#include <utility>

#include <sqlite3.h>

#include "topology/base/error.h"

namespace tarn {

Project::State::State(std::filesystem::path where, db::Database database,
                      std::optional<db::WriterLock> lock, std::string reason)
    : path(std::move(where)),
      readOnlyReason(std::move(reason)),
      lock_(std::move(lock)),
      database_(std::move(database)),
      writable_(lock_.has_value()) {}

db::Database& Project::State::opened() const {
  if (!database_) {
    throw Error(ErrorCode::usage, "The project " + path.string() + " is closed.");
  }
  return *database_;
}

db::Database& Project::State::openedForWriting() const {
  auto& database = opened();
  if (!writable_) {
    throw Error(ErrorCode::usage,
                "The project " + path.string() + " is open for reading only" +
                    (readOnlyReason.empty() ? "." : ": " + readOnlyReason + "."),
                "Save to another project.");
  }
  if (database.fileIsGone()) {
    throw Error(ErrorCode::io,
                "The project " + path.string() + " was removed or replaced while it was open.",
                "Save a copy under another name: what was saved before can still be read.");
  }
  return database;
}

void Project::State::close() {
  const std::lock_guard guard(mutex_);
  const auto lock = std::exchange(lock_, std::nullopt);
  closeDatabase();
}

void Project::State::closeAndRemove() {
  const std::lock_guard guard(mutex_);
  const bool ours = database_ && writable_ && !database_->fileIsGone();
  const auto lock = std::exchange(lock_, std::nullopt);
  closeDatabase();
  std::error_code ignored;
  if (ours) {
    std::filesystem::remove(path, ignored);
  }
}

void Project::State::closeDatabase() {
  if (!database_) {
    return;
  }
  // Out of WAL mode, so that the one file is everything. While somebody reads, that has to wait
  // for the next writer; the log stays beside the file and nothing is lost.
  std::optional<Error> failure;
  if (writable_ && !database_->fileIsGone()) {
    try {
      sqlite3_busy_timeout(database_->handle(), 0);
      db::Statement(*database_, "PRAGMA wal_checkpoint(TRUNCATE)").next();
      sqlite3_exec(database_->handle(), "PRAGMA journal_mode = DELETE", nullptr, nullptr, nullptr);
    } catch (const Error& error) {
      failure = error;
    }
  }
  database_.reset();
  if (failure) {
    throw Error(*failure);
  }
}

void Project::State::saveCopy(const std::filesystem::path& target) const {
  const std::lock_guard guard(mutex_);
  auto& database = opened();
  std::error_code ignored;
  if (std::filesystem::exists(target, ignored)) {
    throw Error(ErrorCode::io, target.string() + " is there already.", "Choose another name.");
  }
  db::Statement(database, "VACUUM INTO ?").bind(target.string()).run();
}

void noSuchResult(const db::Database& database, ResultKind kind, std::int64_t id) {
  throw Error(ErrorCode::notFound,
              "The project " + database.name() + " has no " + std::string(toString(kind)) +
                  (id > 0 ? " " + std::to_string(id) : "") + ".",
              "`tarn info FILE` lists what is inside.");
}

}  // namespace tarn
