// What every optimizer of the registry owes to a run, on parameters of every sort.
#include <cmath>
#include <vector>

#include "engine/optim/registry.h"
#include "optim_support.h"
#include "optimizer_support.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;
using test::FormulaBatch;
using test::lossOf;
using test::mixedSpace;
using test::slopeOf;
using test::stepOn;

namespace {

/// Every kind with its defaults, and options that add to the state or to what is done within the
/// sixteen steps below.
std::vector<OptimizerSpec> everySpec() {
  std::vector<OptimizerSpec> specs;
  for (const OptimizerKind& kind : optimizerKinds()) {
    specs.push_back({kind.name});
  }
  for (const char* text : {"sgd:momentum=0.9",
                           "sgd:momentum=0.9,nesterov=on,weight_decay=0.01",
                           "muon:first_layer=on,head=on,shape_factor=rms,weight_decay=0.1",
                           "rmnp:first_layer=on",
                           "htmuon:variant=rank",
                           "htmuon:variant=interval",
                           "htmuon:variant=newton",
                           "htmuon:variant=streaming,head=on",
                           "conda:update_gap=5,weight_decay=0.1",
                           "polargrad:order=polar-first,polar=newton-schulz",
                           "polargrad:polar=polar-express",
                           "polargrad:polar=svd",
                           "fismo:refresh=3",
                           "lanton:first_layer=on,polar=svd",
                           "adam:amsgrad=on,weight_decay=0.1",
                           "rmsprop:centered=on,momentum=0.5",
                           "lbfgs:max_iter=3,history=2",
                           "lbfgs:max_iter=3,line_search=none",
                           "mfac:m=4,momentum=0.5",
                           "gns-newton:dense=0",
                           "soap:first_layer=on,head=on,precondition_frequency=3",
                           "soap:max_precond_dim=5",
                           "shampoo:first_layer=on,graft=none,refresh=3,factor_decay=0.9"}) {
    specs.push_back(parseOptimizerSpec(text));
  }
  return specs;
}

std::string textOf(const OptimizerSpec& spec) {
  return spec.name + " " + spec.options.dump();
}

void advance(Optimizer& optimizer, const ParameterSpace& space, int steps) {
  FormulaBatch batch(space, lossOf);
  for (int i = 0; i < steps; ++i) {
    stepOn(optimizer, space, batch);
  }
}

/// A step with a gradient that need not be that of the batch.
void stepBy(Optimizer& optimizer, const ParameterSpace& space, const at::Tensor& gradient,
            const FormulaBatch::Formula& loss) {
  FormulaBatch batch(space, loss);
  OptimizerStep step{space.flat(), gradient, 1, batch.loss(space.flat())};
  step.batch = &batch;
  optimizer.step(step);
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
      FormulaBatch batch(space, lossOf);
      stepOn(*optimizer, space, batch, factor);
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
    stepBy(*optimizer, space, gradient, lossOf);
    stepBy(*optimizer, space, gradient, lossOf);
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
      if (free.name == "lbfgs") {
        free.options["max_iter"] = 1;
      }
      const auto optimizer = makeOptimizer(free, space);
      if (free.name == "soap") {
        advance(*optimizer, space, 1);  // only makes its bases
      }
      const at::Tensor before = space.flat().clone();
      const at::Tensor gradient = slopeOf(before);
      advance(*optimizer, space, 1);
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
      stepBy(*optimizer, space, zeros, [](const at::Tensor& theta) { return 0 * theta.sum(); });
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
    CHECK_NOTHROW(stepBy(*optimizer, space, huge, lossOf));
    CHECK_NOTHROW(stepBy(*optimizer, space, -huge, lossOf));
  }
}
