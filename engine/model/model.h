#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

#include "engine/model/forward_graph.h"
#include "engine/model/inputs.h"
#include "engine/model/parameter_space.h"
#include "engine/server/job.h"

namespace tarn::engine {

/// A network: output = forward(inputs; θ, buffers). It starts in evaluation mode. One
/// model is used by one thread at a time; clone() gives each worker its own.
class Model {
 public:
  virtual ~Model() = default;
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  /// Differentiable twice in θ. Throws Error(badInput) with the model's own complaint when it
  /// cannot digest the inputs.
  virtual at::Tensor forward(const Inputs& inputs) = 0;
  /// Training mode: BatchNorm normalizes by the batch and moves its buffers, dropout drops.
  virtual void setTraining(bool training) { training_ = training; }
  bool training() const { return training_; }
  /// An independent replica: same θ, buffers and mode, no shared memory.
  virtual std::unique_ptr<Model> clone() const = 0;

  /// Lets BatchNorm alone normalize by the batch and move its statistics, whatever the mode.
  virtual void setBatchNormTraining(bool training) { setTraining(training); }
  /// The forward pass in evaluation mode for inputs like these (the number of samples included);
  /// none when it cannot be written as such a graph.
  virtual std::optional<ForwardGraph> forwardGraph(const Inputs& /*example*/) { return {}; }

  /// Whether forward may differentiate something itself, or ask whether gradients are on: then they
  /// have to be, for its own loss to be the same always.
  virtual bool differentiates() const = 0;

  ParameterSpace& parameters() { return parameters_; }
  const ParameterSpace& parameters() const { return parameters_; }
  at::ScalarType dtype() const { return parameters_.dtype(); }
  at::Device device() const { return parameters_.flat().device(); }
  /// Moves parameters and buffers to a device, before parameters are chosen.
  void moveTo(at::Device device);

  /// θ becomes the parameters that the patterns choose (chosenGroups()); a clone's is the same.
  void choose(const std::vector<std::string>& patterns);
  /// The patterns; empty: all parameters.
  const std::vector<std::string>& chosen() const { return chosen_; }

  const std::vector<NamedTensor>& namedBuffers() const { return buffers_; }
  /// All buffers (BatchNorm's running statistics and counters) as one float64 vector: a copy, on
  /// the CPU.
  at::Tensor buffers() const;
  /// Throws Error(badInput) on another length.
  void setBuffers(const at::Tensor& values);
  std::int64_t bufferCount() const;
  /// Layers that keep running statistics (buffers called `running_mean`).
  std::int64_t batchNormLayers() const;

  /// SHA-256 of what defines the model: a file's bytes, or a built-in's specification.
  const std::string& sha256() const { return sha256_; }

 protected:
  Model(const std::vector<NamedTensor>& parameters, std::vector<NamedTensor> buffers,
        std::string sha256);

 private:
  ParameterSpace parameters_;
  std::vector<NamedTensor> buffers_;
  std::string sha256_;
  bool training_ = false;
  std::vector<std::string> chosen_;
};

/// Finds an array that was put, by the SHA-256 of its bytes (JobContext::storedArray).
using ArrayLookup = std::function<std::shared_ptr<const ArrayBytes>(const std::string& hash)>;

/// Opens the `model` part of an experiment (engine/protocol/README.md): a built-in or a TorchScript
/// file, moved to the parameters `at` (all of them, or those that are chosen) and the buffers
/// `buffers_at` when they are given, θ being the parameters that the patterns `parameters` choose,
/// in training mode when `mode` is "train", on a device. A file is read once; its SHA-256 must
/// equal `sha256`, which the user has trusted.
///
/// Throws Error(untrusted) for a file without or with another hash, Error(notFound), Error(io),
/// Error(badInput) for what is no model or has no floating-point parameters.
std::unique_ptr<Model> openModel(const nlohmann::json& model, const ArrayLookup& arrays,
                                 at::Device device = at::kCPU);

}  // namespace tarn::engine
