#include "app/export_cells.h"
#include "app/exportable.h"
#include "engine/project/describe.h"

namespace tarn::app {
namespace {

using nlohmann::json;
using Arrays = std::map<std::string, NdArray>;

json runsDocument(const Project& project, const std::vector<std::int64_t>& runs) {
  json list = json::array();
  for (const std::int64_t run : runs) {
    list.push_back(describe(project, ResultKind::run, run));
  }
  return {{"runs", list}};
}

void addRunArrays(Arrays& arrays, const Project& project, std::int64_t run) {
  const std::string prefix = "run." + std::to_string(run) + ".";
  std::vector<std::int64_t> steps;
  std::map<std::string, std::vector<double>> columns;
  for (const StoredMetric& row : project.metrics(run)) {
    const auto add = [&](const char* name, const std::optional<double>& value) {
      columns[name].push_back(value.value_or(std::nan("")));
    };
    steps.push_back(row.step);
    add("epoch", row.epoch);
    add("loss", row.loss);
    add("accuracy", row.accuracy);
    add("gradient_norm", row.gradientNorm);
    add("step_norm", row.stepNorm);
    add("rate", row.rate);
  }
  arrays[prefix + "step"] = integers(steps);
  for (const auto& [name, column] : columns) {
    arrays[prefix + name] = doubles(column);
  }
  std::vector<std::int64_t> snapshotSteps;
  for (const SnapshotInfo& snapshot : project.snapshots(run)) {
    snapshotSteps.push_back(snapshot.step);
    arrays[prefix + "snapshot." + std::to_string(snapshot.step)] =
        project.snapshot(run, snapshot.step).parameters;
  }
  arrays[prefix + "snapshot_step"] = integers(snapshotSteps);
}

void runsTable(const Project& project, const std::vector<std::int64_t>& runs, const RowSink& add) {
  add({"run", "name", "step", "epoch", "loss", "accuracy", "gradient_norm", "step_norm", "rate"});
  for (const std::int64_t run : runs) {
    const std::string name = project.run(run).name;
    for (const StoredMetric& row : project.metrics(run)) {
      add({text(run), name, text(row.step), text(row.epoch), text(row.loss), text(row.accuracy),
           text(row.gradientNorm), text(row.stepNorm), text(row.rate)});
    }
  }
}

}  // namespace

Exportable exportRuns(std::shared_ptr<const Project> project, std::vector<std::int64_t> runs) {
  return {[=] { return runsDocument(*project, runs); },
          [=] {
            Arrays arrays;
            for (const std::int64_t run : runs) {
              addRunArrays(arrays, *project, run);
            }
            return arrays;
          },
          {},
          [=](const RowSink& add) { runsTable(*project, runs, add); }};
}

}  // namespace tarn::app
