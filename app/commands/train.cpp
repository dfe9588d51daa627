#include <algorithm>
#include <cmath>
#include <format>
#include <iostream>

#include "app/commands/command.h"
#include "app/experiment_options.h"
#include "app/optimizer_list.h"
#include "app/output_project.h"
#include "app/progress_printer.h"
#include "app/wording.h"
#include "engine/tasks/events.h"
#include "engine/tasks/routing_text.h"
#include "engine/tasks/training_task.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

struct TrainOptions {
  ExperimentOptions experiment;
  std::vector<std::string> optimizers;
  int epochs = 20;
  int batchSize = 64;
  int snapshots = 100;
  std::string schedule = "constant";
  double clip = 0;
  std::string out;
  bool list = false;
};

nlohmann::json settingsOf(const TrainOptions& options, const GlobalOptions& global) {
  nlohmann::json settings{{"epochs", options.epochs},
                          {"batch_size", options.batchSize},
                          {"order_seed", global.seed},
                          {"schedule", {{"kind", options.schedule}}},
                          {"snapshots", {{"mode", "even"}, {"count", options.snapshots}}}};
  if (options.clip > 0) {
    settings["clip"] = options.clip;
  }
  return settings;
}

nlohmann::json listOptimizers(EngineClient& client, const std::stop_token& stop) {
  nlohmann::json list;
  EventSink sink;
  sink.event = [&](const nlohmann::json& event) {
    if (event.value("type", "") == "optimizers") {
      list = event.at("optimizers");
    }
  };
  client.call({{"type", "optimizers"}}, sink, stop);
  return list;
}

nlohmann::json summary(const Project& project, const StoredRun& run) {
  const auto snapshots = project.snapshots(run.id);
  nlohmann::json result{{"id", run.id},
                        {"name", run.name},
                        {"optimizer", run.optimizer},
                        {"routing", run.facts.value("routing", nlohmann::json::array())},
                        {"status", run.status},
                        {"snapshots", snapshots.size()},
                        {"diverged_at", run.facts.value("diverged_at", nlohmann::json())},
                        {"last_good_step", nullptr},
                        {"final_loss", nullptr},
                        {"accuracy", nullptr}};
  const auto good =
      std::find_if(snapshots.rbegin(), snapshots.rend(),
                   [](const SnapshotInfo& snapshot) { return std::isfinite(snapshot.loss); });
  if (good != snapshots.rend()) {
    result["last_good_step"] = good->step;
    result["final_loss"] = good->loss;
    result["accuracy"] = good->accuracy ? nlohmann::json(*good->accuracy) : nlohmann::json();
  }
  return result;
}

void printRuns(const nlohmann::json& runs) {
  for (const auto& run : runs) {
    std::cout << std::format(
        "run {} {}: {}, loss {}, accuracy {}, {}\n", run.at("id").dump(),
        run.at("name").get<std::string>(), run.at("status").get<std::string>(),
        numberText(run.at("final_loss")), numberText(run.at("accuracy")),
        counted(run.at("snapshots").get<std::size_t>(), "snapshot", "snapshots"));
  }
}

bool diverged(const nlohmann::json& run) {
  return !run.at("diverged_at").is_null();
}

std::string divergence(const nlohmann::json& run) {
  const auto& last = run.at("last_good_step");
  return std::format(
      "{} (run {}) diverged: the loss was no number at step {}. {} A smaller lr may help.",
      run.at("name").get<std::string>(), run.at("id").dump(), run.at("diverged_at").dump(),
      last.is_null() ? "There is no good snapshot."
                     : std::format("The last good snapshot is of step {}, loss {}.", last.dump(),
                                   numberText(run.at("final_loss"))));
}

std::string nothingMoved(const nlohmann::json& run) {
  return std::format(
      "{} (run {}) had no tensor to move: AdamW moved all. The model has no matrix besides its "
      "first layer and its head; first_layer=on and head=on add these.",
      run.at("name").get<std::string>(), run.at("id").dump());
}

int train(const TrainOptions& options, const Invocation& invocation) {
  if (options.list) {
    const auto client = startEngine(invocation);
    const nlohmann::json list = listOptimizers(*client, invocation.stop);
    if (invocation.global.json) {
      printJson(list);
    } else {
      std::cout << optimizerList(list);
    }
    return 0;
  }
  if (options.out.empty() || options.optimizers.empty()) {
    throw Error(
        ErrorCode::usage, "The command train needs --out and at least one --optimizer.",
        "Write for example --optimizer adamw:lr=1e-3 --optimizer sgd:lr=0.1 --out runs.tarn.");
  }
  const nlohmann::json experiment = experimentOf(options.experiment, invocation.global);
  std::vector<TrainingRequest> requests;
  for (const std::string& text : options.optimizers) {
    requests.push_back({text, parseOptimizerSpec(text), settingsOf(options, invocation.global)});
  }

  ProgressPrinter progress(invocation.global.quiet);
  OutputProject project(options.out);
  const auto client = startEngine(invocation);
  const OpenedExperiment opened =
      openExperiment(*client, project.get(), experiment, trustQuestion(invocation.global), progress,
                     invocation.stop);
  nlohmann::json runs = nlohmann::json::array();
  for (const TrainingRequest& request : requests) {
    const StoredRun run = trainRun(*client, *project, opened, request, progress, invocation.stop);
    runs.push_back(summary(*project, run));
    if (const auto average = averageOf(*project, run.id)) {
      runs.push_back(summary(*project, project->run(*average)));
    }
  }
  progress.finish();
  nlohmann::json warnings = nlohmann::json::array();
  for (const auto& run : runs) {
    if (diverged(run)) {
      warnings.push_back(divergence(run));
      warn(warnings.back().get<std::string>());
    }
    if (movesNoMatrix(run.at("routing"))) {
      warnings.push_back(nothingMoved(run));
      warn(warnings.back().get<std::string>());
    }
  }
  invocation.global.json
      ? printJson({{"project", options.out}, {"runs", runs}, {"warnings", warnings}})
      : printRuns(runs);
  project.close();
  return std::ranges::all_of(runs, diverged) ? 1 : 0;
}

}  // namespace

void addTrain(CLI::App& program, Run& run) {
  auto options = std::make_shared<TrainOptions>();
  CLI::App* command = program.add_subcommand(
      "train", "train with one or several optimizers; exit code 1 when all diverge");
  addExperimentOptions(*command, options->experiment);
  command
      ->add_option("--optimizer", options->optimizers,
                   "NAME:option=value,…+WRAPPER:option=value,…; repeat it to compare several")
      ->take_all();
  command->add_option("--epochs", options->epochs, "passes over the data")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
  command->add_option("--batch-size", options->batchSize, "samples a step")
      ->check(CLI::Range(1, 1 << 30))
      ->capture_default_str();
  command->add_option("--snapshots", options->snapshots, "how many points of a run are kept")
      ->check(CLI::Range(2, 1000000))
      ->capture_default_str();
  command->add_option("--schedule", options->schedule, "learning rate over the run")
      ->check(CLI::IsMember({"constant", "cosine"}))
      ->capture_default_str();
  command->add_option("--clip", options->clip, "largest norm of the gradient (0: no limit)")
      ->check(CLI::NonNegativeNumber);
  command->add_flag("--list-optimizers", options->list, "what there is, with options and defaults");
  command->add_option("--out", options->out, "project file");
  command->callback([=, &run] { run = [=](const Invocation& i) { return train(*options, i); }; });
}

}  // namespace tarn::app
