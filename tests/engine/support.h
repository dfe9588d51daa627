#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <torch/script.h>

#include "engine/curvature/hessian.h"
#include "engine/data/experiment.h"
#include "engine/handlers/opened_experiments.h"
#include "engine/model/torchscript_model.h"
#include "engine/server/job.h"
#include "support/temporary_folder.h"

namespace tarn::test {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// A TorchScript module of these parameters and buffers and this Python source of its methods.
torch::jit::Module script(const std::string& source, const NamedTensors& parameters,
                          const NamedTensors& buffers = {});
std::unique_ptr<engine::Model> scriptModel(const std::string& source,
                                           const NamedTensors& parameters,
                                           const NamedTensors& buffers = {});

/// An experiment made of parts that are already there, on one thread.
engine::Experiment experimentOf(std::unique_ptr<engine::Model> model, const at::Tensor& inputs,
                                const at::Tensor& targets, const engine::Loss& loss);

/// The loss (½ θᵀAθ + ½)² at θ = 0, in float64: its Hessian there is A, whatever A's signs.
engine::Experiment withHessian(const at::Tensor& a);

/// The Hessian of an experiment in batches of this size (0: all at once).
engine::Hessian hessianOf(engine::Experiment& experiment, std::int64_t microBatch = 0,
                          std::uint64_t keepBytes = 0,
                          std::optional<engine::ProductMethod> method = {});
/// ½‖W_L…W₁ − T‖² times 2/(d_L·d₀), as the mse on the unit vectors, with d₀ = 7, hidden widths 6
/// and d_L = 5, at its minimum: every factor has these singular values (at most five) on its
/// diagonal and nothing else, and T is their product.
engine::Experiment deepLinear(int depth, const std::vector<double>& singularValues);

/// All of it, column by column: parameters × parameters.
at::Tensor matrixOf(const engine::SymmetricOperator& matrix);

/// A dense symmetric matrix with these eigenvalues in a random basis, and as an operator.
at::Tensor rotated(const at::Tensor& eigenvalues, std::uint64_t seed);
engine::SymmetricOperator denseOperator(const at::Tensor& matrix);
engine::SymmetricOperator diagonalOperator(const at::Tensor& entries);

/// The protocol's map for the ResNet-20 and the first `count` images of the optional test data;
/// null when they are not there.
nlohmann::json residualNetwork(std::uint64_t count, int threads);

/// The code, sentence and remedy of the Error that something throws; empty when it throws none.
std::string complaint(const std::function<void()>& action);
bool contains(const std::string& text, const std::string& part);

/// A job without a client: keeps what is sent.
class RecordedJob : public engine::JobContext {
 public:
  explicit RecordedJob(nlohmann::json request) : request_(std::move(request)) {}

  const nlohmann::json& request() const override { return request_; }
  std::stop_token stopToken() const override { return stop_.get_token(); }
  void checkpoint() const override;
  void finishSending(std::chrono::milliseconds) override { finishes_ = true; }
  void progress(std::uint64_t done, std::uint64_t total, const std::string& stage,
                const std::string& note) override;
  void send(nlohmann::json event) override;
  void sendArray(const std::string& name, const std::string& dtype,
                 std::span<const std::int64_t> shape, std::span<const std::byte> bytes) override;
  std::shared_ptr<const ArrayBytes> storedArray(const std::string& hash) const override;

  /// Puts an array and returns its hash.
  std::string put(ArrayBytes array);
  void cancel() { stop_.request_stop(); }
  /// Called with every event, before it is kept.
  std::function<void(const nlohmann::json&)> onEvent;

  std::vector<nlohmann::json> events(const std::string& type) const;
  const ArrayBytes& array(const std::string& name) const { return arrays_.at(name); }
  void setRequest(nlohmann::json request) { request_ = std::move(request); }

 private:
  nlohmann::json request_;
  std::stop_source stop_;
  bool finishes_ = false;
  mutable std::mutex mutex_;
  std::vector<nlohmann::json> events_;
  std::map<std::string, ArrayBytes> arrays_;
  std::map<std::string, std::shared_ptr<const ArrayBytes>> stored_;
};

/// What a job returns in an engine that has no experiment open yet.
nlohmann::json handled(nlohmann::json (*handle)(engine::JobContext&, engine::OpenedExperiments&),
                       RecordedJob& job);

}  // namespace tarn::test
