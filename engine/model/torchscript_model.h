#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <torch/script.h>

#include "engine/model/model.h"

namespace tarn::engine {

/// A network in TorchScript. Its graph runs as it was written: the executor's optimizations and
/// profiling are off, because they break second derivatives.
class TorchScriptModel : public Model {
 public:
  /// Throws Error(badInput) when the module's parameters are no parameter space, or it has no
  /// forward method.
  TorchScriptModel(torch::jit::Module module, std::string sha256);

  at::Tensor forward(const Inputs& inputs) override;
  void setTraining(bool training) override;
  void setBatchNormTraining(bool training) override;
  std::optional<ForwardGraph> forwardGraph(const Inputs& example) override;
  bool differentiates() const override { return true; }
  std::unique_ptr<Model> clone() const override;

 private:
  torch::jit::Module module_;
};

/// Reads a TorchScript file once and loads it from memory to a device, constants included, when its
/// SHA-256 is `trustedSha256`. Throws as openModel().
std::unique_ptr<Model> loadTorchScript(const std::filesystem::path& path,
                                       const std::string& trustedSha256,
                                       at::Device device = at::kCPU);

}  // namespace tarn::engine
