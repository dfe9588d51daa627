// Optimizers that LibTorch has too: the same numbers after every step.
#include <string>
#include <tuple>

#include "optim_support.h"
#include "torch_catch.h"

using namespace tarn;
using tarn::test::largestDifference;
using tarn::test::libtorch;
namespace reference = torch::optim;

TEST_CASE("Adam equals LibTorch's step for step", "[optim]") {
  using reference::Adam;
  using reference::AdamOptions;
  CHECK(largestDifference("adam", libtorch<Adam>(AdamOptions())) < 1e-14);
  const auto varied =
      AdamOptions(0.05).betas(std::make_tuple(0.8, 0.95)).eps(1e-6).weight_decay(0.1);
  const std::string options = "adam:lr=0.05,beta1=0.8,beta2=0.95,eps=1e-6,weight_decay=0.1";
  CHECK(largestDifference(options, libtorch<Adam>(varied)) < 1e-13);
  CHECK(largestDifference(options + ",amsgrad=on",
                          libtorch<Adam>(AdamOptions(varied).amsgrad(true))) < 1e-13);
}

TEST_CASE("RMSprop equals LibTorch's step for step", "[optim]") {
  using reference::RMSprop;
  using reference::RMSpropOptions;
  CHECK(largestDifference("rmsprop", libtorch<RMSprop>(RMSpropOptions())) < 1e-13);
  const auto varied = RMSpropOptions(0.02).alpha(0.9).eps(1e-6).weight_decay(0.05);
  const std::string options = "rmsprop:lr=0.02,alpha=0.9,eps=1e-6,weight_decay=0.05";
  CHECK(largestDifference(options, libtorch<RMSprop>(varied)) < 1e-13);
  CHECK(largestDifference(options + ",momentum=0.8",
                          libtorch<RMSprop>(RMSpropOptions(varied).momentum(0.8))) < 1e-13);
  CHECK(largestDifference(options + ",centered=on,momentum=0.5",
                          libtorch<RMSprop>(RMSpropOptions(varied).momentum(0.5).centered(true))) <
        1e-12);
}

TEST_CASE("Adagrad equals LibTorch's step for step", "[optim]") {
  using reference::Adagrad;
  using reference::AdagradOptions;
  CHECK(largestDifference("adagrad", libtorch<Adagrad>(AdagradOptions())) < 1e-14);
  CHECK(largestDifference(
            "adagrad:lr=0.3,lr_decay=0.02,weight_decay=0.05,initial_accumulator=0.1,eps=1e-6",
            libtorch<Adagrad>(AdagradOptions(0.3)
                                  .lr_decay(0.02)
                                  .weight_decay(0.05)
                                  .initial_accumulator_value(0.1)
                                  .eps(1e-6))) < 1e-13);
}

TEST_CASE("momentum and nesterov are SGD with those options on", "[optim]") {
  using reference::SGD;
  using reference::SGDOptions;
  CHECK(largestDifference("momentum:lr=0.03", libtorch<SGD>(SGDOptions(0.03).momentum(0.9))) <
        1e-14);
  CHECK(largestDifference("nesterov:lr=0.03",
                          libtorch<SGD>(SGDOptions(0.03).momentum(0.9).nesterov(true))) < 1e-14);
}

TEST_CASE("LBFGS equals LibTorch's step for step", "[optim]") {
  using reference::LBFGS;
  using reference::LBFGSOptions;
  const auto wolfe = LBFGSOptions(1).line_search_fn("strong_wolfe");
  CHECK(largestDifference("lbfgs", libtorch<LBFGS>(wolfe), 6) < 1e-12);
  // Steps so small that they cut the searches short, and a history that overflows.
  CHECK(largestDifference(
            "lbfgs:max_iter=2,history=3",
            libtorch<LBFGS>(LBFGSOptions(wolfe).max_iter(2).max_eval(2).history_size(3)),
            12) < 1e-12);
  CHECK(largestDifference(
            "lbfgs:max_iter=7,max_eval=5,history=2",
            libtorch<LBFGS>(LBFGSOptions(wolfe).max_iter(7).max_eval(5).history_size(2)),
            12) < 1e-12);
  CHECK(largestDifference("lbfgs:lr=0.05,max_iter=4,line_search=none",
                          libtorch<LBFGS>(LBFGSOptions(0.05).max_iter(4).max_eval(5)), 12) < 1e-12);
  // A first trial far too long is brought back by zooming in, one far too short by extrapolation.
  for (const double first : {40.0, 1e-3}) {
    const std::string rate = std::to_string(first);
    CHECK(largestDifference("lbfgs:lr=" + rate + ",max_iter=3",
                            libtorch<LBFGS>(LBFGSOptions(std::stod(rate))
                                                .line_search_fn("strong_wolfe")
                                                .max_iter(3)
                                                .max_eval(3)),
                            6) < 1e-12);
  }
}
