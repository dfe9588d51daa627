// What a training run records: metrics, snapshots, the latest checkpoint.
#include "engine/project/arrays.h"
#include "engine/project/state.h"
#include "topology/base/error.h"

namespace tarn {

namespace {

using db::Database;
using db::Statement;

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

void insertMetrics(Database& database, std::int64_t run, std::span<const StoredMetric> rows) {
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
}

void insertSnapshot(Database& database, std::int64_t run, const StoredSnapshot& snapshot) {
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
}

void replaceCheckpoint(Database& database, std::int64_t run, const StoredCheckpoint& checkpoint) {
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
}

}  // namespace

void Project::addRunRecords(std::int64_t run, const RunRecords& records) {
  state_->write([&](Database& database) {
    requireRun(database, run);
    insertMetrics(database, run, records.metrics);
    for (const StoredSnapshot& snapshot : records.snapshots) {
      insertSnapshot(database, run, snapshot);
    }
    if (records.checkpoint) {
      replaceCheckpoint(database, run, *records.checkpoint);
    }
    return true;
  });
}

void Project::addMetrics(std::int64_t run, std::span<const StoredMetric> rows) {
  state_->write([&](Database& database) {
    requireRun(database, run);
    insertMetrics(database, run, rows);
    return true;
  });
}

void Project::addProbes(std::int64_t run, const StoredMetric& metric) {
  state_->write([&](Database& database) {
    requireRun(database, run);
    nlohmann::json probes;
    {
      Statement row(database, "SELECT probes FROM metrics WHERE run_id = ? AND step = ?");
      if (!row.bind(run).bind(metric.step).next()) {
        insertMetrics(database, run, std::span(&metric, 1));
        return true;
      }
      probes = row.json(0);
    }
    if (!probes.is_object()) {
      probes = nlohmann::json::object();
    }
    probes.update(metric.probes);
    Statement(database, "UPDATE metrics SET probes = ? WHERE run_id = ? AND step = ?")
        .bind(probes)
        .bind(run)
        .bind(metric.step)
        .run();
    return true;
  });
}

void Project::addSnapshot(std::int64_t run, const StoredSnapshot& snapshot) {
  state_->write([&](Database& database) {
    requireRun(database, run);
    insertSnapshot(database, run, snapshot);
    return true;
  });
}

void Project::setCheckpoint(std::int64_t run, const StoredCheckpoint& checkpoint) {
  state_->write([&](Database& database) {
    requireRun(database, run);
    replaceCheckpoint(database, run, checkpoint);
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
