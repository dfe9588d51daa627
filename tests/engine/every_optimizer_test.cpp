// What every optimizer of the registry that goes by gradients alone owes to a run, on parameters of
// every sort. Those that ask for more are held to it by whole runs: training_optimizers_test.cpp.
#include <cmath>
#include <vector>

#include "engine/optim/registry.h"
#include "optimizer_support.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;
using test::mixedSpace;
using test::slopeOf;

namespace {

/// Every kind with its defaults, and options that add to the state or to what is done within the
/// sixteen steps below.
std::vector<OptimizerSpec> everySpec() {
  std::vector<OptimizerSpec> specs;
  for (const OptimizerKind& kind : optimizerKinds()) {
    if (!makeOptimizer({kind.name}, mixedSpace())->asksBatch()) {
      specs.push_back({kind.name});
    }
  }
  for (const char* text :
       {"sgd:momentum=0.9", "sgd:momentum=0.9,nesterov=on,weight_decay=0.01",
        "muon:first_layer=on,head=on,shape_factor=rms,weight_decay=0.1", "rmnp:first_layer=on",
        "htmuon:variant=rank", "htmuon:variant=interval", "htmuon:variant=newton",
        "htmuon:variant=streaming,head=on", "conda:update_gap=5,weight_decay=0.1",
        "polargrad:order=polar-first,polar=newton-schulz", "polargrad:polar=polar-express",
        "polargrad:polar=svd", "fismo:refresh=3", "soap:refresh=3", "shampoo:refresh=3",
        "lanton:first_layer=on,polar=svd"}) {
    specs.push_back(parseOptimizerSpec(text));
  }
  return specs;
}

std::string textOf(const OptimizerSpec& spec) {
  return spec.name + " " + spec.options.dump();
}

void advance(Optimizer& optimizer, const ParameterSpace& space, int steps) {
  for (int i = 0; i < steps; ++i) {
    optimizer.step({space.flat(), slopeOf(space.flat()), 1});
  }
}

}  // namespace

TEST_CASE("an optimizer restored from its state goes on bit for bit", "[optim]") {
  for (const OptimizerSpec& spec : everySpec()) {
    INFO(textOf(spec));
    ParameterSpace through = mixedSpace();
    const auto uninterrupted = makeOptimizer(spec, through);
    advance(*uninterrupted, through, 7);
    ParameterSpace resumed = mixedSpace();
    resumed.set(through.flat());
    const auto restored = makeOptimizer(spec, resumed);
    const auto state = saveState(*uninterrupted);
    restoreState(*restored, state);
    CHECK((saveState(*restored) == state));
    advance(*uninterrupted, through, 9);
    advance(*restored, resumed, 9);
    CHECK(torch::equal(through.flat(), resumed.flat()));
    CHECK((saveState(*restored) == saveState(*uninterrupted)));
  }
}

TEST_CASE("the schedule's factor multiplies every learning rate", "[optim]") {
  for (const OptimizerSpec& spec : everySpec()) {
    INFO(textOf(spec));
    const auto moved = [&](double rate, double factor) {
      OptimizerSpec scaled = spec;
      scaled.options["lr"] = rate;
      if (findOptimizer(spec.name).route) {
        scaled.options["adamw_lr"] = rate;
      }
      ParameterSpace space = mixedSpace();
      const auto optimizer = makeOptimizer(scaled, space);
      CHECK(optimizer->learningRate() == rate);
      optimizer->step({space.flat(), slopeOf(space.flat()), factor});
      return space.flat().clone();
    };
    CHECK(torch::equal(moved(0.08, 0.25), moved(0.02, 1)));
  }
}

TEST_CASE("a gradient is never written to", "[optim]") {
  for (const OptimizerSpec& spec : everySpec()) {
    INFO(textOf(spec));
    ParameterSpace space = mixedSpace();
    const auto optimizer = makeOptimizer(spec, space);
    const at::Tensor gradient = slopeOf(space.flat());
    const at::Tensor before = gradient.clone();
    optimizer->step({space.flat(), gradient, 1});
    optimizer->step({space.flat(), gradient, 1});
    CHECK(torch::equal(gradient, before));
  }
}

TEST_CASE("a first step goes downhill", "[optim]") {
  // Every rule's first direction has a positive product with the gradient, in single precision
  // too.
  for (const at::ScalarType dtype : {at::kDouble, at::kFloat}) {
    for (const OptimizerSpec& spec : everySpec()) {
      INFO(textOf(spec) << " " << at::toString(dtype));
      const ParameterSpace model = mixedSpace();
      std::vector<NamedTensor> tensors;
      for (const ParameterGroup& group : model.groups()) {
        tensors.emplace_back(group.name, model.view(model.flat(), group).to(dtype));
      }
      const ParameterSpace space(tensors);
      OptimizerSpec free = spec;
      for (const OptimizerOption& option : findOptimizer(spec.name).options) {
        if (option.name == "weight_decay" || option.name == "adamw_weight_decay") {
          free.options[option.name] = 0;
        }
      }
      const auto optimizer = makeOptimizer(free, space);
      const at::Tensor before = space.flat().clone();
      const at::Tensor gradient = slopeOf(before);
      optimizer->step({space.flat(), gradient, 1});
      if (spec.name == "soap") {  // whose first step only looks around
        optimizer->step({space.flat(), gradient, 1});
      }
      CHECK(space.dtype() == dtype);
      for (const ParameterGroup& group : space.groups()) {
        INFO(group.name);
        const at::Tensor moved = space.view(space.flat() - before, group);
        CHECK((moved * space.view(gradient, group)).sum().item<double>() < 0);
      }
    }
  }
}

TEST_CASE("a gradient of zeros leaves all numbers finite", "[optim]") {
  for (const OptimizerSpec& spec : everySpec()) {
    INFO(textOf(spec));
    ParameterSpace space = mixedSpace();
    const auto optimizer = makeOptimizer(spec, space);
    const at::Tensor zeros = torch::zeros_like(space.flat());
    for (int i = 0; i < 3; ++i) {
      optimizer->step({space.flat(), zeros, 1});
    }
    advance(*optimizer, space, 2);
    CHECK(at::isfinite(space.flat()).all().item<bool>());
  }
}

TEST_CASE("numbers that overflow become no numbers rather than an exception", "[optim]") {
  for (const OptimizerSpec& spec : everySpec()) {
    INFO(textOf(spec));
    ParameterSpace space = mixedSpace();
    const auto optimizer = makeOptimizer(spec, space);
    const at::Tensor huge = slopeOf(space.flat()) * 1e200;
    CHECK_NOTHROW(optimizer->step({space.flat(), huge, 1}));
    CHECK_NOTHROW(optimizer->step({space.flat(), -huge, 1}));
  }
}
