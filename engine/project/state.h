#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "engine/project/database.h"
#include "engine/project/project.h"
#include "engine/project/writer_lock.h"

namespace tarn {

/// What a Project owns. Every access goes through read() or write().
struct Project::State {
  State(std::filesystem::path path, db::Database database, std::optional<db::WriterLock> lock,
        std::string readOnlyReason);

  /// Calls `use(database)` in a read transaction: it sees one state of the file.
  template <typename Use>
  auto read(Use use) const {
    const std::lock_guard guard(mutex_);
    auto& database = opened();
    db::Transaction transaction(database, db::Transaction::Kind::read);
    return use(database);
  }

  /// Calls `use(database)` in a transaction that is on disk when this returns, or not at all.
  template <typename Use>
  auto write(Use use) {
    const std::lock_guard guard(mutex_);
    auto& database = openedForWriting();
    db::Transaction transaction(database, db::Transaction::Kind::write);
    auto result = use(database);
    transaction.commit();
    return result;
  }

  void close();
  void closeAndRemove();
  void saveCopy(const std::filesystem::path& target) const;
  bool writable() const { return writable_; }

  const std::filesystem::path path;
  const std::string readOnlyReason;

 private:
  db::Database& opened() const;
  db::Database& openedForWriting() const;
  void closeDatabase();

  mutable std::mutex mutex_;
  std::optional<db::WriterLock> lock_;  // let go of after the database is closed
  mutable std::optional<db::Database> database_;
  const bool writable_;
};

/// Runs that a writer left `running`, because it was killed, become `stopped`. To be called by the
/// next writer before it adds its own.
void endAbandonedRuns(db::Database& database);

/// Throws Error(notFound) when there is no such run.
void requireRun(db::Database& database, std::int64_t id);

/// Throws Error(notFound): the project has no such result.
[[noreturn]] void noSuchResult(const db::Database& database, ResultKind kind, std::int64_t id);

}  // namespace tarn
