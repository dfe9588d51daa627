#include <torch/torch.h>

#include "engine/model/builtin.h"
#include "engine/model/model.h"
#include "engine/model/optional_fields.h"
#include "engine/model/tensor_bytes.h"
#include "engine/model/torchscript_model.h"
#include "engine/protocol/fields.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

at::Tensor storedVector(const ArrayLookup& arrays, const std::string& hash) {
  const auto values = tensorFromBytes(*arrays(hash)).reshape({-1});
  if (!values.is_floating_point()) {
    throw Error(ErrorCode::badInput,
                "The vector " + hash + " does not hold floating-point numbers.");
  }
  return values;
}

}  // namespace

std::unique_ptr<Model> openModel(const nlohmann::json& model, const ArrayLookup& arrays) {
  const auto spec = textField(model, "spec");
  auto opened =
      isBuiltin(spec) ? makeBuiltin(spec) : loadTorchScript(spec, textOr(model, "sha256", ""));
  if (const auto at = textOr(model, "at", ""); !at.empty()) {
    opened->parameters().set(storedVector(arrays, at));
  }
  if (const auto at = textOr(model, "buffers_at", ""); !at.empty()) {
    opened->setBuffers(storedVector(arrays, at));
  }
  return opened;
}

}  // namespace tarn::engine
