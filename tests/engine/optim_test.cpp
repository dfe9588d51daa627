#include <cmath>
#include <functional>
#include <string>

#include "engine/optim/registry.h"
#include "optim_support.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;

namespace {

at::Tensor start() {
  return test::optimStart();
}
using test::largestDifference;
using test::libtorch;
using test::spaceAt;

using test::complaint;
using test::contains;

std::string complaintFor(const std::string& spec) {
  return complaint([&] {
    const ParameterSpace space = spaceAt(start());
    makeOptimizer(parseOptimizerSpec(spec), space);
  });
}

}  // namespace

TEST_CASE("gradient descent on a quadratic contracts each eigendirection by 1 - ηλ", "[optim]") {
  // c_i(t) = (1 − ηλ_i)^t c_i(0), here also with a factor beyond −1 (divergence).
  const at::Tensor lambda = torch::tensor({0.3, 1.0, 7.5, 19.0, 20.5}, torch::kDouble);
  const at::Tensor first = torch::tensor({1.0, -2.0, 0.5, 3.0, 1e-3}, torch::kDouble);
  ParameterSpace space({{"x", first.clone()}});
  const auto sgd = makeOptimizer(parseOptimizerSpec("sgd:lr=0.1"), space);
  for (int t = 1; t <= 50; ++t) {
    sgd->step({space.flat(), lambda * space.flat(), 1});
    const at::Tensor expected = (1 - 0.1 * lambda).pow(t) * first;
    CHECK(torch::allclose(space.flat(), expected, 1e-12, 1e-18));
  }
}

TEST_CASE("SGD equals LibTorch's step for step", "[optim]") {
  using torch::optim::SGD;
  using torch::optim::SGDOptions;
  CHECK(largestDifference("sgd:lr=0.03", libtorch<SGD>(SGDOptions(0.03))) < 1e-14);
  CHECK(largestDifference("sgd:lr=0.03,momentum=0.9",
                          libtorch<SGD>(SGDOptions(0.03).momentum(0.9))) < 1e-14);
  CHECK(largestDifference("sgd:lr=0.03,momentum=0.9,dampening=0.3,weight_decay=0.05",
                          libtorch<SGD>(SGDOptions(0.03).momentum(0.9).dampening(0.3).weight_decay(
                              0.05))) < 1e-14);
  CHECK(largestDifference("sgd:lr=0.03,momentum=0.9,nesterov=on,weight_decay=0.05",
                          libtorch<SGD>(SGDOptions(0.03).momentum(0.9).nesterov(true).weight_decay(
                              0.05))) < 1e-14);
}

TEST_CASE("AdamW equals LibTorch's step for step", "[optim]") {
  using torch::optim::AdamW;
  using torch::optim::AdamWOptions;
  CHECK(largestDifference("adamw", libtorch<AdamW>(AdamWOptions())) < 1e-14);
  CHECK(largestDifference(
            "adamw:lr=0.05,beta1=0.8,beta2=0.95,eps=1e-6,weight_decay=0.1",
            libtorch<AdamW>(
                AdamWOptions(0.05).betas(std::make_tuple(0.8, 0.95)).eps(1e-6).weight_decay(0.1))) <
        1e-14);
  CHECK(largestDifference("adamw:lr=0.05,weight_decay=0",
                          libtorch<AdamW>(AdamWOptions(0.05).weight_decay(0))) < 1e-14);
}

TEST_CASE("state that is cut short, foreign or too long is refused", "[optim]") {
  ParameterSpace space = spaceAt(start());
  const auto adamw = makeOptimizer({"adamw"}, space);
  const auto state = saveState(*adamw);
  for (std::size_t length = 0; length < state.size(); length += 3) {
    CHECK_THROWS_AS(restoreState(*adamw, std::span(state).first(length)), Error);
  }
  auto longer = state;
  longer.resize(longer.size() + 1);
  CHECK_THROWS_AS(restoreState(*adamw, longer), Error);
  CHECK_THROWS_AS(restoreState(*makeOptimizer({"sgd"}, space), state), Error);
  ParameterSpace larger({{"x", torch::zeros({7}, torch::kDouble)}});
  CHECK_THROWS_AS(restoreState(*makeOptimizer({"adamw"}, larger), state), Error);
  ParameterSpace narrower({{"x", torch::zeros({6}, torch::kFloat)}});
  CHECK_THROWS_AS(restoreState(*makeOptimizer({"adamw"}, narrower), state), Error);
}

TEST_CASE("an option outside its range or unknown is refused with the list", "[optim]") {
  CHECK(contains(complaintFor("adamant"), "usage"));
  CHECK(contains(complaintFor("adamant"), "adamw"));
  CHECK(contains(complaintFor("sgd:lr=-1"), "from 0"));
  CHECK(contains(complaintFor("sgd:momentum=1"), "below 1"));
  CHECK(contains(complaintFor("sgd:nesterov=on"), "momentum"));
  CHECK(contains(complaintFor("sgd:nesterov=0.5"), "on or off"));
  CHECK(contains(complaintFor("sgd:lr=fast"), "lr must be a number"));
  CHECK(contains(complaintFor("adamw:beta=0.9"), "beta1"));
  CHECK(contains(complaintFor("adamw:lr=1e999"), "lr must be"));
  CHECK(complaintFor("adamw:lr=1e-3,weight_decay=0") == "");
}

TEST_CASE("an optimizer's text is read into its name and options", "[optim]") {
  const OptimizerSpec spec = parseOptimizerSpec("sgd:lr=1e-3,nesterov=on,momentum=.9,mode=fast");
  CHECK(spec.name == "sgd");
  CHECK(spec.options ==
        nlohmann::json{{"lr", 1e-3}, {"nesterov", true}, {"momentum", 0.9}, {"mode", "fast"}});
  CHECK(optimizerSpecFromJson(toJson(spec)) == spec);
  CHECK(optimizerSpecFromJson("sgd:lr=0.1") == parseOptimizerSpec("sgd:lr=0.1"));
  for (const std::string bad : {"", ":lr=1", "sgd:", "sgd:lr", "sgd:lr=", "sgd:=1", "sgd:lr=1,",
                                "sgd:lr=1,lr=2", "s gd", "sgd:l r=1"}) {
    INFO(bad);
    CHECK(contains(complaint([&] { parseOptimizerSpec(bad); }), "usage"));
  }
  for (const nlohmann::json& bad :
       {nlohmann::json(3), nlohmann::json::object(), nlohmann::json{{"name", 3}},
        nlohmann::json{{"name", "sgd"}, {"options", 3}}}) {
    CHECK(contains(complaint([&] { optimizerSpecFromJson(bad); }), "usage"));
  }
}

TEST_CASE("every option tells its type, default, range and meaning", "[optim]") {
  const nlohmann::json list = describeOptimizers();
  REQUIRE(list.size() == optimizerKinds().size() + wrapperKinds().size());
  for (const auto& optimizer : list) {
    CHECK_FALSE(optimizer["summary"].get<std::string>().empty());
    CHECK_FALSE(optimizer["source"].get<std::string>().empty());
    CHECK(optimizer["wrapper"].is_boolean());
    for (const auto& option : optimizer["options"]) {
      CHECK_FALSE(option["help"].get<std::string>().empty());
      CHECK(option.contains("default"));
      CHECK(option.contains("minimum"));
      CHECK(option.contains("maximum"));
    }
  }
}
