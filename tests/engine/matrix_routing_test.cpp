// Which tensors a matrix optimizer moves by its own rule, and which go to AdamW.
#include <map>

#include "engine/model/builtin.h"
#include "engine/optim/registry.h"
#include "optimizer_support.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;
using nlohmann::json;

namespace {

/// name → {rule, reason}.
std::map<std::string, std::pair<std::string, std::string>> routes(const std::string& spec,
                                                                  const ParameterSpace& space) {
  std::map<std::string, std::pair<std::string, std::string>> result;
  for (const json& route : describeRouting(parseOptimizerSpec(spec), space)) {
    result[route["name"]] = {route["rule"], route["reason"]};
  }
  return result;
}

using Pair = std::pair<std::string, std::string>;

}  // namespace

TEST_CASE("hidden matrices go to the matrix rule, all else to AdamW", "[optim][routing]") {
  const ParameterSpace space = test::mixedSpace();
  const auto found = routes("muon", space);
  CHECK(found.at("first.weight") == Pair{"adamw", "first layer or embedding"});
  CHECK(found.at("first.bias") == Pair{"adamw", "one dimension"});
  CHECK(found.at("wide.weight") == Pair{"muon", "matrix"});
  CHECK(found.at("kernel.weight") == Pair{"muon", "matrix"});
  CHECK(found.at("head.weight") == Pair{"adamw", "head"});
  CHECK(found.at("head.bias") == Pair{"adamw", "one dimension"});
}

TEST_CASE("first layer and head have a switch each", "[optim][routing]") {
  const ParameterSpace space = test::mixedSpace();
  const auto first = routes("conda:first_layer=on", space);
  CHECK(first.at("first.weight") == Pair{"conda", "matrix"});
  CHECK(first.at("head.weight") == Pair{"adamw", "head"});
  const auto head = routes("conda:head=on", space);
  CHECK(head.at("first.weight") == Pair{"adamw", "first layer or embedding"});
  CHECK(head.at("head.weight") == Pair{"conda", "matrix"});
}

TEST_CASE("a convolution's kernel is a matrix of out rows", "[optim][routing]") {
  for (const json& route : describeRouting({"muon"}, test::mixedSpace())) {
    if (route["name"] == "kernel.weight") {
      CHECK(route["shape"] == json{4, 2, 3, 3});
      CHECK(route["rows"] == 4);
      CHECK(route["columns"] == 18);
    }
    if (route["name"] == "head.weight") {
      CHECK(route["rows"].is_null());
    }
  }
}

TEST_CASE("embeddings are known by their names, wherever they are", "[optim][routing]") {
  const auto transformer = makeBuiltin("char-transformer:vocab=9,context=4,width=8,heads=2@init:0");
  const auto found = routes("muon", transformer->parameters());
  CHECK(found.at("tokens.weight") == Pair{"adamw", "first layer or embedding"});
  CHECK(found.at("positions.weight") == Pair{"adamw", "first layer or embedding"});
  CHECK(found.at("block1.qkv.weight") == Pair{"muon", "matrix"});
  CHECK(found.at("head.weight") == Pair{"adamw", "head"});
}

TEST_CASE("a choice of parameters doesn't make hidden layers the first or the last",
          "[optim][routing]") {
  ParameterSpace space = test::mixedSpace();
  space.choose({"wide", "kernel"});
  const auto found = routes("muon", space);
  REQUIRE(found.size() == 2);
  CHECK(found.at("wide.weight") == Pair{"muon", "matrix"});
  CHECK(found.at("kernel.weight") == Pair{"muon", "matrix"});
}

TEST_CASE("weights tied between embedding and head are both", "[optim][routing]") {
  const at::Tensor shared = torch::rand({6, 4});
  const ParameterSpace space({{"wte.weight", shared},
                              {"hidden.weight", torch::rand({4, 4})},
                              {"head.weight", shared.detach()}});
  const auto found = routes("muon:first_layer=on", space);
  CHECK(found.at("wte.weight") == Pair{"adamw", "head"});
  CHECK(found.at("hidden.weight") == Pair{"muon", "matrix"});
  CHECK(routes("muon:first_layer=on,head=on", space).at("wte.weight") == Pair{"muon", "matrix"});
}

TEST_CASE("LANTON moves first layer and head by the sign", "[optim][routing]") {
  const auto found = routes("lanton:head=on", test::mixedSpace());
  CHECK(found.at("first.weight") == Pair{"lanton-sign", "first layer or embedding"});
  CHECK(found.at("wide.weight") == Pair{"lanton", "matrix"});
  CHECK(found.at("head.weight") == Pair{"lanton", "matrix"});
  CHECK(found.at("head.bias") == Pair{"adamw", "one dimension"});
}

TEST_CASE("an optimizer that treats all numbers alike has no routing", "[optim][routing]") {
  CHECK(describeRouting({"sgd"}, test::mixedSpace()).empty());
  CHECK(describeRouting({"adamw"}, test::mixedSpace()).empty());
}

TEST_CASE("the rest moves exactly as by AdamW alone", "[optim][routing]") {
  ParameterSpace whole = test::mixedSpace();
  ParameterSpace alone = test::mixedSpace();
  const auto muon = makeOptimizer(
      parseOptimizerSpec("muon:adamw_lr=0.01,adamw_beta2=0.9,adamw_weight_decay=0.1"), whole);
  const auto adamw = makeOptimizer(
      parseOptimizerSpec("adamw:lr=0.01,beta2=0.9,eps=1e-10,weight_decay=0.1"), alone);
  for (int step = 0; step < 5; ++step) {
    const at::Tensor gradient = test::slopeOf(whole.flat()) + step;
    muon->step({whole.flat(), gradient, 0.5});
    adamw->step({alone.flat(), gradient, 0.5});
  }
  for (const ParameterGroup& group : whole.groups()) {
    const bool same =
        torch::equal(whole.view(whole.flat(), group), alone.view(alone.flat(), group));
    INFO(group.name);
    CHECK(same == (group.name != "wide.weight" && group.name != "kernel.weight" &&
                   group.name != "tall.weight"));
  }
}
