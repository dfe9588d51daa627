// Analyses, view states, and the latest of a kind.
#include "engine/project/state.h"
#include "engine/project/text.h"

namespace tarn {

namespace {

using db::Database;
using db::Statement;

constexpr const char* kAnalysisColumns =
    "SELECT id, created, landscape_id, quantity, connectivity, result, provenance FROM analyses ";

StoredAnalysis analysisOf(const Statement& row) {
  StoredAnalysis analysis;
  analysis.id = row.integer(0);
  analysis.created = row.text(1);
  analysis.landscape = row.integer(2);
  analysis.quantity = row.text(3);
  analysis.connectivity = row.text(4);
  analysis.result = row.json(5);
  analysis.provenance = row.json(6);
  return analysis;
}

std::string tableOf(ResultKind kind) {
  switch (kind) {
    case ResultKind::experiment:
      return "experiments";
    case ResultKind::directions:
      return "direction_sets";
    case ResultKind::spectrum:
      return "spectra";
    case ResultKind::landscape:
      return "landscapes";
    case ResultKind::run:
      return "runs";
    case ResultKind::analysis:
      return "analyses";
  }
  return {};
}

}  // namespace

std::int64_t Project::addAnalysis(const StoredAnalysis& analysis) {
  return state_->write([&](Database& database) {
    Statement(database,
              "INSERT INTO analyses (created, landscape_id, quantity, connectivity, result, "
              "provenance) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(db::utcNow())
        .bind(analysis.landscape)
        .bind(analysis.quantity)
        .bind(analysis.connectivity)
        .bind(analysis.result)
        .bind(analysis.provenance)
        .run();
    return database.lastInsertId();
  });
}

StoredAnalysis Project::analysis(std::int64_t id) const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kAnalysisColumns) + "WHERE id = ?");
    if (!row.bind(id).next()) {
      noSuchResult(database, ResultKind::analysis, id);
    }
    return analysisOf(row);
  });
}

std::vector<StoredAnalysis> Project::analyses() const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kAnalysisColumns) + "ORDER BY id");
    std::vector<StoredAnalysis> all;
    while (row.next()) {
      all.push_back(analysisOf(row));
    }
    return all;
  });
}

void Project::setViewState(const std::string& name, const nlohmann::json& state) {
  state_->write([&](Database& database) {
    Statement(database, "INSERT OR REPLACE INTO view_states (name, state) VALUES (?, ?)")
        .bind(name)
        .bind(state)
        .run();
    return true;
  });
}

std::optional<nlohmann::json> Project::viewState(const std::string& name) const {
  return state_->read([&](Database& database) -> std::optional<nlohmann::json> {
    Statement row(database, "SELECT state FROM view_states WHERE name = ?");
    return row.bind(name).next() ? std::optional(row.json(0)) : std::nullopt;
  });
}

std::vector<std::string> Project::viewStateNames() const {
  return state_->read([&](Database& database) {
    Statement row(database, "SELECT name FROM view_states ORDER BY name");
    std::vector<std::string> names;
    while (row.next()) {
      names.push_back(row.text(0));
    }
    return names;
  });
}

std::int64_t Project::resolve(ResultKind kind, std::int64_t id) const {
  return state_->read([&](Database& database) {
    const std::string query = "SELECT max(id) FROM " + tableOf(kind);
    Statement row(database, id == 0 ? query : query + " WHERE id = ?");
    if (id != 0) {
      row.bind(id);
    }
    if (!row.next() || row.isNull(0)) {
      noSuchResult(database, kind, id);
    }
    return row.integer(0);
  });
}

}  // namespace tarn
