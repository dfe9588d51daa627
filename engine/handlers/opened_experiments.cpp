#include "engine/handlers/opened_experiments.h"

#include <torch/torch.h>

#include "engine/data/data_files.h"
#include "engine/handlers/request.h"
#include "engine/model/builtin.h"
#include "engine/model/optional_fields.h"
#include "engine/protocol/sha256.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

Experiment copyOf(const Experiment& experiment) {
  Experiment copy;
  copy.model = experiment.model->clone();
  copy.data = experiment.data;
  copy.loss = experiment.loss;
  copy.outputShape = experiment.outputShape;
  copy.batchNorm = experiment.batchNorm;
  copy.threads = experiment.threads;
  copy.seed = experiment.seed;
  copy.memoryBytes = experiment.memoryBytes;
  return copy;
}

}  // namespace

bool OpenedExperiments::isKept(const nlohmann::json& experiment) const {
  if (!kept_ || experiment != request_) {
    return false;
  }
  try {
    const auto spec = textField(experiment["model"], "spec");
    return (isBuiltin(spec) || sha256OfFile(spec) == kept_->model->sha256()) &&
           dataHash(textField(experiment["data"], "path")) == kept_->data.sha256;
  } catch (const Error&) {
    return false;  // opening it says what is wrong
  }
}

Experiment OpenedExperiments::of(const JobContext& job) {
  const auto experiment = field(job.request(), "experiment");
  if (!isKept(experiment)) {
    kept_.reset();
    kept_.emplace(openExperiment(experiment, arraysOf(job)));
    request_ = experiment;
  }
  at::set_num_threads(kept_->threads);
  return copyOf(*kept_);
}

}  // namespace tarn::engine
