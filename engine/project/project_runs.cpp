// Training runs themselves; what they record is in project_run_records.cpp.
#include <algorithm>
#include <array>

#include "engine/project/state.h"
#include "engine/project/text.h"
#include "topology/base/error.h"

namespace tarn {

namespace {

using db::Database;
using db::Statement;

constexpr const char* kRunColumns =
    "SELECT id, created, experiment_id, name, optimizer, settings, facts, status, provenance "
    "FROM runs ";
constexpr std::array<std::string_view, 4> kStatuses{"running", "complete", "stopped", "failed"};

void requireStatus(const std::string& status) {
  if (std::find(kStatuses.begin(), kStatuses.end(), status) == kStatuses.end()) {
    throw Error(ErrorCode::usage, "A run cannot be '" + status + "'.");
  }
}

/// `somebodyWrites` false: a run that the file calls running has nobody who runs it.
StoredRun runOf(const Statement& row, bool somebodyWrites) {
  StoredRun run;
  run.id = row.integer(0);
  run.created = row.text(1);
  run.experiment = row.integer(2);
  run.name = row.text(3);
  run.optimizer = row.json(4);
  run.settings = row.json(5);
  run.facts = row.json(6);
  run.status = row.text(7);
  if (run.status == "running" && !somebodyWrites) {
    run.status = "stopped";
  }
  run.provenance = row.json(8);
  return run;
}

}  // namespace

void requireRun(Database& database, std::int64_t id) {
  if (!Statement(database, "SELECT 1 FROM runs WHERE id = ?").bind(id).next()) {
    noSuchResult(database, ResultKind::run, id);
  }
}

void endAbandonedRuns(Database& database) {
  db::Transaction transaction(database, db::Transaction::Kind::write);
  Statement(database, "UPDATE runs SET status = 'stopped' WHERE status = 'running'").run();
  transaction.commit();
}

std::int64_t Project::addRun(const StoredRun& run) {
  requireStatus(run.status);
  return state_->write([&](Database& database) {
    Statement(database,
              "INSERT INTO runs (created, experiment_id, name, optimizer, settings, facts, status, "
              "provenance) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(db::utcNow())
        .bind(run.experiment)
        .bind(run.name)
        .bind(run.optimizer)
        .bind(run.settings)
        .bind(run.facts)
        .bind(run.status)
        .bind(run.provenance)
        .run();
    return database.lastInsertId();
  });
}

void Project::setRunFacts(std::int64_t id, const nlohmann::json& facts) {
  state_->write([&](Database& database) {
    requireRun(database, id);
    Statement(database, "UPDATE runs SET facts = ? WHERE id = ?").bind(facts).bind(id).run();
    return true;
  });
}

void Project::setRunStatus(std::int64_t id, const std::string& status) {
  requireStatus(status);
  state_->write([&](Database& database) {
    requireRun(database, id);
    Statement(database, "UPDATE runs SET status = ? WHERE id = ?").bind(status).bind(id).run();
    return true;
  });
}

StoredRun Project::run(std::int64_t id) const {
  const bool somebodyWrites = writable() || db::WriterLock::isHeld(path());
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kRunColumns) + "WHERE id = ?");
    if (!row.bind(id).next()) {
      noSuchResult(database, ResultKind::run, id);
    }
    return runOf(row, somebodyWrites);
  });
}

std::vector<StoredRun> Project::runs() const {
  const bool somebodyWrites = writable() || db::WriterLock::isHeld(path());
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kRunColumns) + "ORDER BY id");
    std::vector<StoredRun> all;
    while (row.next()) {
      all.push_back(runOf(row, somebodyWrites));
    }
    return all;
  });
}

}  // namespace tarn
