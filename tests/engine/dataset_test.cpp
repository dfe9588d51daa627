#include "engine/data/dataset.h"

#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <fstream>
#include <limits>

#include "engine/data/experiment.h"
#include "engine/protocol/sha256.h"
#include "support.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"
#include "torch_catch.h"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using namespace tarn;
using engine::Loss;

namespace {

NdArray bytes(std::vector<std::size_t> shape) {
  std::size_t size = 1;
  for (const auto extent : shape) {
    size *= extent;
  }
  NdArray array{DType::uint8, std::move(shape), {}};
  for (std::size_t i = 0; i < size; ++i) {
    array.bytes.push_back(static_cast<std::byte>(i % 256));
  }
  return array;
}

NdArray floats(std::vector<std::size_t> shape, std::vector<float> values) {
  return NdArray::fromFloats(std::move(shape), values);
}

NdArray integers(std::vector<std::int64_t> values) {
  return NdArray::fromInt64({values.size()}, values);
}

struct File {
  test::TemporaryFolder folder;
  std::string path = (folder / "data.npz").string();

  File(NdArray inputs, NdArray targets) {
    writeNpz(path, {{"inputs", std::move(inputs)}, {"targets", std::move(targets)}});
  }
  engine::Dataset open(nlohmann::json data = nlohmann::json::object(),
                       Loss loss = Loss::crossEntropy) const {
    data["path"] = path;
    return engine::openDataset(data, loss, at::kFloat);
  }
};

nlohmann::json layout(const std::string& word) {
  return {{"transform", {{"layout", word}}}};
}

}  // namespace

TEST_CASE("images with channels last reach the model with channels first, transformed") {
  const File file(bytes({2, 2, 2, 3}), integers({0, 1}));
  const auto data = file.open({{"transform",
                                {{"layout", "nhwc"},
                                 {"scale", 1.0 / 255},
                                 {"mean", {.1, .2, .3}},
                                 {"std", {.5, .25, 2}}}}});
  REQUIRE(data.inputs[0].sizes() == at::IntArrayRef({2, 3, 2, 2}));
  CHECK(data.inputs[0].scalar_type() == at::kFloat);
  // Sample 1, row 1, column 0, channel 2 is byte 12 + 6 + 2 = 20.
  CHECK_THAT(data.inputs[0][1][2][1][0].item<double>(), WithinAbs((20 / 255. - .3) / 2, 1e-8));
  CHECK_THAT(data.inputs[0][0][1][0][1].item<double>(), WithinAbs((4 / 255. - .2) / .25, 1e-7));
  CHECK(data.targets.scalar_type() == at::kLong);
  CHECK(data.sha256 == sha256OfFile(file.path));
}

TEST_CASE("images with channels first stay as they are; a 3-D array is images of one channel") {
  CHECK(File(bytes({2, 3, 4, 5}), integers({0, 1}))
            .open(layout("nchw"))
            .inputs[0][1][2][3][4]
            .item<float>() == 119);
  const auto grey = File(bytes({2, 4, 5}), integers({0, 1}));
  CHECK(grey.open(layout("nhwc")).inputs[0].sizes() == at::IntArrayRef({2, 1, 4, 5}));
  CHECK(grey.open().inputs[0].sizes() == at::IntArrayRef({2, 4, 5}));
}

TEST_CASE("the layout of images has to be said unless it is obvious") {
  REQUIRE_THROWS_WITH(File(bytes({2, 3, 4, 5}), integers({0, 1})).open(),
                      ContainsSubstring("2×3×4×5") && ContainsSubstring("has to be said"));
  const std::vector<float> values(std::size_t{2} * 3 * 4 * 3, 1);
  REQUIRE_THROWS_AS(File(floats({2, 3, 4, 3}, values), integers({0, 1})).open(), Error);
  CHECK(File(floats({2, 3, 4, 3}, values), integers({0, 1})).open(layout("nchw")).samples() == 2);
  CHECK(File(floats({2, 3, 3, 4}, values), integers({0, 1})).open().samples() == 2);
  REQUIRE_THROWS_WITH(File(bytes({2, 3}), integers({0, 1})).open(layout("nhwc")),
                      ContainsSubstring("no images"));
}

TEST_CASE("a subset is the first samples, or a random choice that its seed repeats") {
  const File file(bytes({100, 1}), integers(std::vector<std::int64_t>(100, 0)));
  const auto first = file.open({{"subset", {{"count", 7U}, {"seed", nullptr}}}});
  CHECK(at::equal(first.inputs[0].flatten(), at::arange(7, at::kFloat)));
  const auto random = [&](std::uint64_t seed) {
    return file.open({{"subset", {{"count", 30U}, {"seed", seed}}}}).inputs[0].flatten();
  };
  CHECK(at::equal(random(1), random(1)));
  CHECK_FALSE(at::equal(random(1), random(2)));
  const auto steps = random(3).diff();
  CHECK(steps.min().item<float>() >= 1);
  REQUIRE_THROWS_WITH(file.open({{"subset", {{"count", 101U}, {"seed", nullptr}}}}),
                      ContainsSubstring("101") && ContainsSubstring("100"));
  REQUIRE_THROWS_AS(file.open({{"subset", {{"count", 0U}, {"seed", nullptr}}}}), Error);
}

TEST_CASE("data that cannot be meant is refused with what was found") {
  REQUIRE_THROWS_WITH(File(bytes({3, 2}), integers({0, 1})).open(),
                      ContainsSubstring("3 inputs but 2 targets"));
  REQUIRE_THROWS_WITH(File(bytes({0, 2}), integers({})).open(), ContainsSubstring("no samples"));
  REQUIRE_THROWS_WITH(File(bytes({2, 2}), integers({0, -1})).open(), ContainsSubstring("-1"));
  REQUIRE_THROWS_WITH(File(bytes({2, 2}), floats({2}, {0, 1})).open(),
                      ContainsSubstring("float32 of shape 2"));
  const auto nan = std::numeric_limits<float>::quiet_NaN();
  REQUIRE_THROWS_WITH(File(floats({2}, {0, nan}), integers({0, 1})).open(),
                      ContainsSubstring("not finite"));
  REQUIRE_THROWS_WITH(
      File(bytes({2, 4}), integers({0, 1})).open({{"transform", {{"std", {1, 2, 3}}}}}),
      ContainsSubstring("3 values for std") && ContainsSubstring("4 channels"));
  REQUIRE_THROWS_AS(File(bytes({2, 4}), integers({0, 1})).open({{"transform", {{"std", {0}}}}}),
                    Error);
}

TEST_CASE("files that are missing, foreign or without the arrays are told apart") {
  const test::TemporaryFolder folder;
  const auto open = [](const std::string& path) {
    return engine::openDataset({{"path", path}}, Loss::mse, at::kFloat);
  };
  try {
    open((folder / "missing.npz").string());
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::notFound);
  }
  std::ofstream((folder / "text.npz").string()) << "not a zip archive";
  REQUIRE_THROWS_AS(open((folder / "text.npz").string()), Error);
  writeNpz((folder / "other.npz").string(), {{"x", bytes({2})}});
  REQUIRE_THROWS_WITH(open((folder / "other.npz").string()),
                      ContainsSubstring("no array 'inputs'") && ContainsSubstring("x"));
}

TEST_CASE("batches cover the data in order") {
  const engine::Dataset data{at::arange(10, at::kFloat).view({10, 1}), at::arange(10), ""};
  const auto batches = engine::makeBatches(data, {4, false});
  REQUIRE(batches.size() == 3);
  CHECK(batches[2].size() == 2);
  CHECK(batches[1].targets[0].item<std::int64_t>() == 4);
  CHECK(engine::makeBatches(data, {}).size() == 1);
}

TEST_CASE("the losses are those of their definitions") {
  const auto z = torch::tensor({{1., 2., -1.}, {0., 0., 3.}}, at::kDouble);
  const auto labels = torch::tensor({1, 0}, at::kLong);
  const auto crossEntropy = engine::lossPerSample(Loss::crossEntropy, z, labels);
  CHECK_THAT(crossEntropy[0].item<double>(),
             WithinAbs(std::log(std::exp(1.) + std::exp(2.) + std::exp(-1.)) - 2, 1e-14));
  CHECK_THAT(crossEntropy[1].item<double>(), WithinAbs(std::log(2 + std::exp(3.)), 1e-14));
  CHECK(engine::countCorrect(z, labels) == 1);
  const auto mse = engine::lossPerSample(Loss::mse, z, at::zeros({2, 3}));
  CHECK_THAT(mse[0].item<double>(), WithinAbs(2, 1e-14));
  CHECK_THAT(mse[1].item<double>(), WithinAbs(3, 1e-14));
}

TEST_CASE("confident logits of float32 still have an exact small loss") {
  // log(1 + e^−30) ≈ 9.4e-14 would be 0 in float32.
  const auto loss = engine::lossPerSample(Loss::crossEntropy, torch::tensor({{30.F, 0.F}}),
                                          at::zeros({1}, at::kLong));
  CHECK_THAT(loss.item<double>() / std::log1p(std::exp(-30.)), WithinAbs(1, .05));
}

TEST_CASE("outputs that do not fit the loss are refused with both shapes") {
  REQUIRE_THROWS_WITH(
      engine::requireFit(Loss::crossEntropy, at::ones({2, 3, 4}), at::zeros({2}, at::kLong)),
      ContainsSubstring("2×3×4") && ContainsSubstring("targets have 2"));
  REQUIRE_THROWS_WITH(engine::requireFit(Loss::mse, at::ones({2, 1}), at::ones({2})),
                      ContainsSubstring("2×1"));
}

TEST_CASE("an experiment whose parts do not belong together is refused when it is opened") {
  const File file(floats({2, 3}, {1, 2, 3, 4, 5, 6}), integers({0, 2}));
  const auto model = (file.folder / "model.pt").string();
  const auto open = [&](const std::string& source, const at::Tensor& w,
                        const nlohmann::json& more = nlohmann::json::object()) {
    test::script(source, {{"w", w}}).save(model);
    nlohmann::json experiment{{"model", {{"spec", model}, {"sha256", sha256OfFile(model)}}},
                              {"data", {{"path", file.path}}},
                              {"loss", "cross-entropy"}};
    experiment.update(more);
    return engine::openExperiment(experiment, {});
  };
  const std::string product = "def forward(self, x):\n  return x.matmul(self.w)\n";
  CHECK(open(product, at::ones({3, 3})).outputShape == std::vector<std::int64_t>{2, 3});
  REQUIRE_THROWS_WITH(open(product, at::ones({3, 2})),
                      ContainsSubstring("label 2") && ContainsSubstring("2 outputs"));
  REQUIRE_THROWS_WITH(open(product, at::ones({4, 3})), ContainsSubstring("shape 2×3"));
  REQUIRE_THROWS_WITH(open(product, at::ones({3, 3}), {{"device", "cuda"}}),
                      ContainsSubstring("cuda"));
  REQUIRE_THROWS_WITH(open(product, at::ones({3, 3}), {{"loss", "hinge"}}),
                      ContainsSubstring("hinge"));
  REQUIRE_THROWS_WITH(open(product, at::ones({3, 3}), {{"batchnorm", "moving"}}),
                      ContainsSubstring("moving"));
  const auto broken = open(product, at::full({3, 3}, std::nan("")));
  REQUIRE_THROWS_WITH(engine::referenceEvaluation(broken), ContainsSubstring("NaN"));
}
