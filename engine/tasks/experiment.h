#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tarn {

/// An experiment in the words of the command line and of the Experiment dock.
struct ExperimentText {
  std::string model;  ///< a TorchScript file or a built-in, as in docs: mlp:64-32-10
  std::string data;   ///< a file or several with ';' between them, or pinn-convection;
                      ///< empty for what needs the model alone
  std::string loss = "cross-entropy";  ///< with its options: cross-entropy:smoothing=0.1
  /// Which parameters are θ: "" (all) or names, prefixes and patterns: "layer1,*.bias,!head".
  std::string parameters{};
  std::string mode = "eval";  ///< or "train": BatchNorm normalizes by the batch
  std::string subset{};       ///< "", "N" (the first N samples) or "N@SEED" (a random N)
  std::string transform{};    ///< "layout=nhwc,scale=1/255,mean=.5;.4,std=.2;.2" or empty
  std::string batchnorm = "frozen";
  std::string device = "cpu";
  int threads = 0;  ///< 0: every core
  std::uint64_t seed = 0;
  int memoryMib = 0;  ///< 0: no limit

  bool operator==(const ExperimentText&) const = default;
};

/// The experiment map of the protocol (engine/protocol/README.md), paths made absolute. The hash of
/// a model file is not in it yet: it is added when the user trusts the file.
/// Throws Error(usage) naming the part that can't be read and what it should look like.
nlohmann::json experimentFromText(const ExperimentText& text);

/// The part of it that is the model and how it is computed on: enough for what its weights tell.
/// Throws Error(usage) when no model is given.
nlohmann::json modelFromText(const ExperimentText& text);

/// The text that experimentFromText would turn into this map; for filling forms and for the
/// command that repeats a figure. Throws Error(badInput) for a map that is no experiment.
ExperimentText textFromExperiment(const nlohmann::json& experiment);

/// True when the model is a file, and so a program to be trusted before it is run.
bool modelIsFile(const std::string& modelSpec);

/// The model as the engine finds it: the path of a file, or of a built-in's weights, made absolute.
std::string absoluteModel(const std::string& model);

/// The files that data names, separated by ';'. None when the engine makes it: pinn-convection.
std::vector<std::string> dataFiles(const std::string& data);
/// The same with all paths absolute.
std::string absoluteData(const std::string& data);

/// "layout=…,scale=…" as the protocol's transform map. Throws Error(usage).
nlohmann::json transformFromText(const std::string& text);

}  // namespace tarn
