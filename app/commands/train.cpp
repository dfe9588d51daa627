#include <algorithm>
#include <cmath>
#include <format>
#include <iostream>
#include <optional>

#include "app/commands/command.h"
#include "app/experiment_options.h"
#include "app/optimizer_list.h"
#include "app/output_project.h"
#include "app/progress_printer.h"
#include "app/sweep_report.h"
#include "app/wording.h"
#include "engine/tasks/optimizer_list.h"
#include "engine/tasks/optimizer_text.h"
#include "engine/tasks/routing_text.h"
#include "engine/tasks/run_comparison.h"
#include "engine/tasks/smad_probe.h"
#include "engine/tasks/training_group.h"
#include "engine/tasks/training_task.h"
#include "engine/tasks/training_words.h"
#include "topology/base/error.h"

namespace tarn::app {
namespace {

struct TrainOptions {
  ExperimentOptions experiment;
  std::vector<std::string> optimizers;
  int epochs = 20;
  int batchSize = 64;
  std::string snapshots = "100";
  std::string schedule = "constant";
  double clip = 0;
  std::optional<double> weightDecay;
  std::string validation;
  std::string sweep;
  std::string smad;
  int jobs = 0;
  bool resume = false;
  std::string out;
  bool list = false;
};

nlohmann::json settingsOf(const TrainOptions& options, const GlobalOptions& global,
                          const nlohmann::json& experiment) {
  nlohmann::json settings{{"epochs", options.epochs},
                          {"batch_size", options.batchSize},
                          {"order_seed", global.seed},
                          {"schedule", options.schedule},
                          {"snapshots", snapshotsFromText(options.snapshots)}};
  if (!options.validation.empty()) {
    settings["validation"] = validationFromText(options.validation, experiment);
  }
  if (options.clip > 0) {
    settings["clip"] = options.clip;
  }
  if (!options.smad.empty()) {
    settings[kSmadSettings] = toJson(smadFromText(options.smad));
  }
  return settings;
}

nlohmann::json summary(const Project& project, const StoredRun& run) {
  const auto snapshots = project.snapshots(run.id);
  const ComparedRun end = runFacts(project, run.id);
  nlohmann::json result{
      {"id", run.id},
      {"name", run.name},
      {"optimizer", run.optimizer},
      {"routing", run.facts.value("routing", nlohmann::json::array())},
      {"status", run.status},
      {"snapshots", snapshots.size()},
      {"diverged_at", end.divergedAt ? nlohmann::json(*end.divergedAt) : nlohmann::json()},
      {"last_good_step", nullptr},
      {"final_loss", nullptr},
      {"final_loss_step", nullptr},
      {"accuracy", nullptr},
      {"validation_loss", nullptr},
      {"validation_accuracy", nullptr},
      {"smad", end.smad ? nlohmann::json(*end.smad) : nlohmann::json()}};
  if (!snapshots.empty()) {
    result["last_good_step"] = snapshots.back().step;
  }
  if (std::isfinite(end.finalLoss)) {
    result["final_loss"] = end.finalLoss;
    result["final_loss_step"] = end.steps;
    result["accuracy"] = end.accuracy ? nlohmann::json(*end.accuracy) : nlohmann::json();
  }
  if (end.validationLoss) {
    result["validation_loss"] = *end.validationLoss;
  }
  if (end.validationAccuracy) {
    result["validation_accuracy"] = *end.validationAccuracy;
  }
  return result;
}

void printRuns(const nlohmann::json& runs) {
  for (const auto& run : runs) {
    if (run.at("id").is_null()) {
      std::cout << run.at("name").get<std::string>() << ": not begun\n";
      continue;
    }
    const bool heldOut = !run.at("validation_loss").is_null();
    std::cout << std::format(
        "run {} {}: {}, loss {}, accuracy {}{}{}, {}\n", run.at("id").dump(),
        run.at("name").get<std::string>(), run.at("status").get<std::string>(),
        numberText(run.at("final_loss")), numberText(run.at("accuracy")),
        heldOut
            ? std::format(", held out: loss {}, accuracy {}", numberText(run.at("validation_loss")),
                          numberText(run.at("validation_accuracy")))
            : std::string(),
        run.at("smad").is_null() ? std::string() : ", SMAD " + numberText(run.at("smad")),
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
                     : std::format("The last good snapshot is of step {}; the loss was {} when it "
                                   "was last measured, at step {}.",
                                   last.dump(), numberText(run.at("final_loss")),
                                   run.at("final_loss_step").dump()));
}

std::string nothingMoved(const nlohmann::json& run) {
  return std::format(
      "{} (run {}) had no tensor to move: AdamW moved all. The model has no matrix besides its "
      "first layer and its head; first_layer=on and head=on add these.",
      run.at("name").get<std::string>(), run.at("id").dump());
}

/// The optimizers with the weight decay that all of them are given.
std::vector<OptimizerSpec> optimizersOf(const TrainOptions& options) {
  std::vector<OptimizerSpec> specs;
  for (const std::string& text : options.optimizers) {
    specs.push_back(parseOptimizerSpec(text));
    if (options.weightDecay && !specs.back().options.contains("weight_decay")) {
      specs.back().options["weight_decay"] = *options.weightDecay;
    }
  }
  return specs;
}

std::vector<GroupMember> membersOf(const TrainOptions& options, const std::optional<Sweep>& sweep,
                                   const nlohmann::json& settings) {
  std::vector<GroupMember> members;
  const std::vector<OptimizerSpec> specs = optimizersOf(options);
  for (std::size_t i = 0; i < specs.size(); ++i) {
    if (!sweep) {
      members.push_back({{options.optimizers[i], specs[i], settings}, 0});
      continue;
    }
    for (const double value : sweep->values) {
      const OptimizerSpec spec = atValue(specs[i], *sweep, value);
      members.push_back({{optimizerText(toJson(spec)), spec, settings}, 0});
    }
  }
  return members;
}

/// The runs that --resume goes on with: the one that --out names, or all that can.
std::vector<GroupMember> resumable(const Project& project, const ResultAddress& address) {
  if (address.kind == ResultKind::run && address.id != 0) {
    return {GroupMember{{}, address.id}};
  }
  std::vector<GroupMember> members;
  for (const StoredRun& run : project.runs()) {
    if (canResume(run)) {
      members.push_back({{}, run.id});
    }
  }
  if (members.empty()) {
    throw Error(ErrorCode::usage, project.path().string() + " has no run to go on with.",
                "Runs that were stopped or interrupted can be; `tarn info` says which there are.");
  }
  return members;
}

TrainingGroup groupOf(const TrainOptions& options, const std::optional<Sweep>& sweep,
                      const ResultAddress& address, const Project& project,
                      const Invocation& invocation) {
  TrainingGroup group;
  group.startEngine = [&invocation](const std::stop_token&) { return startEngine(invocation); };
  if (options.resume) {
    group.members = resumable(project, address);
  } else {
    group.experiment = experimentOf(options.experiment, invocation.global);
    group.members =
        membersOf(options, sweep, settingsOf(options, invocation.global, group.experiment));
  }
  group.jobs =
      options.jobs > 0 ? static_cast<std::size_t>(options.jobs) : usualJobs(group.members.size());
  const std::size_t atOnce = std::min(group.jobs, group.members.size());
  if (atOnce > 1 && invocation.global.threads == 0) {
    for (GroupMember& member : group.members) {
      member.request.settings["threads"] = threadsEach(atOnce);
    }
  }
  return group;
}

nlohmann::json summaryOf(const Project& project, const GroupMember& member,
                         const GroupOutcome& outcome) {
  nlohmann::json result = outcome.run ? summary(project, *outcome.run)
                                      : nlohmann::json{{"id", nullptr},
                                                       {"name", member.request.name},
                                                       {"status", "failed"},
                                                       {"diverged_at", nullptr},
                                                       {"final_loss", nullptr}};
  result["error"] = outcome.error ? nlohmann::json(outcome.error->what()) : nlohmann::json();
  return result;
}

/// One for every optimizer, its runs in the order of the sweep's values.
std::vector<SweptOptimizer> swept(const TrainOptions& options, const Sweep& sweep,
                                  const nlohmann::json& runs) {
  std::vector<SweptOptimizer> all;
  for (std::size_t i = 0; i < options.optimizers.size(); ++i) {
    SweptOptimizer one{options.optimizers[i], {}};
    for (std::size_t k = 0; k < sweep.values.size(); ++k) {
      one.runs.push_back(runs.at(i * sweep.values.size() + k));
    }
    all.push_back(std::move(one));
  }
  return all;
}

void requireTask(const TrainOptions& options) {
  if (options.resume && !options.out.empty() && options.optimizers.empty()) {
    return;
  }
  if (options.resume) {
    throw Error(ErrorCode::usage,
                "--resume goes on with runs of --out as they were begun, and takes no --optimizer.",
                "Write tarn train --resume --out NAME.tarn, or --out NAME.tarn#run/ID.");
  }
  if (options.out.empty() || options.optimizers.empty()) {
    throw Error(
        ErrorCode::usage, "The command train needs --out and at least one --optimizer.",
        "Write for example --optimizer adamw:lr=1e-3 --optimizer sgd:lr=0.1 --out runs.tarn.");
  }
}

int train(const TrainOptions& options, const Invocation& invocation) {
  if (options.list) {
    const auto client = startEngine(invocation);
    const nlohmann::json list = knownOptimizers(*client, invocation.stop);
    if (invocation.global.json) {
      printJson(list);
    } else {
      std::cout << optimizerList(list);
    }
    return 0;
  }
  requireTask(options);
  const auto sweep =
      options.sweep.empty() ? std::nullopt : std::optional(sweepFromText(options.sweep));
  const ResultAddress address =
      options.resume ? parseAddress(options.out) : ResultAddress{options.out};
  ProgressPrinter progress(invocation.global.quiet);
  OutputProject project(address.path);
  const TrainingGroup group = groupOf(options, sweep, address, *project, invocation);
  const std::vector<GroupOutcome> outcomes =
      trainGroup(group, *project, trustQuestion(invocation.global), progress, invocation.stop);
  progress.finish();
  if (std::ranges::all_of(outcomes,
                          [](const GroupOutcome& one) { return one.error.has_value(); })) {
    throw *outcomes.front().error;
  }
  nlohmann::json runs = nlohmann::json::array();
  nlohmann::json warnings = nlohmann::json::array();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    runs.push_back(summaryOf(*project, group.members[i], outcomes[i]));
    if (outcomes[i].error) {
      warnings.push_back(runs.back().at("name").get<std::string>() +
                         " ended early: " + outcomes[i].error->what());
    } else if (diverged(runs.back())) {
      warnings.push_back(divergence(runs.back()));
    }
    if (outcomes[i].smadProblem) {
      warnings.push_back(runs.back().at("name").get<std::string>() + ": " +
                         *outcomes[i].smadProblem);
    }
    if (outcomes[i].run && movesNoMatrix(runs.back().at("routing"))) {
      warnings.push_back(nothingMoved(runs.back()));
    }
  }
  const nlohmann::json trained = runs;
  for (const GroupOutcome& outcome : outcomes) {
    if (const auto average = outcome.run ? averageOf(*project, outcome.run->id) : std::nullopt) {
      runs.push_back(summary(*project, project->run(*average)));
    }
  }
  nlohmann::json document{{"project", address.path.string()}, {"runs", runs}};
  if (sweep) {
    document["sweep"] = sweepResult(*sweep, swept(options, *sweep, trained));
    for (const std::string& warning : sweepWarnings(document["sweep"])) {
      warnings.push_back(warning);
    }
  }
  for (const auto& warning : warnings) {
    warn(warning.get<std::string>());
  }
  document["warnings"] = warnings;
  if (invocation.global.json) {
    printJson(document);
  } else {
    printRuns(runs);
    std::cout << (sweep ? sweepText(document["sweep"]) : std::string());
  }
  project.close();
  return std::ranges::all_of(trained, diverged) ? 1 : 0;
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
  command
      ->add_option("--snapshots", options->snapshots,
                   "points of a run that are kept: 100 (evenly), log:50, steps:10 (every ten) or "
                   "epochs:1; with ,losses=all the loss is measured at each of them, and else so "
                   "rarely that it costs little")
      ->capture_default_str();
  command
      ->add_option(
          "--schedule", options->schedule,
          "learning rate over the run: constant, cosine:final=0 or step:every=30,gamma=0.1 "
          "(epochs), each with warmup=STEPS")
      ->capture_default_str();
  command->add_option("--clip", options->clip, "largest norm of the gradient (0: no limit)")
      ->check(CLI::NonNegativeNumber);
  command
      ->add_option("--weight-decay", options->weightDecay,
                   "the weight_decay of every optimizer that is given none")
      ->check(CLI::NonNegativeNumber);
  command->add_option(
      "--validation", options->validation,
      "0.2[@SEED]: that part of the samples is held out; or a file of further ones");
  command->add_option(
      "--sweep", options->sweep,
      "every optimizer at several values of an option, evenly in its logarithm, and "
      "which is best: lr=1e-4:1e-1:7");
  command->add_option(
      "--smad", options->smad,
      "beside the training, the SMAD of the loss around every so many snapshots and the last: 10, "
      "or with the landscape's size 10,steps=11,range=1");
  command
      ->add_option("--jobs", options->jobs,
                   "runs at a time, each in an engine of its own (0: one a core)")
      ->check(CLI::Range(0, 1024));
  command->add_flag("--resume", options->resume,
                    "go on with the runs of --out that were stopped or interrupted, or with one: "
                    "--out NAME.tarn#run/ID");
  command->add_flag("--list-optimizers", options->list, "what there is, with options and defaults");
  command->add_option("--out", options->out, "project file");
  command->callback([=, &run] { run = [=](const Invocation& i) { return train(*options, i); }; });
}

}  // namespace tarn::app
