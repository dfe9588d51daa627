// What is exported of training runs.
#include <algorithm>
#include <cmath>
#include <utility>

#include "app/export_cells.h"
#include "app/exportable.h"
#include "engine/project/describe.h"
#include "engine/tasks/projection.h"
#include "engine/tasks/run_comparison.h"
#include "engine/tasks/smad_probe.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

using nlohmann::json;
using Arrays = std::map<std::string, NdArray>;

/// The chosen runs, and where their snapshots stand on a plane.
struct ExportedRuns {
  std::shared_ptr<Project> project;
  std::vector<StoredRun> runs;
  std::optional<StoredDirections> plane;
  std::map<std::int64_t, ProjectedRun> projected;  ///< those in the plane's space

  std::vector<std::string> axisNames() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; plane && i < plane->axes.size(); ++i) {
      names.push_back("axis." + std::to_string(i));
    }
    return names;
  }
  const ProjectedRun* of(std::int64_t run) const {
    const auto found = projected.find(run);
    return found == projected.end() ? nullptr : &found->second;
  }
};

ExportedRuns openExported(const RunChoice& choice, const std::stop_token& stop) {
  ExportedRuns result{choice.project, choice.runs, {}, {}};
  if (choice.directions) {
    result.plane = choice.project->directions(*choice.directions);
  } else if (auto found = landscapePlane(*choice.project, choice.runs.front(), choice.landscape)) {
    result.plane = std::move(found->directions);
  }
  if (!result.plane) {
    return result;
  }
  const StoredExperiment home = choice.project->experiment(result.plane->experiment);
  for (const StoredRun& run : choice.runs) {
    if (sameSpace(home, choice.project->experiment(run.experiment))) {
      result.projected[run.id] = projectRun(*choice.project, run.id, *result.plane, stop);
    }
  }
  return result;
}

json planeDocument(const StoredDirections& plane) {
  json axes = json::array();
  for (const StoredDirection& axis : plane.axes) {
    axes.push_back(
        {{"name", axis.name}, {"eigenvalue", axis.eigenvalue ? json(*axis.eigenvalue) : json()}});
  }
  return {{"directions", plane.id}, {"axes", axes}};
}

json runsDocument(const ExportedRuns& all) {
  json list = json::array();
  for (const StoredRun& run : all.runs) {
    json document = describe(*all.project, ResultKind::run, run.id);
    if (const ProjectedRun* projected = all.of(run.id)) {
      document["explained_variance"] = projected->explainedVariance;
      json& snapshots = document.at("snapshots");
      for (std::size_t i = 0; i < projected->snapshots.size(); ++i) {
        snapshots.at(i)["coordinates"] = projected->snapshots[i].coordinates;
        snapshots.at(i)["off_plane"] = projected->snapshots[i].offPlane;
      }
    }
    list.push_back(std::move(document));
  }
  return {{"runs", list}, {"plane", all.plane ? planeDocument(*all.plane) : json()}};
}

using Names = std::vector<std::string>;

/// The further numbers that any of these rows has: of samples held out, and of SMAD.
Names probesOf(const std::vector<StoredMetric>& metrics) {
  Names names;
  for (const Names& together :
       {Names{kValidationLoss, kValidationAccuracy}, Names{kSmad, kSmadNormalized, kSmadMinima}}) {
    if (std::ranges::any_of(metrics, [&](const StoredMetric& row) {
          return probeOf(row, together.front()).has_value();
        })) {
      names = joined(names, together);
    }
  }
  return names;
}

void addMetrics(Arrays& arrays, const std::string& prefix,
                const std::vector<StoredMetric>& metrics) {
  std::vector<std::int64_t> steps;
  std::map<std::string, std::vector<double>> columns;
  const Names probes = probesOf(metrics);
  for (const StoredMetric& row : metrics) {
    const auto add = [&](const std::string& name, const std::optional<double>& value) {
      columns[name].push_back(value.value_or(std::nan("")));
    };
    steps.push_back(row.step);
    add("epoch", row.epoch);
    add("loss", row.loss);
    add("accuracy", row.accuracy);
    add("gradient_norm", row.gradientNorm);
    add("step_norm", row.stepNorm);
    add("rate", row.rate);
    for (const std::string& name : probes) {
      add(name, probeOf(row, name));
    }
  }
  arrays[prefix + "step"] = integers(steps);
  for (const auto& [name, column] : columns) {
    arrays[prefix + name] = doubles(column);
  }
}

void addSnapshots(Arrays& arrays, const std::string& prefix, const ExportedRuns& all,
                  std::int64_t run) {
  std::vector<std::int64_t> steps;
  std::vector<double> losses;
  for (const SnapshotInfo& snapshot : all.project->snapshots(run)) {
    steps.push_back(snapshot.step);
    losses.push_back(snapshot.loss);
    arrays[prefix + "snapshot." + std::to_string(snapshot.step)] =
        all.project->snapshot(run, snapshot.step).parameters;
  }
  arrays[prefix + "snapshot_step"] = integers(steps);
  arrays[prefix + "snapshot_loss"] = doubles(losses);
  if (const ProjectedRun* projected = all.of(run)) {
    std::vector<double> coordinates;
    std::vector<double> offPlane;
    for (const ProjectedSnapshot& snapshot : projected->snapshots) {
      coordinates.insert(coordinates.end(), snapshot.coordinates.begin(),
                         snapshot.coordinates.end());
      offPlane.push_back(snapshot.offPlane);
    }
    arrays[prefix + "snapshot_coordinates"] =
        NdArray::fromDoubles({offPlane.size(), all.plane->axes.size()}, coordinates);
    arrays[prefix + "snapshot_off_plane"] = doubles(offPlane);
  }
}

Arrays runsArrays(const ExportedRuns& all) {
  Arrays arrays;
  for (const StoredRun& run : all.runs) {
    const std::string prefix = "run." + std::to_string(run.id) + ".";
    addMetrics(arrays, prefix, all.project->metrics(run.id));
    addSnapshots(arrays, prefix, all, run.id);
  }
  return arrays;
}

void metricsTable(const ExportedRuns& all, const RowSink& add) {
  std::vector<StoredMetric> rows;
  for (const StoredRun& run : all.runs) {
    const std::vector<StoredMetric> more = all.project->metrics(run.id);
    rows.insert(rows.end(), more.begin(), more.end());
  }
  const Names probes = probesOf(rows);
  add(joined(
      {"run", "name", "step", "epoch", "loss", "accuracy", "gradient_norm", "step_norm", "rate"},
      probes));
  for (const StoredRun& run : all.runs) {
    for (const StoredMetric& row : all.project->metrics(run.id)) {
      Names cells{text(run.id),           run.name,           text(row.step),
                  text(row.epoch),        text(row.loss),     text(row.accuracy),
                  text(row.gradientNorm), text(row.stepNorm), text(row.rate)};
      for (const std::string& name : probes) {
        cells.push_back(text(probeOf(row, name)));
      }
      add(cells);
    }
  }
}

void snapshotsTable(const ExportedRuns& all, const RowSink& add) {
  std::vector<std::string> heading{"run", "name", "step", "epoch", "loss", "accuracy"};
  heading = joined(heading, all.axisNames());
  if (all.plane) {
    heading.emplace_back("off_plane");
  }
  add(heading);
  for (const StoredRun& run : all.runs) {
    const auto snapshots = all.project->snapshots(run.id);
    const ProjectedRun* projected = all.of(run.id);
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
      const SnapshotInfo& one = snapshots[i];
      std::vector<std::string> cells{text(run.id),    run.name,       text(one.step),
                                     text(one.epoch), text(one.loss), text(one.accuracy)};
      if (projected != nullptr) {
        for (const double coordinate : projected->snapshots.at(i).coordinates) {
          cells.push_back(text(coordinate));
        }
        cells.push_back(text(projected->snapshots.at(i).offPlane));
      }
      cells.resize(heading.size());
      add(cells);
    }
  }
}

}  // namespace

Exportable exportRuns(const RunChoice& choice, const std::string& part,
                      const std::stop_token& stop) {
  if (!part.empty() && part != "metrics" && part != "snapshots") {
    throw Error(ErrorCode::usage, "Runs have no part '" + part + "'.",
                "They have metrics and snapshots.");
  }
  const auto all = std::make_shared<const ExportedRuns>(openExported(choice, stop));
  return {[=] { return runsDocument(*all); },
          [=] { return runsArrays(*all); },
          {},
          [=](const RowSink& add) {
            part == "snapshots" ? snapshotsTable(*all, add) : metricsTable(*all, add);
          }};
}

}  // namespace tarn::app
