#pragma once

#include <memory>

#include "engine/optim/optimizer.h"

namespace tarn::engine {

/// A rule around another one, which it owns and asks for all that it does not change.
class Wrapper : public Optimizer {
 public:
  explicit Wrapper(std::unique_ptr<Optimizer> inner) : inner_(std::move(inner)) {}

  void requireFit(const RunFacts& facts) const override { inner_->requireFit(facts); }
  bool asksBatch() const override { return inner_->asksBatch(); }
  bool followsGradient() const override { return inner_->followsGradient(); }
  at::Tensor average() const override { return inner_->average(); }
  double learningRate() const override { return inner_->learningRate(); }
  /// A wrapper with state of its own adds it.
  void exchangeState(StateArchive& archive) override { inner_->exchangeState(archive); }

 protected:
  Optimizer& inner() { return *inner_; }
  const Optimizer& inner() const { return *inner_; }

 private:
  std::unique_ptr<Optimizer> inner_;
};

}  // namespace tarn::engine
