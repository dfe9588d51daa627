#include "engine/project/describe.h"

#include <cmath>

namespace tarn {

namespace {

using nlohmann::json;

json orNull(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}
json orNull(const std::optional<std::int64_t>& value) {
  return value ? json(*value) : json(nullptr);
}

template <typename Record>
json head(const Project& project, ResultKind kind, const Record& record) {
  return {{"id", record.id},
          {"address", formatAddress({project.path(), kind, record.id})},
          {"created", record.created},
          {"provenance", record.provenance}};
}

json factsOf(const Project& project, const StoredExperiment& experiment) {
  json map = head(project, ResultKind::experiment, experiment);
  map["experiment"] = experiment.experiment;
  map["described"] = experiment.described;
  map["model_sha256"] = experiment.modelHash;
  map["data_sha256"] = experiment.dataHash;
  return map;
}

json factsOf(const Project& project, const StoredDirections& set) {
  json map = head(project, ResultKind::directions, set);
  map["experiment"] = set.experiment;
  map["normalize"] = set.normalize;
  map["gram"] = set.gram;
  map["axes"] = json::array();
  for (const StoredDirection& axis : set.axes) {
    map["axes"].push_back({{"name", axis.name},
                           {"kind", axis.kind},
                           {"eigenvalue", orNull(axis.eigenvalue)},
                           {"residual", orNull(axis.residual)},
                           {"curvature", orNull(axis.curvature)},
                           {"defect", orNull(axis.defect)},
                           {"norm", axis.norm},
                           {"sha256", axis.hash}});
  }
  return map;
}

json factsOf(const Project& project, const StoredSpectrum& spectrum) {
  json map = head(project, ResultKind::spectrum, spectrum);
  map["experiment"] = spectrum.experiment;
  map["result"] = spectrum.result;
  return map;
}

json factsOf(const Project& project, const StoredLandscape& landscape) {
  json map = head(project, ResultKind::landscape, landscape);
  map["name"] = landscape.name;
  map["experiment"] = orNull(landscape.experiment);
  map["directions"] = orNull(landscape.directions);
  map["shape"] = landscape.shape();
  map["quantities"] = landscape.quantities;
  map["status"] = toString(landscape.status());
  map["tiles"] = landscape.tiles;
  map["tiles_present"] = landscape.tilesPresent;
  map["tile_points"] = landscape.tilePoints;
  map["request"] = landscape.request;
  map["plan"] = landscape.plan;
  map["axes"] = json::array();
  for (const Axis& axis : landscape.axes) {
    map["axes"].push_back({{"label", axis.label},
                           {"unit", axis.unit},
                           {"points", axis.coordinates.size()},
                           {"from", axis.coordinates.front()},
                           {"to", axis.coordinates.back()}});
  }
  return map;
}

json factsOf(const Project& project, const StoredRun& run) {
  json map = head(project, ResultKind::run, run);
  map["experiment"] = run.experiment;
  map["name"] = run.name;
  map["optimizer"] = run.optimizer;
  map["settings"] = run.settings;
  map["facts"] = run.facts;
  map["status"] = run.status;
  const auto metrics = project.metrics(run.id);
  map["metrics"] = metrics.size();
  map["last_step"] = metrics.empty() ? json(nullptr) : json(metrics.back().step);
  // A snapshot's loss is over all samples, where it was measured; a metric's over the batches since
  // the one before.
  const auto snapshots = project.snapshots(run.id);
  const bool exact = !snapshots.empty() && std::isfinite(snapshots.back().loss);
  map["last_loss"] = exact             ? json(snapshots.back().loss)
                     : metrics.empty() ? json(nullptr)
                                       : json(metrics.back().loss);
  map["snapshots"] = snapshots.size();
  return map;
}

json factsOf(const Project& project, const StoredAnalysis& analysis) {
  json map = head(project, ResultKind::analysis, analysis);
  map["landscape"] = analysis.landscape;
  map["quantity"] = analysis.quantity;
  map["connectivity"] = analysis.connectivity;
  return map;
}

template <typename Record>
json listOf(const Project& project, const std::vector<Record>& records) {
  json list = json::array();
  for (const Record& record : records) {
    list.push_back(factsOf(project, record));
  }
  return list;
}

json metricsOf(const Project& project, std::int64_t run) {
  json rows = json::array();
  for (const StoredMetric& row : project.metrics(run)) {
    rows.push_back({{"step", row.step},
                    {"epoch", row.epoch},
                    {"loss", row.loss},
                    {"accuracy", orNull(row.accuracy)},
                    {"gradient_norm", orNull(row.gradientNorm)},
                    {"step_norm", orNull(row.stepNorm)},
                    {"rate", orNull(row.rate)},
                    {"probes", row.probes}});
  }
  return rows;
}

json snapshotsOf(const Project& project, std::int64_t run) {
  json rows = json::array();
  for (const SnapshotInfo& row : project.snapshots(run)) {
    rows.push_back({{"step", row.step},
                    {"epoch", row.epoch},
                    {"loss", row.loss},
                    {"accuracy", orNull(row.accuracy)}});
  }
  return rows;
}

}  // namespace

json describe(const Project& project) {
  return {{"kind", "project"},
          {"path", project.path().string()},
          {"experiments", listOf(project, project.experiments())},
          {"directions", listOf(project, project.directionSets())},
          {"spectra", listOf(project, project.spectra())},
          {"landscapes", listOf(project, project.landscapes())},
          {"runs", listOf(project, project.runs())},
          {"analyses", listOf(project, project.analyses())},
          {"view_states", project.viewStateNames()}};
}

json describe(const Project& project, ResultKind kind, std::int64_t id) {
  json map;
  switch (kind) {
    case ResultKind::experiment:
      map = factsOf(project, project.experiment(id));
      break;
    case ResultKind::directions:
      map = factsOf(project, project.directions(id));
      break;
    case ResultKind::spectrum:
      map = factsOf(project, project.spectrum(id));
      break;
    case ResultKind::landscape: {
      const StoredLandscape landscape = project.landscape(id);
      map = factsOf(project, landscape);
      for (std::size_t i = 0; i < landscape.axes.size(); ++i) {
        map["axes"][i]["coordinates"] = landscape.axes[i].coordinates;
      }
      break;
    }
    case ResultKind::run:
      map = factsOf(project, project.run(id));
      map["metrics"] = metricsOf(project, id);
      map["snapshots"] = snapshotsOf(project, id);
      break;
    case ResultKind::analysis: {
      const StoredAnalysis analysis = project.analysis(id);
      map = factsOf(project, analysis);
      map["result"] = analysis.result;
      break;
    }
  }
  map["kind"] = toString(kind);
  return map;
}

bool holdsNothing(const Project& project) {
  return project.experiments().empty() && project.directionSets().empty() &&
         project.spectra().empty() && project.landscapes().empty() && project.runs().empty() &&
         project.analyses().empty() && project.viewStateNames().empty();
}

std::optional<double> modelLossOf(const Project& project, const StoredLandscape& landscape) {
  if (!landscape.experiment) {
    return std::nullopt;
  }
  const auto described = project.experiment(*landscape.experiment).described;
  const auto loss = described.find("loss");
  return loss != described.end() && loss->is_number() ? std::optional(loss->get<double>())
                                                      : std::nullopt;
}

}  // namespace tarn
