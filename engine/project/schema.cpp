#include "engine/project/schema.h"

#include <set>
#include <string>
#include <tuple>

#include "topology/base/error.h"

namespace tarn::db {

namespace {

// Version 1.
constexpr const char* kFirst = R"sql(
CREATE TABLE arrays (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  dtype TEXT NOT NULL,
  shape TEXT NOT NULL,
  bytes INTEGER NOT NULL
);
CREATE TABLE array_pieces (
  array_id INTEGER NOT NULL REFERENCES arrays (id) ON DELETE CASCADE,
  piece INTEGER NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (array_id, piece)
);
CREATE TABLE experiments (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created TEXT NOT NULL,
  experiment TEXT NOT NULL,
  described TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  data_sha256 TEXT NOT NULL,
  provenance TEXT NOT NULL
);
CREATE TABLE direction_sets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created TEXT NOT NULL,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id),
  normalize TEXT NOT NULL,
  gram TEXT NOT NULL,
  center_array INTEGER REFERENCES arrays (id),
  provenance TEXT NOT NULL
);
CREATE TABLE directions (
  set_id INTEGER NOT NULL REFERENCES direction_sets (id) ON DELETE CASCADE,
  axis INTEGER NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  eigenvalue REAL,
  residual REAL,
  curvature REAL,
  defect REAL,
  norm REAL,
  sha256 TEXT NOT NULL,
  array_id INTEGER NOT NULL REFERENCES arrays (id),
  PRIMARY KEY (set_id, axis)
);
CREATE TABLE spectra (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created TEXT NOT NULL,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id),
  result TEXT NOT NULL,
  provenance TEXT NOT NULL
);
CREATE TABLE eigenvectors (
  spectrum_id INTEGER NOT NULL REFERENCES spectra (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  array_id INTEGER NOT NULL REFERENCES arrays (id),
  PRIMARY KEY (spectrum_id, position)
);
CREATE TABLE landscapes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created TEXT NOT NULL,
  name TEXT NOT NULL,
  experiment_id INTEGER REFERENCES experiments (id),
  direction_set_id INTEGER REFERENCES direction_sets (id),
  quantities TEXT NOT NULL,
  tile_points INTEGER NOT NULL,
  request TEXT NOT NULL,
  plan TEXT NOT NULL,
  provenance TEXT NOT NULL
);
CREATE TABLE landscape_axes (
  landscape_id INTEGER NOT NULL REFERENCES landscapes (id) ON DELETE CASCADE,
  axis INTEGER NOT NULL,
  label TEXT NOT NULL,
  unit TEXT NOT NULL,
  coordinates BLOB NOT NULL,
  PRIMARY KEY (landscape_id, axis)
);
CREATE TABLE tiles (
  landscape_id INTEGER NOT NULL REFERENCES landscapes (id) ON DELETE CASCADE,
  tile INTEGER NOT NULL,
  quantity TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (landscape_id, tile, quantity)
);
CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created TEXT NOT NULL,
  experiment_id INTEGER NOT NULL REFERENCES experiments (id),
  name TEXT NOT NULL,
  optimizer TEXT NOT NULL,
  settings TEXT NOT NULL,
  facts TEXT NOT NULL,
  status TEXT NOT NULL,
  checkpoint_step INTEGER,
  checkpoint_array INTEGER REFERENCES arrays (id),
  provenance TEXT NOT NULL
);
CREATE TABLE metrics (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL,
  loss REAL,
  accuracy REAL,
  gradient_norm REAL,
  step_norm REAL,
  rate REAL,
  probes TEXT NOT NULL,
  PRIMARY KEY (run_id, step)
) WITHOUT ROWID;
CREATE TABLE snapshots (
  run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL,
  loss REAL,
  accuracy REAL,
  parameters_array INTEGER NOT NULL REFERENCES arrays (id),
  buffers_array INTEGER REFERENCES arrays (id),
  PRIMARY KEY (run_id, step)
);
CREATE TABLE analyses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  created TEXT NOT NULL,
  landscape_id INTEGER NOT NULL REFERENCES landscapes (id) ON DELETE CASCADE,
  quantity TEXT NOT NULL,
  connectivity TEXT NOT NULL,
  result TEXT NOT NULL,
  provenance TEXT NOT NULL
);
CREATE TABLE view_states (
  name TEXT PRIMARY KEY,
  state TEXT NOT NULL
) WITHOUT ROWID;
)sql";

constexpr const char* kMigrations[] = {kFirst};

std::int64_t pragma(Database& database, const char* name) {
  Statement statement(database, std::string("PRAGMA ") + name);
  return statement.next() ? statement.integer(0) : 0;
}

void setPragma(Database& database, const char* name, std::int64_t value) {
  database.execute(std::string("PRAGMA ") + name + " = " + std::to_string(value));
}

/// type, name, table, SQL
using Object = std::tuple<std::string, std::string, std::string, std::string>;

std::set<Object> objects(Database& database) {
  Statement statement(database,
                      "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema");
  std::set<Object> found;
  while (statement.next()) {
    found.emplace(statement.text(0), statement.text(1), statement.text(2), statement.text(3));
  }
  return found;
}

void migrate(Database& database, std::span<const char* const> migrations, std::size_t from) {
  for (std::size_t version = from; version < migrations.size(); ++version) {
    database.execute(migrations[version]);
  }
  setPragma(database, "user_version", static_cast<std::int64_t>(migrations.size()));
}

/// The tables must be the ones that the migrations make, to the letter: there is no place for a
/// trigger, a view, a generated column or a check that would run somebody else's SQL.
void requireKnownObjects(Database& database, std::span<const char* const> migrations) {
  Database reference = Database::inMemory();
  migrate(reference, migrations, 0);
  const auto expected = objects(reference);
  const auto found = objects(database);
  for (const auto& object : found) {
    if (!expected.contains(object)) {
      throw Error(ErrorCode::badInput,
                  database.name() + " contains the " + std::get<0>(object) + " '" +
                      std::get<1>(object) + "', which is not how Tarn makes it.",
                  "Open only projects that Tarn wrote; keep your own tables in another file.");
    }
  }
  for (const auto& object : expected) {
    if (!found.contains(object)) {
      database.damaged("the " + std::get<0>(object) + " '" + std::get<1>(object) + "' is missing");
    }
  }
}

}  // namespace

std::span<const char* const> schemaMigrations() {
  return kMigrations;
}

void createSchema(Database& database, std::span<const char* const> migrations) {
  Transaction transaction(database, Transaction::Kind::write);
  setPragma(database, "application_id", kApplicationId);
  migrate(database, migrations, 0);
  transaction.commit();
}

void openSchema(Database& database, std::span<const char* const> migrations, bool mayWrite) {
  if (pragma(database, "application_id") != kApplicationId) {
    throw Error(ErrorCode::badInput,
                database.name() + " is an SQLite database or an empty file, but not a project.",
                "Projects are files that Tarn wrote, usually named NAME.tarn.");
  }
  const std::int64_t version = pragma(database, "user_version");
  const auto newest = static_cast<std::int64_t>(migrations.size());
  if (version > newest) {
    throw Error(ErrorCode::unsupported,
                database.name() + " was made by a newer Tarn (format " + std::to_string(version) +
                    "; this one reads up to " + std::to_string(newest) + ").",
                "Open it with the newer Tarn.");
  }
  if (version < 1) {
    database.damaged("its format version is " + std::to_string(version));
  }
  requireKnownObjects(database, migrations.first(static_cast<std::size_t>(version)));
  if (version == newest) {
    return;
  }
  if (!mayWrite) {
    throw Error(ErrorCode::unsupported,
                database.name() + " was made by an older Tarn (format " + std::to_string(version) +
                    ") and has to be brought up to date before it can be read.",
                "Open it once where it may be written.");
  }
  Transaction transaction(database, Transaction::Kind::write);
  migrate(database, migrations, static_cast<std::size_t>(version));
  transaction.commit();
}

}  // namespace tarn::db
