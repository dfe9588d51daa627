// θ as a choice of a model's parameters.

#include "engine/curvature/hessian.h"
#include "engine/curvature/random_vector.h"
#include "engine/model/builtin.h"
#include "engine/model/parameter_pattern.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using namespace tarn;
using engine::makeBuiltin;
using test::contains;

namespace {

std::vector<engine::ParameterGroup> groupsNamed(const std::vector<std::string>& names) {
  std::vector<engine::ParameterGroup> groups;
  for (const auto& name : names) {
    groups.push_back({name, {1}, 0, 1, "", {}});
  }
  return groups;
}

const std::vector<std::string> kNames{"layer1.0.conv1.weight", "layer1.0.bn1.bias",
                                      "layer10.0.conv1.weight", "head.weight", "head.bias"};

std::vector<std::string> chosen(const std::vector<std::string>& patterns) {
  const auto marks = engine::chosenGroups(groupsNamed(kNames), patterns);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    if (marks[i]) {
      names.push_back(kNames[i]);
    }
  }
  return names;
}

at::Tensor hessianOf(engine::Experiment& experiment) {
  auto hessian = test::hessianOf(experiment);
  std::vector<at::Tensor> columns;
  for (const auto& unit : at::eye(hessian.size(), at::kDouble).unbind(0)) {
    columns.push_back(hessian.product(unit));
  }
  return at::stack(columns, 1);
}

engine::Experiment small(std::unique_ptr<engine::Model> model) {
  return test::experimentOf(std::move(model), engine::gaussianVector(20, 1).view({5, 4}),
                            torch::tensor({0, 1, 1, 0, 1}, at::kLong), engine::Loss::crossEntropy);
}

}  // namespace

TEST_CASE("patterns choose parameters by name, by prefix and by part of a name", "[choice]") {
  using Names = std::vector<std::string>;
  CHECK(chosen({"head.bias"}) == Names{"head.bias"});
  CHECK(chosen({"layer1"}) == Names{"layer1.0.conv1.weight", "layer1.0.bn1.bias"});
  CHECK(chosen({"layer1*"}).size() == 3);
  CHECK(chosen({"*.bias"}) == Names{"layer1.0.bn1.bias", "head.bias"});
  CHECK(chosen({"!head"}).size() == 3);
  CHECK(chosen({"!*.bias", "head.bias"}).size() == 4);
  CHECK(chosen({"head", "!head.bias"}) == Names{"head.weight"});
}

TEST_CASE("patterns that choose nothing are named", "[choice]") {
  const auto about = [](const std::vector<std::string>& patterns) {
    return test::complaint([&] { chosen(patterns); });
  };
  CHECK(contains(about({"tail"}), "matches 'tail'"));
  CHECK(contains(about({"tail"}), "head.weight"));
  CHECK(contains(about({"head", "!head"}), "leaves none"));
  CHECK(contains(about({"hea"}), "matches 'hea'"));
}

TEST_CASE("the Hessian of a choice is that block of the whole Hessian", "[choice]") {
  const std::string network = "mlp:4-3-2,act=tanh,dtype=f64@init:3";
  auto whole = small(makeBuiltin(network));
  auto part = small(makeBuiltin(network));
  part.model->choose({"layer2.weight", "layer1.bias"});
  const auto& groups = whole.model->parameters().groups();
  // Order is the model's: layer1.bias at 12 … 14, layer2.weight at 15 … 20.
  REQUIRE(groups[1].name == "layer1.bias");
  REQUIRE(part.model->parameters().size() == 9);
  CHECK(part.model->parameters().groups()[0].name == "layer1.bias");
  const auto block = hessianOf(whole).narrow(0, 12, 9).narrow(1, 12, 9);
  CHECK(torch::allclose(hessianOf(part), block, 1e-12, 1e-14));
}

TEST_CASE("what is not chosen stays, in the model and in its replicas", "[choice]") {
  const auto inputs = engine::gaussianVector(8, 2).view({2, 4});
  for (const bool builtin : {true, false}) {
    auto model =
        builtin ? makeBuiltin("mlp:4-3-2,dtype=f64@init:3")
                : test::scriptModel(
                      "def forward(self, x):\n  return x.matmul(self.first).matmul(self.layer2)\n",
                      {{"first", engine::gaussianVector(12, 3).view({4, 3})},
                       {"layer2", engine::gaussianVector(6, 4).view({3, 2})}});
    const auto output = model->forward(inputs).detach();
    model->choose({"layer2"});
    CHECK(torch::equal(model->forward(inputs).detach(), output));
    const auto replica = model->clone();
    CHECK(replica->parameters().size() == model->parameters().size());
    CHECK(torch::equal(replica->forward(inputs).detach(), output));
    // Scaling the last layer (its bias, too) scales the output: the rest has not moved.
    model->parameters().set(2 * model->parameters().flat());
    CHECK(torch::allclose(model->forward(inputs), 2 * output, 1e-12, 1e-12));
    CHECK(torch::equal(replica->forward(inputs).detach(), output));
  }
}

TEST_CASE("tied parameters are chosen by any of their names", "[choice]") {
  const auto shared = at::full({1}, 3.F);
  torch::jit::Module module("tied");
  module.register_parameter("a", shared, false);
  module.register_parameter("b", shared.detach(), false);
  module.register_parameter("c", at::ones({1}), false);
  module.define("def forward(self, x):\n  return self.a * x + self.b + self.c\n");
  engine::TorchScriptModel model(module, "");
  model.choose({"b"});
  REQUIRE(model.parameters().size() == 1);
  const auto output = model.forward(at::full({1}, 2.F));
  const auto& space = model.parameters();
  CHECK(space.flatten(torch::autograd::grad({output.sum()}, space.leaves())).item<float>() == 3);
}

TEST_CASE("a model is placed at all its parameters or at the chosen ones", "[choice]") {
  test::RecordedJob job(nlohmann::json::object());
  const auto put = [&](std::vector<double> values) {
    const auto bytes = std::as_bytes(std::span(values));
    return job.put(
        {"f64", {static_cast<std::int64_t>(values.size())}, {bytes.begin(), bytes.end()}});
  };
  const auto open = [&](const std::string& at) {
    return engine::openModel({{"spec", "mlp:2-1"}, {"parameters", {"layer1.weight"}}, {"at", at}},
                             [&](const std::string& hash) { return job.storedArray(hash); });
  };
  const auto input = at::ones({1, 2});
  CHECK(open(put({1, 2, 4}))->forward(input).item<float>() == 7);
  const auto bias = makeBuiltin("mlp:2-1")->parameters().flat()[2].item<float>();
  CHECK(open(put({1, 2}))->forward(input).item<float>() == 3 + bias);
  CHECK(contains(test::complaint([&] { open(put({1})); }), "does not fit"));
}

TEST_CASE("a model in training mode normalizes by the reference's batches", "[choice]") {
  const auto model =
      engine::openModel({{"spec", "convnet:1x4x4-3-2,bn=on,dtype=f64"}, {"mode", "train"}}, {});
  CHECK(model->training());
  CHECK(model->clone()->training());
  engine::Experiment experiment;
  experiment.data = {engine::gaussianVector(20 * 16, 5).view({20, 1, 4, 4}) * 3,
                     at::arange(20).remainder(2), ""};
  experiment.model = model->clone();
  CHECK(engine::cutMatters(experiment));
  // All 20 at once: the same as evaluation with the data's own statistics.
  const auto& x = experiment.data.inputs[0];
  const auto buffers = experiment.model->buffers();
  const auto found = engine::referenceEvaluation(experiment).loss;
  CHECK(torch::equal(experiment.model->buffers(), buffers));
  const auto features = at::conv2d(x, experiment.model->parameters().leaves()[0], {}, 1, 1);
  auto statistics = buffers.clone();
  statistics.narrow(0, 0, 3).copy_(features.mean({0, 2, 3}));
  statistics.narrow(0, 3, 3).copy_(features.var({0, 2, 3}, /*unbiased=*/false));
  experiment.model->setBuffers(statistics);
  experiment.model->setTraining(false);
  CHECK(std::abs(engine::referenceEvaluation(experiment).loss - found) < 1e-12);
  CHECK(contains(
      test::complaint([] { engine::openModel({{"spec", "mlp:2-1"}, {"mode", "sleep"}}, {}); }),
      "'sleep'"));
}
