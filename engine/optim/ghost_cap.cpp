#include <memory>
#include <numbers>

#include <ATen/ATen.h>

#include "engine/optim/batch_function.h"
#include "engine/optim/options.h"
#include "engine/optim/run_facts.h"
#include "engine/optim/wrapper.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// The inner rule's tentative step p is shortened to the distance at which the Taylor series of the
/// softmax loss along it must converge: with a(x) = J_z(x)·p the slopes of the logits and
/// Δ = max_x (max_k a_k − min_k a_k), p ← p·min(1, radius/Δ). In terms of the unit vector v = p/‖p‖
/// of the paper that is ‖p‖ ≤ π/Δ_a.
class GhostCap : public Wrapper {
 public:
  GhostCap(const OptimizerValues& values, std::unique_ptr<Optimizer> inner)
      : Wrapper(std::move(inner)), radius_(values.number("radius")) {}

  void requireFit(const RunFacts& facts) const override {
    Wrapper::requireFit(facts);
    if (facts.loss.kind != Loss::crossEntropy) {
      throw Error(ErrorCode::unsupported,
                  "ghost-cap is about the softmax of the loss cross-entropy, and the loss is " +
                      toString(facts.loss) + ".",
                  "Leave ghost-cap out.");
    }
  }
  bool asksBatch() const override { return true; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    at::Tensor parameters = step.parameters;
    const at::Tensor before = parameters.clone();
    inner().step(step);
    const at::Tensor after = parameters.clone();
    const at::Tensor move = after - before;
    if (!move.isfinite().all().item<bool>() || move.count_nonzero().item<std::int64_t>() == 0) {
      return;
    }
    parameters.copy_(before);
    const at::Tensor slopes = step.batch->outputsAlong(move).to(at::kDouble);
    const double spread = (slopes.amax(-1) - slopes.amin(-1)).max().item<double>();
    if (spread > radius_) {
      parameters.add_(move, radius_ / spread);
    } else {
      parameters.copy_(after);
    }
  }

 private:
  double radius_;
};

}  // namespace

WrapperKind ghostCap() {
  WrapperKind kind;
  kind.name = "ghost-cap";
  kind.summary = "no step goes beyond the radius where the softmax loss's series converges";
  kind.source = "ghosts of softmax, arXiv 2603.13552 (the rule of the paper)";
  kind.options = {
      nonNegativeOption("radius", std::numbers::pi,
                        "how far the logits of a sample may move apart"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor&, std::unique_ptr<Optimizer> inner) {
    return std::make_unique<GhostCap>(values, std::move(inner));
  };
  return kind;
}

}  // namespace tarn::engine
