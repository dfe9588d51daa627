// The engine's matrix optimizers beside a second implementation of their rules, of other hands and
// without LibTorch (tests/support/reference_optimizers.h): those that shape the momentum alone.
#include "reference_support.h"
#include "support/reference_optimizers.h"

namespace tarn::test {

namespace {

using reference::PolarGrad;
using reference::PolarMethod;
using reference::Shape;

reference::HtMuon htMuonOf(reference::HtMuon::Variant variant, double power = .125) {
  reference::HtMuon rule;
  rule.options.variant = variant;
  rule.options.power = power;
  return rule;
}

reference::Auon auonOf(reference::Auon::Rule kind, double lr, int newtonSchulzSteps) {
  reference::Auon rule;
  rule.options.rule = kind;
  rule.options.lr = lr;
  rule.options.newtonSchulzSteps = newtonSchulzSteps;
  return rule;
}

PolarGrad polarGradOf(PolarGrad::Order order, PolarMethod method, int steps) {
  PolarGrad rule;
  rule.options.lr = .02;
  rule.options.weightDecay = .5;
  rule.options.order = order;
  rule.options.method = method;
  rule.options.innerSteps = steps;
  return rule;
}

}  // namespace

TEST_CASE("Muon goes where the reference goes, with every factor of shape", "[optim][references]") {
  reference::Muon rule;
  rule.options.weightDecay = .5;
  checkWalks(rule, "muon:weight_decay=0.5");
  rule.options.newtonSchulzSteps = 3;
  rule.options.momentum = .8;
  rule.options.lr = .1;
  checkWalks(rule, "muon:weight_decay=0.5,ns_steps=3,momentum=0.8,lr=0.1");
  rule = {};
  for (const auto& [shape, word] :
       {std::pair{Shape::none, "none"}, {Shape::rms, "rms"}, {Shape::spec, "spec"}}) {
    rule.options.shape = shape;
    checkWalks(rule, std::string("muon:shape_factor=") + word);
  }
}

TEST_CASE("RMNP goes where the reference goes", "[optim][references]") {
  reference::Rmnp rule;
  rule.options.weightDecay = .5;
  checkWalks(rule, "rmnp:weight_decay=0.5");
  rule.options.momentum = .8;
  rule.options.shape = Shape::spec;
  checkWalks(rule, "rmnp:weight_decay=0.5,momentum=0.8,shape_factor=spec");
}

TEST_CASE("HTMuon goes where the reference goes, at every power", "[optim][references]") {
  using enum reference::HtMuon::Variant;
  checkWalks(htMuonOf(exact), "htmuon");
  checkWalks(htMuonOf(exact, .25), "htmuon:power=0.25");
  checkWalks(htMuonOf(exact, 0), "htmuon:power=0");
  checkWalks(htMuonOf(exact, 1.5), "htmuon:power=1.5");
}

TEST_CASE("HTMuon's variants go where the reference's go", "[optim][references]") {
  using enum reference::HtMuon::Variant;
  checkWalks(htMuonOf(rankBased), "htmuon:variant=rank");
  checkWalks(htMuonOf(rankBased, .5), "htmuon:variant=rank,power=0.5");
  checkWalks(htMuonOf(everyFifth), "htmuon:variant=interval");
  checkWalks(htMuonOf(squareRoots), "htmuon:variant=newton");
  checkWalks(htMuonOf(squareRoots, .5), "htmuon:variant=newton,power=0.5");
  checkWalks(htMuonOf(streaming), "htmuon:variant=streaming");
}

TEST_CASE("AuON and its hybrids go where the reference goes", "[optim][references]") {
  using enum reference::Auon::Rule;
  checkWalks(auonOf(paper, .055, 0), "auon-paper");
  checkWalks(auonOf(paper, .055, 1), "auon-hybrid-paper");
  checkWalks(auonOf(repository, .24, 0), "auon-repo");
  checkWalks(auonOf(repository, .24, 5), "auon-hybrid-repo");
  reference::Auon rule = auonOf(repository, .24, 0);
  rule.options.gamma = 4;
  rule.options.weightDecay = .3;
  checkWalks(rule, "auon-repo:gamma=4,weight_decay=0.3");
}

TEST_CASE("PolarGrad goes where the reference goes, in both orders and with every polar method",
          "[optim][references]") {
  struct Method {
    PolarMethod method;
    int steps;
    std::string words;
  };
  const std::vector<Method> methods{{PolarMethod::qdwh, 6, "qdwh"},
                                    {PolarMethod::qdwh, 3, "qdwh,polar_steps=3"},
                                    {PolarMethod::newtonSchulz, 5, "newton-schulz"},
                                    {PolarMethod::polarExpress, 8, "polar-express"},
                                    {PolarMethod::polarExpress, 5, "polar-express,polar_steps=5"},
                                    {PolarMethod::svd, 0, "svd"}};
  for (const auto& [method, steps, words] : methods) {
    const std::string options = ",weight_decay=0.5,polar=" + words;
    checkWalks(polarGradOf(PolarGrad::Order::momentumFirst, method, steps),
               "polargrad:lr=0.02,order=momentum-first" + options);
    checkWalks(polarGradOf(PolarGrad::Order::polarFirst, method, steps),
               "polargrad:lr=0.02,order=polar-first" + options);
  }
}

}  // namespace tarn::test
