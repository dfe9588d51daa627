#include "app/compare_runs.h"

#include <algorithm>
#include <cmath>
#include <format>
#include <iostream>

#include "app/run_choice.h"
#include "app/text_table.h"
#include "app/wording.h"
#include "engine/tasks/optimizer_text.h"
#include "engine/tasks/projection.h"
#include "engine/tasks/run_comparison.h"
#include "topology/base/text.h"

namespace tarn::app {
namespace {

using nlohmann::json;

json orNull(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? json(*value) : json();
}

json documentOf(const ComparedRun& one) {
  json document{{"id", one.run.id},
                {"name", one.run.name},
                {"optimizer", one.run.optimizer},
                {"settings", one.run.settings},
                {"status", one.run.status},
                {"diverged_at", one.divergedAt ? json(*one.divergedAt) : json()},
                {"snapshots", one.snapshots},
                {"steps", one.steps},
                {"seconds", orNull(one.seconds)},
                {"final_loss", orNull(one.finalLoss)},
                {"best_loss", orNull(one.bestLoss)},
                {"best_step", std::isfinite(one.bestLoss) ? json(one.bestStep) : json()},
                {"accuracy", orNull(one.accuracy)},
                {"validation_loss", orNull(one.validationLoss)},
                {"best_validation_loss", orNull(one.bestValidationLoss)},
                {"validation_accuracy", orNull(one.validationAccuracy)},
                {"smad", orNull(one.smad)},
                {"distance", orNull(one.distance)},
                {"plane", nullptr}};
  if (one.plane) {
    document["plane"] = {{"explained_variance", orNull(one.plane->explainedVariance)},
                         {"off_plane", orNull(one.plane->offPlane)},
                         {"loss_on_plane", orNull(one.plane->lossOnPlane)},
                         {"loss", orNull(one.finalLoss)}};
  }
  return document;
}

/// What the runs were not given alike, so that they are no fair comparison.
std::vector<std::string> differencesOf(const RunChoice& choice) {
  std::vector<std::string> all;
  const StoredRun& first = choice.runs.front();
  const auto differ = [&](const auto& valueOf) {
    return std::ranges::any_of(
        choice.runs, [&](const StoredRun& run) { return valueOf(run) != valueOf(first); });
  };
  const auto experimentOf = [&](const StoredRun& run) {
    return choice.project->experiment(run.experiment);
  };
  if (differ([&](const StoredRun& run) { return experimentOf(run).dataHash; })) {
    all.emplace_back("data");
  }
  if (differ([&](const StoredRun& run) {
        return experimentOf(run).experiment.value("loss", json());
      })) {
    all.emplace_back("loss");
  }
  for (const auto& [key, words] :
       {std::pair{"epochs", "epochs"}, std::pair{"batch_size", "batch size"},
        std::pair{"order_seed", "order of the batches"}, std::pair{"validation", "validation"}}) {
    if (differ(
            [&, name = key](const StoredRun& run) { return run.settings.value(name, json()); })) {
      all.emplace_back(words);
    }
  }
  return all;
}

std::string cellOf(const std::optional<double>& value, const char* otherwise = "–") {
  return value && std::isfinite(*value) ? std::format("{:.4g}", *value) : otherwise;
}

std::string statusOf(const ComparedRun& one) {
  return one.divergedAt ? std::format("diverged at {}", *one.divergedAt) : one.run.status;
}

void printRunTable(const RunComparison& comparison) {
  const bool validated = std::ranges::any_of(
      comparison.runs, [](const ComparedRun& one) { return one.validationLoss.has_value(); });
  const bool measured = std::ranges::any_of(
      comparison.runs, [](const ComparedRun& one) { return one.smad.has_value(); });
  TextTable table({"run", "optimizer", "status", "steps", "time"});
  table.addColumns({"loss", "best", "accuracy"});
  if (validated) {
    table.addColumns({"val. loss", "val. best", "val. accuracy"});
  }
  if (measured) {
    table.addColumns({"SMAD"});
  }
  table.addColumns({"distance"});
  for (const ComparedRun& one : comparison.runs) {
    std::vector<std::string> row{
        std::to_string(one.run.id),
        optimizerText(one.run.optimizer),
        statusOf(one),
        std::to_string(one.steps),
        one.seconds ? std::format("{:.1f} s", *one.seconds) : std::string("–"),
        cellOf(one.finalLoss),
        cellOf(one.bestLoss),
        cellOf(one.accuracy)};
    if (validated) {
      row.insert(row.end(), {cellOf(one.validationLoss), cellOf(one.bestValidationLoss),
                             cellOf(one.validationAccuracy)});
    }
    if (measured) {
      row.push_back(cellOf(one.smad));
    }
    row.push_back(cellOf(one.distance));
    table.addRow(std::move(row));
  }
  std::cout << table.text();
}

void printPlane(const RunComparison& comparison) {
  std::cout << std::format("\nOn the plane of landscape {}\n", *comparison.landscape);
  TextTable table({"run", "optimizer"});
  table.addColumns({"of its motion", "off the plane", "loss there", "loss"});
  for (const ComparedRun& one : comparison.runs) {
    if (one.plane) {
      table.addRow({std::to_string(one.run.id), optimizerText(one.run.optimizer),
                    std::isfinite(one.plane->explainedVariance)
                        ? percentText(one.plane->explainedVariance)
                        : std::string("did not move"),
                    cellOf(one.plane->offPlane), cellOf(one.plane->lossOnPlane, "outside"),
                    cellOf(one.finalLoss)});
    }
  }
  std::cout << table.text();
}

void printDistances(const RunComparison& comparison) {
  std::cout << "\nDistances between the ends\n";
  TextTable table({"run"});
  for (const ComparedRun& one : comparison.runs) {
    table.addColumns({std::to_string(one.run.id)});
  }
  for (std::size_t i = 0; i < comparison.runs.size(); ++i) {
    std::vector<std::string> row{std::to_string(comparison.runs[i].run.id)};
    for (const double distance : comparison.endDistances[i]) {
      row.push_back(cellOf(distance));
    }
    table.addRow(std::move(row));
  }
  std::cout << table.text();
}

}  // namespace

int compareRunsOf(const std::string& address, const std::vector<std::int64_t>& ids,
                  const Invocation& invocation) {
  const RunChoice choice = openRuns(address, ids);
  std::vector<std::int64_t> runs;
  for (const StoredRun& run : choice.runs) {
    runs.push_back(run.id);
  }
  const RunComparison comparison =
      compareRuns(*choice.project, runs, choice.landscape, invocation.stop);
  std::vector<std::string> warnings;
  if (const auto differences = differencesOf(choice); !differences.empty()) {
    warnings.push_back("The runs were not given the same " + tarn::joined(differences) +
                       ": what is compared is not the optimizers alone.");
  }
  std::ranges::for_each(warnings, warn);
  if (invocation.global.json) {
    json list = json::array();
    for (const ComparedRun& one : comparison.runs) {
      list.push_back(documentOf(one));
    }
    printJson({{"project", choice.project->path().string()},
               {"landscape", comparison.landscape ? json(*comparison.landscape) : json()},
               {"runs", list},
               {"end_distances", comparison.endDistances},
               {"warnings", warnings}});
    return 0;
  }
  printRunTable(comparison);
  if (comparison.landscape) {
    printPlane(comparison);
  }
  if (comparison.runs.size() > 1) {
    printDistances(comparison);
  }
  return 0;
}

}  // namespace tarn::app
