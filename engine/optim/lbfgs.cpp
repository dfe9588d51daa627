#include <algorithm>
#include <cmath>
#include <deque>
#include <memory>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "engine/optim/batch_function.h"
#include "engine/optim/options.h"
#include "engine/optim/run_facts.h"
#include "engine/optim/strong_wolfe.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// A step of θ and what it did to the gradient.
struct CurvaturePair {
  at::Tensor moved;    ///< s
  at::Tensor changed;  ///< y
  double inverse = 0;  ///< 1/(y·s)
};

/// What one step leaves for the next.
struct LbfgsState {
  std::int64_t iterations = 0;
  double t = 0;      ///< of the last step t·d
  double scale = 1;  ///< y·s/y·y of the newest pair: the Hessian's inverse before the pairs
  at::Tensor direction;
  at::Tensor gradient;  ///< where the last step began
  at::Tensor end;       ///< θ after it
  std::deque<CurvaturePair> pairs;
};

/// One step is a run of at most max_iter iterations on the same function: the direction is
/// −H⁻¹·gradient with H⁻¹ from the latest pairs by the two-loop recursion (Nocedal, Math. Comp. 35,
/// 1980), its length by strongWolfe() or lr. Arithmetic and stops are those of LibTorch's LBFGS.
class Lbfgs : public Optimizer {
 public:
  Lbfgs(const OptimizerValues& values, const at::Tensor& like)
      : rate_(values.number("lr")),
        iterations_(values.integer("max_iter")),
        evaluations_(values.integer("max_eval") > 0 ? values.integer("max_eval")
                                                    : iterations_ * 5 / 4),
        history_(values.integer("history")),
        gradientTolerance_(values.number("tolerance_grad")),
        changeTolerance_(values.number("tolerance_change")),
        lineSearch_(values.word("line_search") == "strong-wolfe") {
    state_.direction = at::zeros_like(like);
    state_.gradient = at::zeros_like(like);
    state_.end = at::zeros_like(like);
  }

  void requireFit(const RunFacts& facts) const override {
    requireWholeBatch("lbfgs", facts);
    requireVectors("lbfgs", 2 * history_ + 8, facts, "Make history smaller");
  }
  bool asksBatch() const override { return true; }
  bool followsGradient() const override { return false; }
  double learningRate() const override { return rate_; }

  void step(const OptimizerStep& step) override {
    const at::NoGradGuard noGrad;
    if (largest(step.gradient) <= gradientTolerance_) {
      return;
    }
    LbfgsState state = state_;
    if (state.iterations > 0 && !at::equal(step.parameters, state.end)) {
      // Somebody else has moved θ: the last step is not what changed the gradient.
      state.iterations = 0;
      state.pairs.clear();
    }
    LinePoint here{0, step.loss, step.gradient.clone(), 0};
    at::Tensor parameters = step.parameters.clone();
    std::int64_t evaluations = 1;
    for (std::int64_t i = 1; i <= iterations_; ++i) {
      turn(state, here.gradient);
      state.gradient = here.gradient;
      state.t = rate_ * step.rateFactor;
      if (state.iterations == 1) {
        state.t *= std::min(1.0, 1 / here.gradient.abs().sum().item<double>());
      }
      here.slope = here.gradient.dot(state.direction).item<double>();
      if (here.slope > -changeTolerance_) {
        break;
      }
      const double before = here.loss;
      const bool last = i == iterations_;
      evaluations += advance(*step.batch, state, parameters, here, last);
      if (last || evaluations >= evaluations_ || largest(here.gradient) <= gradientTolerance_ ||
          largest(state.direction) * std::abs(state.t) <= changeTolerance_ ||
          std::abs(here.loss - before) < changeTolerance_) {
        break;
      }
    }
    state.end = parameters;
    state_ = std::move(state);
    at::Tensor target = step.parameters;
    target.copy_(parameters);
  }

  void exchangeState(StateArchive& archive) override {
    archive.integer("lbfgs.iterations", state_.iterations);
    archive.number("lbfgs.t", state_.t);
    archive.number("lbfgs.scale", state_.scale);
    archive.tensor("lbfgs.direction", state_.direction);
    archive.tensor("lbfgs.gradient", state_.gradient);
    archive.tensor("lbfgs.end", state_.end);
    auto count = static_cast<std::int64_t>(state_.pairs.size());
    archive.integer("lbfgs.pairs", count);
    if (count < 0 || count > history_) {
      throw Error(ErrorCode::badInput, "The saved state of lbfgs holds " + std::to_string(count) +
                                           " pairs, which its history can't.");
    }
    for (auto missing = count - static_cast<std::int64_t>(state_.pairs.size()); missing > 0;
         --missing) {
      state_.pairs.push_back({at::empty_like(state_.gradient), at::empty_like(state_.gradient)});
    }
    state_.pairs.resize(static_cast<std::size_t>(count));
    for (CurvaturePair& pair : state_.pairs) {
      archive.tensor("lbfgs.moved", pair.moved);
      archive.tensor("lbfgs.changed", pair.changed);
      archive.number("lbfgs.inverse", pair.inverse);
    }
  }

 private:
  static double largest(const at::Tensor& vector) { return vector.abs().max().item<double>(); }

  /// The next direction.
  void turn(LbfgsState& state, const at::Tensor& gradient) const {
    ++state.iterations;
    if (state.iterations == 1) {
      state.direction = gradient.neg();
      state.scale = 1;
      return;
    }
    CurvaturePair pair{state.direction.mul(state.t), gradient.sub(state.gradient)};
    const double product = pair.changed.dot(pair.moved).item<double>();
    if (product > 1e-10) {
      if (static_cast<std::int64_t>(state.pairs.size()) == history_) {
        state.pairs.pop_front();
      }
      pair.inverse = 1 / product;
      state.scale = product / pair.changed.dot(pair.changed).item<double>();
      state.pairs.push_back(std::move(pair));
    }
    at::Tensor direction = gradient.neg();
    std::vector<double> shares;
    for (auto one = state.pairs.rbegin(); one != state.pairs.rend(); ++one) {
      shares.push_back(one->moved.dot(direction).item<double>() * one->inverse);
      direction.add_(one->changed, -shares.back());
    }
    direction.mul_(state.scale);
    for (const CurvaturePair& one : state.pairs) {
      const double share = one.changed.dot(direction).item<double>() * one.inverse;
      direction.add_(one.moved, shares.back() - share);
      shares.pop_back();
    }
    state.direction = direction;
  }

  /// Moves along the direction; returns how often the loss was evaluated.
  int advance(BatchFunction& batch, LbfgsState& state, at::Tensor& parameters, LinePoint& here,
              bool last) const {
    const auto evaluate = [&](double t) {
      const auto found = batch.gradient(parameters.add(state.direction, t));
      return LinePoint{t, found.loss, found.gradient,
                       found.gradient.dot(state.direction).item<double>()};
    };
    if (lineSearch_) {
      LineSearch search = strongWolfe(evaluate, here, state.t, largest(state.direction));
      here = std::move(search.end);
      state.t = std::exchange(here.t, 0);
      parameters.add_(state.direction, state.t);
      return search.evaluations;
    }
    if (!last) {
      here = evaluate(state.t);
      here.t = 0;
    }
    parameters.add_(state.direction, state.t);
    return last ? 0 : 1;
  }

  double rate_;
  std::int64_t iterations_;
  std::int64_t evaluations_;
  std::int64_t history_;
  double gradientTolerance_;
  double changeTolerance_;
  bool lineSearch_;
  LbfgsState state_;
};

}  // namespace

OptimizerKind lbfgs() {
  OptimizerKind kind;
  kind.name = "lbfgs";
  kind.summary = "quasi-Newton steps from the latest gradients; needs the whole data as one batch";
  kind.source = "LibTorch's LBFGS; Nocedal, Math. Comp. 35, 1980";
  kind.options = {
      nonNegativeOption("lr", 1, "the first trial of a line search; the schedule multiplies it"),
      countOption("max_iter", 20, 1, 1'000'000, "iterations a step"),
      countOption("max_eval", 0, 0, 1'000'000, "evaluations a step; 0: 5/4 of max_iter"),
      countOption("history", 100, 1, 100'000, "pairs of steps and gradient changes that are kept"),
      nonNegativeOption("tolerance_grad", 1e-7,
                        "a step ends where no part of the gradient is more"),
      nonNegativeOption("tolerance_change", 1e-9, "and where θ or the loss change by less"),
      wordOption("line_search", {"strong-wolfe", "none"}, "how long an iteration's move is"),
  };
  kind.make = [](const OptimizerValues& values, const std::vector<ParameterGroup>&,
                 const at::Tensor& like) { return std::make_unique<Lbfgs>(values, like); };
  return kind;
}

}  // namespace tarn::engine
