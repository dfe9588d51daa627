// Training runs: metrics, snapshots, the latest checkpoint.
#include <algorithm>
#include <array>

#include "engine/project/arrays.h"
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

StoredRun runOf(const Statement& row) {
  StoredRun run;
  run.id = row.integer(0);
  run.created = row.text(1);
  run.experiment = row.integer(2);
  run.name = row.text(3);
  run.optimizer = row.json(4);
  run.settings = row.json(5);
  run.facts = row.json(6);
  run.status = row.text(7);
  run.provenance = row.json(8);
  return run;
}

void requireRun(Database& database, std::int64_t id) {
  if (!Statement(database, "SELECT 1 FROM runs WHERE id = ?").bind(id).next()) {
    noSuchResult(database, ResultKind::run, id);
  }
}

void removeSnapshot(Database& database, std::int64_t run, std::int64_t step) {
  std::optional<std::int64_t> parameters;
  std::optional<std::int64_t> buffers;
  {
    Statement old(database,
                  "SELECT parameters_array, buffers_array FROM snapshots WHERE run_id = ? AND "
                  "step = ?");
    if (!old.bind(run).bind(step).next()) {
      return;
    }
    parameters = old.integer(0);
    buffers = old.integerOrNone(1);
  }
  Statement(database, "DELETE FROM snapshots WHERE run_id = ? AND step = ?")
      .bind(run)
      .bind(step)
      .run();
  db::removeArray(database, *parameters);
  if (buffers) {
    db::removeArray(database, *buffers);
  }
}

}  // namespace

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
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kRunColumns) + "WHERE id = ?");
    if (!row.bind(id).next()) {
      noSuchResult(database, ResultKind::run, id);
    }
    return runOf(row);
  });
}

std::vector<StoredRun> Project::runs() const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kRunColumns) + "ORDER BY id");
    std::vector<StoredRun> all;
    while (row.next()) {
      all.push_back(runOf(row));
    }
    return all;
  });
}

void Project::addMetrics(std::int64_t run, std::span<const StoredMetric> rows) {
  state_->write([&](Database& database) {
    requireRun(database, run);
    Statement insert(database,
                     "INSERT OR REPLACE INTO metrics (run_id, step, epoch, loss, accuracy, "
                     "gradient_norm, step_norm, rate, probes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    for (const StoredMetric& metric : rows) {
      insert.bind(run)
          .bind(metric.step)
          .bind(metric.epoch)
          .bind(metric.loss)
          .bind(metric.accuracy)
          .bind(metric.gradientNorm)
          .bind(metric.stepNorm)
          .bind(metric.rate)
          .bind(metric.probes)
          .run();
    }
    return true;
  });
}

std::vector<StoredMetric> Project::metrics(std::int64_t run) const {
  return state_->read([&](Database& database) {
    requireRun(database, run);
    Statement row(database,
                  "SELECT step, epoch, loss, accuracy, gradient_norm, step_norm, rate, probes "
                  "FROM metrics WHERE run_id = ? ORDER BY step");
    row.bind(run);
    std::vector<StoredMetric> all;
    while (row.next()) {
      all.push_back({row.integer(0), row.number(1), row.number(2), row.numberOrNone(3),
                     row.numberOrNone(4), row.numberOrNone(5), row.numberOrNone(6), row.json(7)});
    }
    return all;
  });
}

void Project::addSnapshot(std::int64_t run, const StoredSnapshot& snapshot) {
  state_->write([&](Database& database) {
    requireRun(database, run);
    removeSnapshot(database, run, snapshot.step);
    const std::int64_t parameters = db::saveArray(database, snapshot.parameters);
    std::optional<std::int64_t> buffers;
    if (snapshot.buffers) {
      buffers = db::saveArray(database, *snapshot.buffers);
    }
    Statement(database,
              "INSERT INTO snapshots (run_id, step, epoch, loss, accuracy, parameters_array, "
              "buffers_array) VALUES (?, ?, ?, ?, ?, ?, ?)")
        .bind(run)
        .bind(snapshot.step)
        .bind(snapshot.epoch)
        .bind(snapshot.loss)
        .bind(snapshot.accuracy)
        .bind(parameters)
        .bind(buffers)
        .run();
    return true;
  });
}

std::vector<SnapshotInfo> Project::snapshots(std::int64_t run) const {
  return state_->read([&](Database& database) {
    requireRun(database, run);
    Statement row(database,
                  "SELECT step, epoch, loss, accuracy FROM snapshots WHERE run_id = ? ORDER BY "
                  "step");
    row.bind(run);
    std::vector<SnapshotInfo> all;
    while (row.next()) {
      all.push_back({row.integer(0), row.number(1), row.number(2), row.numberOrNone(3)});
    }
    return all;
  });
}

StoredSnapshot Project::snapshot(std::int64_t run, std::int64_t step) const {
  return state_->read([&](Database& database) {
    requireRun(database, run);
    Statement row(database,
                  "SELECT step, epoch, loss, accuracy, parameters_array, buffers_array "
                  "FROM snapshots WHERE run_id = ? AND step = ?");
    if (!row.bind(run).bind(step).next()) {
      throw Error(ErrorCode::notFound, "Run " + std::to_string(run) + " of " + database.name() +
                                           " has no snapshot at step " + std::to_string(step) +
                                           ".");
    }
    StoredSnapshot snapshot;
    snapshot.step = row.integer(0);
    snapshot.epoch = row.number(1);
    snapshot.loss = row.number(2);
    snapshot.accuracy = row.numberOrNone(3);
    snapshot.parameters = db::loadArray(database, row.integer(4));
    if (const auto buffers = row.integerOrNone(5)) {
      snapshot.buffers = db::loadArray(database, *buffers);
    }
    return snapshot;
  });
}

void Project::setCheckpoint(std::int64_t run, const StoredCheckpoint& checkpoint) {
  state_->write([&](Database& database) {
    requireRun(database, run);
    std::optional<std::int64_t> previous;
    {
      Statement row(database, "SELECT checkpoint_array FROM runs WHERE id = ?");
      row.bind(run).next();
      previous = row.integerOrNone(0);
    }
    const std::int64_t array = db::saveArray(database, checkpoint.state);
    Statement(database, "UPDATE runs SET checkpoint_step = ?, checkpoint_array = ? WHERE id = ?")
        .bind(checkpoint.step)
        .bind(array)
        .bind(run)
        .run();
    if (previous) {
      db::removeArray(database, *previous);
    }
    return true;
  });
}

std::optional<StoredCheckpoint> Project::checkpoint(std::int64_t run) const {
  return state_->read([&](Database& database) -> std::optional<StoredCheckpoint> {
    requireRun(database, run);
    Statement row(database, "SELECT checkpoint_step, checkpoint_array FROM runs WHERE id = ?");
    row.bind(run).next();
    if (row.isNull(1)) {
      return std::nullopt;
    }
    return StoredCheckpoint{row.integer(0), db::loadArray(database, row.integer(1))};
  });
}

}  // namespace tarn
