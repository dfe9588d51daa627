// Experiments, direction sets and spectra.
#include "engine/project/arrays.h"
#include "engine/project/state.h"
#include "engine/project/text.h"
#include "topology/base/error.h"

namespace tarn {

namespace {

using db::Database;
using db::Statement;

constexpr const char* kExperimentColumns =
    "SELECT id, created, experiment, described, model_sha256, data_sha256, provenance "
    "FROM experiments ";
constexpr const char* kSetColumns =
    "SELECT id, created, experiment_id, normalize, gram, center_array, provenance "
    "FROM direction_sets ";
constexpr const char* kSpectrumColumns =
    "SELECT id, created, experiment_id, result, provenance FROM spectra ";

enum class Arrays { leave, load };

StoredExperiment experimentOf(const Statement& row) {
  StoredExperiment experiment;
  experiment.id = row.integer(0);
  experiment.created = row.text(1);
  experiment.experiment = row.json(2);
  experiment.described = row.json(3);
  experiment.modelHash = row.text(4);
  experiment.dataHash = row.text(5);
  experiment.provenance = row.json(6);
  return experiment;
}

void saveDirection(Database& database, std::int64_t set, std::int64_t axis,
                   const StoredDirection& direction) {
  const std::int64_t array = db::saveArray(database, direction.values);
  Statement(database,
            "INSERT INTO directions (set_id, axis, name, kind, eigenvalue, residual, curvature, "
            "defect, norm, sha256, array_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
      .bind(set)
      .bind(axis)
      .bind(direction.name)
      .bind(direction.kind)
      .bind(direction.eigenvalue)
      .bind(direction.residual)
      .bind(direction.curvature)
      .bind(direction.defect)
      .bind(direction.norm)
      .bind(direction.hash)
      .bind(array)
      .run();
}

std::vector<StoredDirection> directionsOf(Database& database, std::int64_t set, Arrays arrays) {
  Statement row(database,
                "SELECT axis, name, kind, eigenvalue, residual, curvature, defect, norm, sha256, "
                "array_id FROM directions WHERE set_id = ? ORDER BY axis");
  row.bind(set);
  std::vector<StoredDirection> axes;
  while (row.next()) {
    if (row.integer(0) != static_cast<std::int64_t>(axes.size())) {
      database.damaged("direction set " + std::to_string(set) + " lacks an axis");
    }
    StoredDirection direction;
    direction.name = row.text(1);
    direction.kind = row.text(2);
    direction.eigenvalue = row.numberOrNone(3);
    direction.residual = row.numberOrNone(4);
    direction.curvature = row.numberOrNone(5);
    direction.defect = row.numberOrNone(6);
    direction.norm = row.number(7);
    direction.hash = row.text(8);
    if (arrays == Arrays::load) {
      direction.values = db::loadArray(database, row.integer(9));
    }
    axes.push_back(std::move(direction));
  }
  return axes;
}

StoredDirections setOf(Database& database, const Statement& row, Arrays arrays) {
  StoredDirections set;
  set.id = row.integer(0);
  set.created = row.text(1);
  set.experiment = row.integer(2);
  set.normalize = row.text(3);
  set.gram = row.json(4);
  if (const auto center = row.integerOrNone(5); center && arrays == Arrays::load) {
    set.center = db::loadArray(database, *center);
  }
  set.provenance = row.json(6);
  set.axes = directionsOf(database, set.id, arrays);
  return set;
}

StoredSpectrum spectrumOf(Database& database, const Statement& row, Arrays arrays) {
  StoredSpectrum spectrum;
  spectrum.id = row.integer(0);
  spectrum.created = row.text(1);
  spectrum.experiment = row.integer(2);
  spectrum.result = row.json(3);
  spectrum.provenance = row.json(4);
  if (arrays == Arrays::load) {
    Statement vectors(database,
                      "SELECT array_id FROM eigenvectors WHERE spectrum_id = ? ORDER BY position");
    vectors.bind(spectrum.id);
    while (vectors.next()) {
      spectrum.eigenvectors.push_back(db::loadArray(database, vectors.integer(0)));
    }
  }
  return spectrum;
}

}  // namespace

std::int64_t Project::addExperiment(const StoredExperiment& experiment) {
  return state_->write([&](Database& database) {
    Statement same(database,
                   "SELECT id FROM experiments WHERE experiment = ? AND model_sha256 = ? AND "
                   "data_sha256 = ? ORDER BY id LIMIT 1");
    same.bind(experiment.experiment).bind(experiment.modelHash).bind(experiment.dataHash);
    if (same.next()) {
      return same.integer(0);
    }
    Statement(database,
              "INSERT INTO experiments (created, experiment, described, model_sha256, data_sha256, "
              "provenance) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(db::utcNow())
        .bind(experiment.experiment)
        .bind(experiment.described)
        .bind(experiment.modelHash)
        .bind(experiment.dataHash)
        .bind(experiment.provenance)
        .run();
    return database.lastInsertId();
  });
}

StoredExperiment Project::experiment(std::int64_t id) const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kExperimentColumns) + "WHERE id = ?");
    if (!row.bind(id).next()) {
      noSuchResult(database, ResultKind::experiment, id);
    }
    return experimentOf(row);
  });
}

std::vector<StoredExperiment> Project::experiments() const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kExperimentColumns) + "ORDER BY id");
    std::vector<StoredExperiment> all;
    while (row.next()) {
      all.push_back(experimentOf(row));
    }
    return all;
  });
}

std::int64_t Project::addDirections(const StoredDirections& directions) {
  return state_->write([&](Database& database) {
    std::optional<std::int64_t> center;
    if (directions.center) {
      center = db::saveArray(database, *directions.center);
    }
    Statement(database,
              "INSERT INTO direction_sets (created, experiment_id, normalize, gram, center_array, "
              "provenance) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(db::utcNow())
        .bind(directions.experiment)
        .bind(directions.normalize)
        .bind(directions.gram)
        .bind(center)
        .bind(directions.provenance)
        .run();
    const std::int64_t id = database.lastInsertId();
    std::int64_t axis = 0;
    for (const StoredDirection& direction : directions.axes) {
      saveDirection(database, id, axis++, direction);
    }
    return id;
  });
}

void Project::setDirectionCurvatures(const StoredDirections& directions) {
  state_->write([&](Database& database) {
    std::int64_t axis = 0;
    for (const StoredDirection& direction : directions.axes) {
      Statement(database,
                "UPDATE directions SET curvature = ?, defect = ? WHERE set_id = ? AND axis = ?")
          .bind(direction.curvature)
          .bind(direction.defect)
          .bind(directions.id)
          .bind(axis++)
          .run();
    }
    return true;
  });
}

StoredDirections Project::directions(std::int64_t id) const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kSetColumns) + "WHERE id = ?");
    if (!row.bind(id).next()) {
      noSuchResult(database, ResultKind::directions, id);
    }
    return setOf(database, row, Arrays::load);
  });
}

std::vector<StoredDirections> Project::directionSets() const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kSetColumns) + "ORDER BY id");
    std::vector<StoredDirections> all;
    while (row.next()) {
      all.push_back(setOf(database, row, Arrays::leave));
    }
    return all;
  });
}

std::int64_t Project::addSpectrum(const StoredSpectrum& spectrum) {
  return state_->write([&](Database& database) {
    Statement(database,
              "INSERT INTO spectra (created, experiment_id, result, provenance) "
              "VALUES (?, ?, ?, ?)")
        .bind(db::utcNow())
        .bind(spectrum.experiment)
        .bind(spectrum.result)
        .bind(spectrum.provenance)
        .run();
    const std::int64_t id = database.lastInsertId();
    std::int64_t position = 0;
    for (const NdArray& vector : spectrum.eigenvectors) {
      const std::int64_t array = db::saveArray(database, vector);
      Statement(database,
                "INSERT INTO eigenvectors (spectrum_id, position, array_id) VALUES (?, ?, ?)")
          .bind(id)
          .bind(position++)
          .bind(array)
          .run();
    }
    return id;
  });
}

StoredSpectrum Project::spectrum(std::int64_t id) const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kSpectrumColumns) + "WHERE id = ?");
    if (!row.bind(id).next()) {
      noSuchResult(database, ResultKind::spectrum, id);
    }
    return spectrumOf(database, row, Arrays::load);
  });
}

std::vector<StoredSpectrum> Project::spectra() const {
  return state_->read([&](Database& database) {
    Statement row(database, std::string(kSpectrumColumns) + "ORDER BY id");
    std::vector<StoredSpectrum> all;
    while (row.next()) {
      all.push_back(spectrumOf(database, row, Arrays::leave));
    }
    return all;
  });
}

}  // namespace tarn
