#include "engine/data/model_check.h"

#include <algorithm>
#include <cstring>

#include <ATen/record_function.h>
#include <torch/torch.h>

#include "engine/data/batch_loss.h"

namespace tarn::engine {
namespace {

/// Bit for bit, so that NaN is itself.
bool sameBits(const at::Tensor& a, const at::Tensor& b) {
  const auto x = a.detach().cpu().contiguous();
  const auto y = b.detach().cpu().contiguous();
  return x.sizes() == y.sizes() && x.nbytes() == y.nbytes() &&
         std::memcmp(x.const_data_ptr(), y.const_data_ptr(), x.nbytes()) == 0;
}

at::Tensor probe(Model& model, const Batch& batch, const Loss& loss) {
  const auto result = runBatch(model, batch, loss);
  return (result.outputs.defined() ? result.outputs : result.loss).detach().clone();
}

/// The operators that were given something to differentiate and returned nothing of the kind.
struct GradientEnds {
  std::vector<std::string> names;
};

thread_local GradientEnds* watching = nullptr;

struct CallContext : at::ObserverContext {
  bool differentiable = false;
};

bool wantsGradient(const c10::IValue& value) {
  if (value.isTensor()) {
    return value.toTensor().defined() && value.toTensor().requires_grad();
  }
  return value.isTensorList() &&
         std::ranges::any_of(value.toTensorVector(),
                             [](const at::Tensor& t) { return t.defined() && t.requires_grad(); });
}

std::unique_ptr<at::ObserverContext> enterCall(const at::RecordFunction& call) {
  auto context = std::make_unique<CallContext>();
  const auto inputs = call.inputs();
  context->differentiable = std::any_of(inputs.begin(), inputs.end(), wantsGradient);
  return context;
}

void leaveCall(const at::RecordFunction& call, at::ObserverContext* context) {
  if (watching == nullptr || context == nullptr) {  // none where entering failed
    return;
  }
  const auto& outputs = call.outputs();
  const bool anyTensor = std::ranges::any_of(
      outputs, [](const c10::IValue& v) { return v.isTensor() || v.isTensorList(); });
  if (!static_cast<CallContext*>(context)->differentiable || !anyTensor ||
      std::ranges::any_of(outputs, wantsGradient)) {
    return;
  }
  const std::string name = call.name();
  if (std::ranges::find(watching->names, name) == watching->names.end()) {
    watching->names.push_back(name);
  }
}

/// Runs the batch once more and notes where gradients end.
std::vector<std::string> gradientEnds(Model& model, const Batch& batch, const Loss& loss) {
  GradientEnds ends;
  watching = &ends;
  const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback(enterCall, leaveCall)
                                                     .needsInputs(true)
                                                     .needsOutputs(true)
                                                     .scopes({at::RecordScope::FUNCTION}));
  try {
    runBatch(model, batch, loss);
  } catch (const std::exception&) {
    ends.names.clear();
  }
  at::removeCallback(handle);
  watching = nullptr;
  return ends.names;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr std::size_t most = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i) {
    text += (i == 0 ? "" : ", ") + names[i];
  }
  return text + (names.size() > most ? ", …" : "");
}

}  // namespace

void requireSteady(Model& model, const Batch& batch, const Loss& loss) {
  const auto& space = model.parameters();
  const auto before = space.flat().clone();
  const auto buffers = model.buffers();
  const auto first = probe(model, batch, loss);
  for (const auto& group : space.groups()) {
    if (!sameBits(space.view(before, group), space.view(space.flat(), group))) {
      throw Error(ErrorCode::badInput,
                  "The model changes its own parameter '" + group.name +
                      "' in forward, so its loss at a point is not a fixed number.",
                  "Export a model whose forward only reads its parameters.");
    }
  }
  const auto second = probe(model, batch, loss);
  model.setBuffers(buffers);
  if (!sameBits(first, second)) {
    throw Error(ErrorCode::badInput,
                "The model gives different outputs for the same inputs: it draws random numbers, "
                "as dropout does, or remembers what it saw.",
                model.training() ? "Use --mode eval, or export it without dropout."
                                 : "Export it in evaluation mode and without random numbers.");
  }
}

Error notDifferentiable(Model& model, const Batch& batch, const Loss& loss) {
  const auto ends = gradientEnds(model, batch, loss);
  return {ErrorCode::unsupported,
          "The loss has no derivative by the parameters" +
              (ends.empty() ? ": none of them reaches the model's output."
                            : ": gradients end at the operator " + listed(ends) + "."),
          "Export the model without that, or sample along random directions, which need no "
          "derivatives."};
}

std::vector<std::string> unusedParameters(Model& model, const Batch& batch, const Loss& loss) {
  const at::AutoGradMode gradients(true);
  const auto& space = model.parameters();
  std::vector<std::string> unused;
  try {
    const auto buffers = model.buffers();
    const auto value = batchLoss(model, batch, {loss.kind});
    model.setBuffers(buffers);
    if (!value.requires_grad()) {
      return unused;
    }
    auto found = torch::autograd::grad({value}, space.leaves(), {}, false, false, true);
    for (auto& gradient : found) {
      // Marked, so that it can be told from a gradient that is 0.
      gradient = gradient.defined() ? at::ones_like(gradient) : gradient;
    }
    const auto marks = space.flatten(found);
    for (const auto& group : space.groups()) {
      if (group.size > 0 && space.view(marks, group).flatten()[0].item<double>() == 0) {
        unused.push_back(group.name);
      }
    }
  } catch (const std::exception&) {
    unused.clear();
  }
  return unused;
}

std::string whereNotFinite(Model& model, const std::vector<Batch>& batches, const Loss& loss) {
  const at::NoGradGuard noGrad;
  const auto& space = model.parameters();
  for (const auto& group : space.groups()) {
    if (!space.view(space.flat(), group).isfinite().all().item<bool>()) {
      return "the parameter '" + group.name + "' holds values that are not finite";
    }
  }
  std::int64_t before = 0;
  for (const auto& batch : batches) {
    if (loss.kind == Loss::model) {
      if (!batchLoss(model, batch, loss).isfinite().item<bool>()) {
        return "the first batch where it is begins at sample " + std::to_string(before);
      }
    } else {
      const auto good = model.forward(batch.inputs).isfinite().reshape({batch.size(), -1}).all(1);
      if (!good.all().item<bool>()) {
        return "the model's output for sample " +
               std::to_string(before + good.to(at::kInt).argmin().item<std::int64_t>()) +
               " of the chosen data is not finite";
      }
    }
    before += batch.size();
  }
  return "";
}

}  // namespace tarn::engine
