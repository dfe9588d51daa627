#include "app/experiment_options.h"

#include <iostream>

#include <unistd.h>

#include "engine/client/trust.h"

namespace tarn::app {

void addExperimentOptions(CLI::App& command, ExperimentOptions& options) {
  ExperimentText& text = options.text;
  options.command = &command;
  command.add_option("--model", text.model,
                     "TorchScript file, or a built-in: mlp:64-32-10, convnet:…  [@init:SEED]");
  command.add_option("--data", text.data, "npz file with arrays `inputs` and `targets`");
  command.add_option("--loss", text.loss, "loss function")
      ->check(CLI::IsMember({"cross-entropy", "mse"}))
      ->capture_default_str();
  command.add_option("--subset", text.subset, "N: the first N samples; N@SEED: a random N");
  command.add_option("--transform", text.transform,
                     "layout=nhwc,scale=1/255,mean=a;b;c,std=a;b;c: (x·scale − mean)/std");
  command.add_option("--bn", text.batchnorm, "what BatchNorm's statistics do at other points")
      ->check(CLI::IsMember({"frozen"}))
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
