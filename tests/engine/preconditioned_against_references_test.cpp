// The engine's matrix optimizers beside a second implementation of their rules, of other hands and
// without LibTorch (tests/support/reference_preconditioned.h): those that keep a preconditioner or
// a basis for each matrix, or a rate for each layer.
#include <algorithm>

#include "reference_support.h"
#include "support/reference_preconditioned.h"

namespace tarn::test {

namespace {

using reference::Lanton;

reference::Fismo fismoOf(int interval) {
  reference::Fismo rule;
  rule.options.weightDecay = .5;
  rule.options.interval = interval;
  return rule;
}

/// First layer, tall, wide, square, convolution and head.
const EngineWalk::Shapes& network() {
  static const EngineWalk::Shapes shapes{{6, 4}, {7, 3}, {3, 7}, {5, 5}, {4, 2, 3, 3}, {3, 8}};
  return shapes;
}

/// As awayFrom(), on all tensors of that network together.
double lantonAway(const std::string& spec, Lanton rule) {
  using enum Lanton::Kind;
  rule.options.kinds = {other, hidden, hidden, hidden, hidden, other};
  Lanton::Layers start;
  for (const auto& shape : network()) {
    start.push_back(referenceStart(shape, 7 + static_cast<unsigned>(start.size())));
  }
  // Layers of unlike noise.
  const auto slopes = [](const Lanton::Layers& weights, int step) {
    Lanton::Layers found;
    for (const auto& W : weights) {
      const auto layer = static_cast<unsigned>(found.size());
      found.emplace_back(referenceSlope(W, step, 1000 + 100 * layer) / (1 + layer));
    }
    return found;
  };
  EngineWalk walk(spec, network(), start, /*ends=*/true);
  Lanton::Layers W = start;
  double most = 0;
  for (int t = 0; t < 20; ++t) {
    Lanton::Layers ours;
    for (std::size_t i = 0; i < start.size(); ++i) {
      ours.push_back(walk.weights(i));
    }
    walk.step(slopes(ours, t));
    W = rule.step(W, slopes(W, t));
    for (std::size_t i = 0; i < start.size(); ++i) {
      most = worse(most, shareOfWay(walk.weights(i), W[i], start[i]));
    }
  }
  return most;
}

}  // namespace

TEST_CASE("Conda goes where the reference goes, also past refreshes of its basis",
          "[optim][references]") {
  reference::Conda rule;
  rule.options.weightDecay = .5;
  checkWalks(rule, "conda:weight_decay=0.5");
  rule.options.interval = 7;
  checkWalks(rule, "conda:weight_decay=0.5,update_gap=7");
  rule.options.beta1 = .8;
  rule.options.beta2 = .95;
  rule.options.eps = .01;
  rule.options.scale = 1;
  checkWalks(rule, "conda:weight_decay=0.5,update_gap=7,beta1=0.8,beta2=0.95,eps=0.01,scale=1");
}

TEST_CASE("FISMO goes where the reference goes, at every interval", "[optim][references]") {
  checkWalks(fismoOf(10), "fismo:weight_decay=0.5");
  checkWalks(fismoOf(1), "fismo:weight_decay=0.5,refresh=1");
  checkWalks(fismoOf(3), "fismo:weight_decay=0.5,refresh=3,polar=svd");
  reference::Fismo rule = fismoOf(1);
  rule.options.gamma = .8;
  rule.options.mu = .1;
  checkWalks(rule, "fismo:weight_decay=0.5,refresh=1,gamma=0.8,damping=0.1");
}

TEST_CASE("ARO goes where the reference goes", "[optim][references]") {
  reference::Aro rule;
  rule.options.lr = .02;
  rule.options.weightDecay = .5;
  checkWalks(rule, "aro:lr=0.02,weight_decay=0.5");
  rule.options.rounds = 2;
  rule.options.momentum = .8;
  checkWalks(rule, "aro:lr=0.02,weight_decay=0.5,sinkhorn_rounds=2,momentum=0.8");
}

TEST_CASE("LANTON goes where the reference goes, on a network of all shapes",
          "[optim][references]") {
  Lanton rule;
  rule.options.weightDecay = .5;
  CHECK(lantonAway("lanton:weight_decay=0.5", rule) < kReferenceTolerance);
  rule.options.alpha = 20;
  rule.options.beta1 = .8;
  rule.options.beta2 = .5;
  CHECK(lantonAway("lanton:weight_decay=0.5,alpha=20,momentum=0.8,beta2=0.5,polar=svd", rule) <
        kReferenceTolerance);
}

TEST_CASE("SOAP goes where the reference goes where the first gradient determines its bases",
          "[optim][references]") {
  reference::Soap rule;
  rule.options.weightDecay = .5;
  checkWalks(rule, "soap:weight_decay=0.5", {{5, 5}, {8, 2, 2, 2}});
  rule.options.interval = 3;
  checkWalks(rule, "soap:weight_decay=0.5,precondition_frequency=3", {{5, 5}, {8, 2, 2, 2}});
  rule.options.beta1 = .8;
  rule.options.beta2 = .9;
  rule.options.eps = .01;
  checkWalks(rule, "soap:weight_decay=0.5,precondition_frequency=3,beta1=0.8,beta2=0.9,eps=0.01",
             {{5, 5}});
}

TEST_CASE("SOAP goes where the reference goes with its longer side left alone",
          "[optim][references]") {
  // Of an m×n gradient GGᵀ has the rank min(m, n): the longer side's first basis would be LAPACK's
  // choice.
  reference::Soap rule;
  rule.options.weightDecay = .5;
  rule.options.interval = 3;
  for (const auto& shape : EngineWalk::Shapes{{7, 3}, {3, 7}, {4, 2, 3, 3}}) {
    rule.options.maxDimension = std::min(shape[0], referenceStart(shape).size() / shape[0]);
    const std::string most = std::to_string(rule.options.maxDimension);
    checkWalks(rule, "soap:weight_decay=0.5,precondition_frequency=3,max_precond_dim=" + most,
               {shape});
  }
}

TEST_CASE("Shampoo goes where the reference goes, with and without grafting",
          "[optim][references]") {
  // With an eps that is not lost in rounding beside the factors, of which the longer is singular.
  reference::Shampoo rule;
  rule.options.eps = .01;
  rule.options.weightDecay = .5;
  checkWalks(rule, "shampoo:eps=0.01,weight_decay=0.5");
  rule.options.interval = 3;
  rule.options.statisticsDecay = .9;
  rule.options.beta1 = .8;
  rule.options.beta2 = .95;
  checkWalks(rule,
             "shampoo:eps=0.01,weight_decay=0.5,refresh=3,factor_decay=0.9,beta1=0.8,beta2=0.95");
  rule.options.momentum = .9;
  checkWalks(rule,
             "shampoo:eps=0.01,weight_decay=0.5,refresh=3,factor_decay=0.9,beta1=0.8,beta2=0.95,"
             "momentum=0.9");
  rule = {};
  rule.options.eps = .01;
  rule.options.lr = .1;
  rule.options.grafting = false;
  checkWalks(rule, "shampoo:eps=0.01,lr=0.1,graft=none");
}

TEST_CASE("Shampoo with its own eps goes where the reference goes on a square matrix",
          "[optim][references]") {
  checkWalks(reference::Shampoo(), "shampoo", {{5, 5}});
  reference::Shampoo rule;
  rule.options.grafting = false;
  checkWalks(rule, "shampoo:graft=none", {{5, 5}});
}

}  // namespace tarn::test
