#include "app/export_cells.h"
#include "app/export_weights.h"
#include "app/exportable.h"
#include "engine/project/describe.h"

namespace tarn::app {
namespace {

using nlohmann::json;
using Arrays = std::map<std::string, NdArray>;

/// A list of numbers in a spectrum's map, NaN where it says null.
std::vector<double> numbersAt(const json& result, const char* key) {
  std::vector<double> numbers;
  if (result.is_object() && result.contains(key) && result.at(key).is_array()) {
    for (const json& value : result.at(key)) {
      numbers.push_back(value.is_number() ? value.get<double>() : std::nan(""));
    }
  }
  return numbers;
}

Arrays spectrumArrays(const StoredSpectrum& spectrum) {
  Arrays arrays{{"eigenvalues", doubles(numbersAt(spectrum.result, "eigenvalues"))},
                {"residuals", doubles(numbersAt(spectrum.result, "residuals"))}};
  for (std::size_t i = 0; i < spectrum.eigenvectors.size(); ++i) {
    arrays["eigenvector." + std::to_string(i)] = spectrum.eigenvectors[i];
  }
  addWeightArrays(arrays, spectrum.result);
  return arrays;
}

void spectrumTable(const StoredSpectrum& spectrum, const RowSink& add) {
  if (hasOnlyWeights(spectrum.result)) {
    weightTable(spectrum.result, add);
    return;
  }
  const auto values = numbersAt(spectrum.result, "eigenvalues");
  auto residuals = numbersAt(spectrum.result, "residuals");
  residuals.resize(values.size(), std::nan(""));
  add({"index", "eigenvalue", "residual"});
  for (std::size_t i = 0; i < values.size(); ++i) {
    add({std::to_string(i + 1), text(values[i]), text(residuals[i])});
  }
}

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

Exportable exportSpectrum(const StoredSpectrum& spectrum, const json& facts) {
  return {[=] { return facts; }, [=] { return spectrumArrays(spectrum); },
          [=] { return doubles(numbersAt(spectrum.result, "eigenvalues")); },
          [=](const RowSink& add) { spectrumTable(spectrum, add); }};
}

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
