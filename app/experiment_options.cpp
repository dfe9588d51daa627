#include "app/experiment_options.h"

#include <iostream>

#include <unistd.h>

#include "engine/client/trust.h"
#include "topology/base/error.h"

namespace tarn::app {

void addExperimentOptions(CLI::App& command, ExperimentOptions& options) {
  ExperimentText& text = options.text;
  options.command = &command;
  command.add_option("--model", text.model,
                     "TorchScript file, or a built-in with [@init:SEED | @FILE.safetensors]: "
                     "mlp:64-32-10, convnet:…, resnet20|32|56, deep-linear:…, "
                     "char-transformer:…, pinn-convection");
  command.add_option(
      "--data", text.data,
      "npz or safetensors with `inputs` (or `inputs.0`, `inputs.1`, …) and `targets`; "
      "csv; CIFAR's .bin; npy or IDX files 'inputs;targets'; "
      "pinn-convection[:x=64,t=32] makes that network's points");
  command
      .add_option(
          "--loss", text.loss,
          "cross-entropy[:smoothing=S], mse, bce-logits, l1, huber[:delta=D], nll, or model: "
          "forward(inputs…, targets) returns it; each with decay=W for W/2·‖θ‖²")
      ->capture_default_str();
  command.add_option("--parameters", text.parameters,
                     "which parameters vary, the others stay: names, prefixes, patterns with * and "
                     "?, !PATTERN for not: 'layer1,*.bias,!head'");
  command
      .add_option("--mode", text.mode,
                  "eval, or train: BatchNorm normalizes by batches of 1000 consecutive samples")
      ->check(CLI::IsMember({"eval", "train"}))
      ->capture_default_str();
  command.add_option("--subset", text.subset, "N: the first N samples; N@SEED: a random N");
  command.add_option("--transform", text.transform,
                     "layout=nhwc,scale=1/255,mean=a;b;c,std=a;b;c: (x·scale − mean)/std");
  command
      .add_option("--bn", text.batchnorm,
                  "BatchNorm's statistics at other points of a landscape: frozen, recalibrate (of "
                  "the data, at each point) or interpolate (between checkpoints)")
      ->check(CLI::IsMember({"frozen", "recalibrate", "interpolate"}))
      ->capture_default_str();
}

nlohmann::json experimentOf(const ExperimentOptions& options, const GlobalOptions& global) {
  return experimentOf(options.text, global);
}

nlohmann::json experimentOf(ExperimentText text, const GlobalOptions& global) {
  text.device = global.device;
  text.threads = global.threads;
  text.seed = global.seed;
  text.memoryMib = global.memoryMib;
  return experimentFromText(text);
}

SnapshotInfo lastSnapshot(const Project& project, std::int64_t run) {
  const auto snapshots = project.snapshots(run);
  if (snapshots.empty()) {
    throw Error(ErrorCode::notFound, "Run " + std::to_string(run) + " of " +
                                         project.path().string() + " has no snapshot.");
  }
  return snapshots.back();
}

std::unique_ptr<EngineClient> startEngine(const Invocation& invocation) {
  EngineCommand command;
  if (invocation.global.memoryMib > 0) {
    command.memoryMiB = static_cast<std::uint64_t>(invocation.global.memoryMib);
  }
  return EngineClient::start(command, invocation.stop);
}

TrustQuestion trustQuestion(const GlobalOptions& global) {
  return [trust = global.trust](const std::string& path, const std::string& sha256) {
    TrustStore store;
    if (trust || store.answer(sha256).value_or(false)) {
      return true;
    }
    if (isatty(STDIN_FILENO) == 0) {
      return false;
    }
    std::cerr << path << " (SHA-256 " << sha256.substr(0, 16) << "…) is a TorchScript file: it can "
              << "run code on this machine.\nRun it, now and later? [y/N] " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "Y" && answer != "yes") {
      return false;
    }
    store.remember(sha256, true, path);
    return true;
  };
}

}  // namespace tarn::app
