#include "engine/model/model.h"

#include <catch2/matchers/catch_matchers_string.hpp>
#include <fstream>

#include "engine/protocol/sha256.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::ContainsSubstring;
using namespace tarn;

namespace {

const std::string linear = "def forward(self, x):\n  return x.matmul(self.w) + self.b\n";

torch::jit::Module linearModule() {
  return test::script(linear, {{"w", at::ones({3, 2})}, {"b", at::zeros({2})}},
                      {{"counter", at::full({}, 5, at::kLong)}, {"running_mean", at::ones({2})}});
}

std::unique_ptr<engine::Model> open(const std::string& path, const std::string& hash) {
  return engine::openModel({{"spec", path}, {"sha256", hash}}, {});
}

ErrorCode codeOf(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    CHECK_FALSE(std::string(error.what()).empty());
    return error.code();
  }
  FAIL("no error");
  return ErrorCode::internal;
}

}  // namespace

TEST_CASE("a TorchScript file runs only under the hash that was trusted") {
  const test::TemporaryFolder folder;
  const auto path = (folder / "model.pt").string();
  linearModule().save(path);
  const auto hash = sha256OfFile(path);
  const auto model = open(path, hash);
  CHECK(model->sha256() == hash);
  CHECK(model->parameters().size() == 8);
  CHECK(codeOf([&] { open(path, ""); }) == ErrorCode::untrusted);
  CHECK(codeOf([&] { engine::openModel({{"spec", path}}, {}); }) == ErrorCode::untrusted);
  CHECK(codeOf([&] { open(path, std::string(64, '0')); }) == ErrorCode::untrusted);
}

TEST_CASE("files that are no model say so") {
  const test::TemporaryFolder folder;
  CHECK(codeOf([&] { open((folder / "missing.pt").string(), ""); }) == ErrorCode::notFound);
  CHECK(codeOf([&] { open((folder / "").string(), ""); }) == ErrorCode::badInput);

  const auto text = (folder / "text.pt").string();
  std::ofstream(text) << "not a model";
  REQUIRE_THROWS_WITH(open(text, sha256OfFile(text)),
                      ContainsSubstring("is not a TorchScript model"));

  const auto cut = (folder / "cut.pt").string();
  linearModule().save(cut);
  std::filesystem::resize_file(cut, std::filesystem::file_size(cut) / 2);
  CHECK(codeOf([&] { open(cut, sha256OfFile(cut)); }) == ErrorCode::badInput);

  const auto tensor = (folder / "tensor.pt").string();
  torch::save(at::ones({3}), tensor);
  REQUIRE_THROWS_WITH(open(tensor, sha256OfFile(tensor)), ContainsSubstring("no forward method"));
}

TEST_CASE("models without differentiable parameters are refused with the reason") {
  const std::string identity = "def forward(self, x):\n  return x\n";
  REQUIRE_THROWS_WITH(test::scriptModel(identity, {}), ContainsSubstring("has no parameters"));
  REQUIRE_THROWS_WITH(test::scriptModel(identity, {{"w", at::ones({2}, at::kHalf)}}),
                      ContainsSubstring("'w'") && ContainsSubstring("Half"));
  REQUIRE_THROWS_WITH(
      test::scriptModel(identity, {{"w", at::ones({2})}, {"v", at::ones({2}, at::kDouble)}}),
      ContainsSubstring("different element types"));
}

TEST_CASE("the flat vector is the model: writing it moves the model, in named groups") {
  const auto model = std::make_unique<engine::TorchScriptModel>(linearModule(), "");
  auto& space = model->parameters();
  REQUIRE(space.groups().size() == 2);
  CHECK(space.groups()[0].name == "w");
  CHECK(space.groups()[0].shape == std::vector<std::int64_t>{3, 2});
  CHECK(space.groups()[1].offset == 6);
  space.set(at::arange(8, at::kDouble));
  // x = (1, 1, 1): columns of w sum to 0+2+4 and 1+3+5, plus b = (6, 7).
  const auto output = model->forward(at::ones({1, 3}));
  CHECK(at::equal(output, torch::tensor({{12.F, 16.F}})));
  CHECK(output.requires_grad());
  REQUIRE_THROWS_AS(space.set(at::zeros({9})), Error);

  const auto gradient = space.flatten(torch::autograd::grad({output.sum()}, space.leaves()));
  CHECK(at::equal(gradient, at::ones({8})));
}

TEST_CASE("a replica shares nothing") {
  const auto model = std::make_unique<engine::TorchScriptModel>(linearModule(), "hash");
  const auto replica = model->clone();
  CHECK(replica->sha256() == "hash");
  CHECK(at::equal(replica->parameters().flat(), model->parameters().flat()));
  CHECK(at::equal(replica->buffers(), model->buffers()));
  model->parameters().set(at::zeros({8}));
  model->setBuffers(at::zeros({3}));
  CHECK(at::equal(replica->forward(at::ones({1, 3})), at::full({1, 2}, 3.F)));
  CHECK(replica->buffers().sum().item<double>() == 7);
}

TEST_CASE("tied weights are one group, and their gradients add up") {
  // One tensor under two names in a module made here; two tensors in one memory in a loaded file.
  for (const bool oneTensor : {true, false}) {
    const auto first = at::full({1}, 3.F);
    const auto second = oneTensor ? first : first.detach();
    torch::jit::Module module("tied");
    module.register_parameter("a", first, false);
    module.register_parameter("b", second, false);
    module.define("def forward(self, x):\n  return self.a * x + self.b\n");
    engine::TorchScriptModel model(module, "");
    const auto& space = model.parameters();
    REQUIRE(space.size() == 1);
    const auto output = model.forward(at::full({1}, 2.F));
    CHECK(output.item<float>() == 9);
    const auto gradient = space.flatten(torch::autograd::grad({output.sum()}, space.leaves()));
    CHECK(gradient.item<float>() == 3);
  }
}

TEST_CASE("buffers travel as one float64 vector") {
  engine::TorchScriptModel model(linearModule(), "");
  REQUIRE(model.bufferCount() == 3);
  CHECK(model.batchNormLayers() == 1);
  const auto before = model.buffers();
  CHECK(before.sum().item<double>() == 7);
  model.setBuffers(before * 2);
  CHECK(at::equal(model.buffers(), before * 2));
  REQUIRE_THROWS_AS(model.setBuffers(at::zeros({4})), Error);
}

TEST_CASE("a model at other parameters and buffers than its file's") {
  const test::TemporaryFolder folder;
  const auto path = (folder / "model.pt").string();
  linearModule().save(path);
  test::RecordedJob job(nlohmann::json::object());
  const auto vector = [](std::vector<float> values) {
    const auto bytes = std::as_bytes(std::span(values));
    return ArrayBytes{
        "f32", {static_cast<std::int64_t>(values.size())}, {bytes.begin(), bytes.end()}};
  };
  const auto theta = job.put(vector({1, 2, 3, 4, 5, 6, 7, 8}));
  const auto buffers = job.put(vector({1, 0, 0}));
  const auto arrays = [&](const std::string& hash) { return job.storedArray(hash); };
  nlohmann::json spec{
      {"spec", path}, {"sha256", sha256OfFile(path)}, {"at", theta}, {"buffers_at", buffers}};
  const auto model = engine::openModel(spec, arrays);
  CHECK(model->parameters().flat().sum().item<float>() == 36);
  CHECK(model->buffers().sum().item<double>() == 1);
  spec["at"] = buffers;
  CHECK(codeOf([&] { engine::openModel(spec, arrays); }) == ErrorCode::badInput);
  spec["at"] = "unknown";
  CHECK(codeOf([&] { engine::openModel(spec, arrays); }) == ErrorCode::notFound);
}

TEST_CASE("a forward that fails is told in one line with the shape of the inputs") {
  engine::TorchScriptModel model(linearModule(), "");
  REQUIRE_THROWS_WITH(model.forward(at::ones({4, 5})), ContainsSubstring("inputs of shape 4×5") &&
                                                           ContainsSubstring("shapes") &&
                                                           !ContainsSubstring("\n"));
  const auto pair =
      test::scriptModel("def forward(self, x):\n  return (x, self.w)\n", {{"w", at::ones({1})}});
  REQUIRE_THROWS_WITH(pair->forward(at::ones({1})), ContainsSubstring("Tuple"));
}
