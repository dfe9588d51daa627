// Directions by their definitions: gradient, checkpoints, files, vectors that were put.

#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <cstring>

#include "engine/curvature/random_vector.h"
#include "engine/handlers/handlers.h"
#include "engine/landscape/checkpoint.h"
#include "engine/landscape/range.h"
#include "engine/model/builtin.h"
#include "engine/model/tensor_bytes.h"
#include "support.h"
#include "topology/base/error.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"
#include "topology/io/safetensors.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using nlohmann::json;

namespace {

constexpr const char* linearNetwork = "deep-linear:L=2,width=3,in=4,out=2,dtype=f64";
constexpr std::int64_t linearParameters = 3 * 4 + 2 * 3;

std::vector<double> numbersOf(const at::Tensor& tensor) {
  const auto values = tensor.to(at::kDouble).contiguous();
  return {values.const_data_ptr<double>(), values.const_data_ptr<double>() + values.numel()};
}

NdArray storedArrayOf(const at::Tensor& tensor) {
  std::vector<std::size_t> shape(tensor.sizes().begin(), tensor.sizes().end());
  return NdArray::fromDoubles(shape, numbersOf(tensor));
}

/// A deep linear network under mean squared error.
struct LinearSetting {
  test::TemporaryFolder folder;
  json experiment;
  at::Tensor inputs = engine::gaussianVector(40, 1).view({10, 4});
  at::Tensor targets = engine::gaussianVector(20, 2).view({10, 2});

  LinearSetting() {
    writeNpz(path("data.npz"),
             {{"inputs", storedArrayOf(inputs)}, {"targets", storedArrayOf(targets)}});
    experiment = {{"model", {{"spec", std::string(linearNetwork) + "@init:3"}}},
                  {"data", {{"path", path("data.npz")}}},
                  {"loss", "mse"},
                  {"seed", 4U}};
  }
  std::string path(const std::string& name) const { return (folder / name).string(); }
  at::Tensor theta(const std::string& start = "@init:3") const {
    return engine::makeBuiltin(linearNetwork + start)->parameters().flat().clone();
  }
  /// Writes the parameters under their names.
  void writeWeights(const std::string& name, const at::Tensor& flat) const {
    writeSafetensors(path(name),
                     {{"layer1.weight", storedArrayOf(flat.narrow(0, 0, 12).view({3, 4}))},
                      {"layer2.weight", storedArrayOf(flat.narrow(0, 12, 6).view({2, 3}))}});
  }
};

struct Made {
  std::vector<json> events;
  std::vector<at::Tensor> vectors;
  json gram;
};

Made madeBy(test::RecordedJob& job, const json& experiment, const json& spec,
            const std::string& normalize = "none") {
  job.setRequest({{"experiment", experiment}, {"spec", spec}, {"normalize", normalize}});
  test::handled(engine::handleDirections, job);
  Made result;
  const auto all = job.events("direction");
  result.events.assign(all.end() - static_cast<std::ptrdiff_t>(spec.size()), all.end());
  for (std::size_t i = 0; i < spec.size(); ++i) {
    result.vectors.push_back(
        engine::tensorFromBytes(job.array("direction/" + std::to_string(i))).to(at::kDouble));
  }
  result.gram = job.events("gram").back()["matrix"];
  return result;
}

std::string refusalOf(const json& experiment, const json& spec,
                      const std::string& normalize = "none") {
  return test::complaint([&] {
    test::RecordedJob job(json::object());
    madeBy(job, experiment, spec, normalize);
  });
}

}  // namespace

TEST_CASE("the direction gradient is the loss's gradient as a unit vector", "[direction]") {
  const LinearSetting setting;
  test::RecordedJob job(json::object());
  const auto found = madeBy(job, setting.experiment, {"gradient"});
  // For L = mean |W₂W₁x − t|² over samples and outputs, with E = W₂W₁X − T:
  // ∂L/∂W₁ = 2/(nm) W₂ᵀE Xᵀ, ∂L/∂W₂ = 2/(nm) E(W₁X)ᵀ.
  const auto theta = setting.theta();
  const auto w1 = theta.narrow(0, 0, 12).view({3, 4});
  const auto w2 = theta.narrow(0, 12, 6).view({2, 3});
  const auto x = setting.inputs.t();
  const auto e = w2.matmul(w1).matmul(x) - setting.targets.t();
  const auto gradient =
      at::cat({w2.t().matmul(e).matmul(x.t()).flatten(), e.matmul(w1.matmul(x).t()).flatten()});
  CHECK(at::allclose(found.vectors[0], gradient / gradient.norm(), 1e-12, 1e-13));
  CHECK(found.events[0]["name"] == "gradient");
  CHECK(found.events[0]["kind"] == "gradient");
}

TEST_CASE("between leads from the model to a checkpoint: coefficient 1 is the checkpoint",
          "[direction]") {
  const LinearSetting setting;
  const auto end = engine::gaussianVector(linearParameters, 7);
  setting.writeWeights("b.safetensors", end);
  test::RecordedJob job(json::object());
  const auto start = setting.theta();
  SECTION("in a file of weights") {
    const auto found =
        madeBy(job, setting.experiment, {"between:" + setting.path("b.safetensors")});
    CHECK(at::allclose(found.vectors[0], end - start, 1e-14, 1e-14));
    CHECK_THAT(found.events[0]["norm"].get<double>(),
               WithinRel((end - start).norm().item<double>(), 1e-12));
  }
  SECTION("a built-in at its own start, whatever the normalization") {
    const auto found = madeBy(job, setting.experiment,
                              {"between:" + std::string(linearNetwork) + "@init:9"}, "filter");
    CHECK(at::allclose(found.vectors[0], setting.theta("@init:9") - start, 1e-14, 1e-14));
  }
  SECTION("that was put") {
    const auto values = end.contiguous();
    const auto bytes = engine::bytesOf(values);
    const auto hash = job.put({"f64", {linearParameters}, {bytes.begin(), bytes.end()}});
    const json entry{
        {"kind", "between"}, {"name", "between:run/1"}, {"checkpoint", {{"array", hash}}}};
    const auto found = madeBy(job, setting.experiment, json::array({entry}));
    CHECK(at::allclose(found.vectors[0], end - start, 1e-14, 1e-14));
    CHECK(found.events[0]["name"] == "between:run/1");
  }
  SECTION("of chosen parameters") {
    auto experiment = setting.experiment;
    experiment["model"]["parameters"] = {"layer2"};
    const auto found = madeBy(job, experiment, {"between:" + setting.path("b.safetensors")});
    CHECK(at::allclose(found.vectors[0], (end - start).narrow(0, 12, 6), 1e-14, 1e-14));
  }
}

TEST_CASE("a checkpoint of another network is refused", "[direction]") {
  const LinearSetting setting;
  CHECK(test::contains(
      refusalOf(setting.experiment, {"between:deep-linear:L=2,width=4,in=4,out=2,dtype=f64"}),
      "another network"));
  CHECK(test::contains(refusalOf(setting.experiment, {"between:nowhere.safetensors"}),
                       "nowhere.safetensors"));
}

TEST_CASE("a direction from a file keeps its length", "[direction]") {
  const LinearSetting setting;
  const auto vector = engine::gaussianVector(linearParameters, 8);
  test::RecordedJob job(json::object());
  const auto check = [&](const std::string& name) {
    const auto found = madeBy(job, setting.experiment, {"file:" + setting.path(name)});
    CHECK(at::allclose(found.vectors[0], vector, 1e-15, 0));
  };
  writeNpy(setting.path("d.npy"), storedArrayOf(vector));
  check("d.npy");
  writeSafetensors(setting.path("one.safetensors"), {{"d", storedArrayOf(vector)}});
  check("one.safetensors");
  writeSafetensors(setting.path("two.safetensors"),
                   {{"c", storedArrayOf(vector * 2)}, {"d", storedArrayOf(vector)}});
  check("two.safetensors#d");
  setting.writeWeights("named.safetensors", vector);
  check("named.safetensors");
  CHECK(test::contains(refusalOf(setting.experiment, {"file:" + setting.path("two.safetensors")}),
                       "#c"));
  writeNpy(setting.path("short.npy"), storedArrayOf(vector.narrow(0, 0, 5)));
  CHECK(test::contains(refusalOf(setting.experiment, {"file:" + setting.path("short.npy")}),
                       "5 numbers"));
}

TEST_CASE("axes of all kinds stand together, their inner products told", "[direction]") {
  const LinearSetting setting;
  test::RecordedJob job(json::object());
  const auto vector = engine::gaussianVector(linearParameters, 8);
  const auto bytes = engine::bytesOf(vector);
  const auto hash = job.put({"f64", {linearParameters}, {bytes.begin(), bytes.end()}});
  const auto found = madeBy(job, setting.experiment,
                            {"hessian:1",
                             "hessian:-1",
                             "gradient",
                             "random:1",
                             {{"kind", "pca"}, {"name", "pca:1"}, {"array", hash}}});
  CHECK(found.events[4]["kind"] == "pca");
  CHECK(at::allclose(found.vectors[4], vector / vector.norm(), 1e-13, 1e-14));
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j) {
      CHECK_THAT(found.gram[i][j].get<double>(),
                 WithinAbs(found.vectors[i].dot(found.vectors[j]).item<double>(), 1e-14));
    }
  }
  // ‖Hd − (dᵀHd)d‖/|dᵀHd|: nothing for eigenvectors, something for the others.
  CHECK(found.events[0]["defect"].get<double>() < 1e-2);
  CHECK(found.events[3]["defect"].get<double>() > 1e-2);
}

TEST_CASE("normalization turns an eigenvector into none, and says how far", "[direction]") {
  const LinearSetting setting;
  test::RecordedJob job(json::object());
  const auto plain = madeBy(job, setting.experiment, {"hessian:1"});
  const auto scaled = madeBy(job, setting.experiment, {"hessian:1"}, "filter");
  CHECK(plain.events[0]["defect"].get<double>() < 1e-2);
  CHECK(scaled.events[0]["defect"].get<double>() > .05);
}

TEST_CASE("directions that are zero or parallel are refused by name", "[direction]") {
  const LinearSetting setting;
  const std::string here = std::string(linearNetwork) + "@init:3";
  CHECK(test::contains(refusalOf(setting.experiment, {"between:" + here}), "is zero"));
  const auto twice = refusalOf(setting.experiment, {"gradient", "random:1", "gradient"});
  CHECK(test::contains(twice, "gradient is parallel to what gradient, random:1 span"));
  // A bias and a BatchNorm have one axis: Li et al. leave them out.
  auto experiment = setting.experiment;
  experiment["model"] = {{"spec", "mlp:4-2,dtype=f64@init:1"}, {"parameters", {"*.bias"}}};
  CHECK(test::contains(refusalOf(experiment, {"random:1"}, "filter"), "is zero"));
  // At a minimum there is no gradient: targets are what the network makes.
  const auto model = engine::makeBuiltin(here);
  const at::NoGradGuard noGrad;
  writeNpz(setting.path("data.npz"), {{"inputs", storedArrayOf(setting.inputs)},
                                      {"targets", storedArrayOf(model->forward(setting.inputs))}});
  CHECK(test::contains(refusalOf(setting.experiment, {"gradient"}), "gradient is zero"));
}

TEST_CASE("a range may be another one to either side", "[direction]") {
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x * self.w\n",
                        {{"w", torch::tensor({3., 4.}, at::kDouble)}}),
      at::ones({1, 2}, at::kDouble), at::zeros({1, 2}, at::kDouble), engine::Loss::mse);
  engine::RangeFinder finder(experiment, {});
  const auto direction = torch::tensor({0., 2.}, at::kDouble);
  const auto absolute = finder.find(direction, "abs:-0.5..1.5", {});
  CHECK(absolute.from == -.5);
  CHECK(absolute.to == 1.5);
  const auto relative = finder.find(direction, "rel:0..0.5", {});
  CHECK(relative.from == 0);
  CHECK_THAT(relative.to, WithinRel(.5 * 5 / 2, 1e-14));
  for (const char* wrong : {"abs:1..1", "abs:2..1", "abs:..1", "abs:1..", "rel:a..b"}) {
    REQUIRE_THROWS_AS(finder.find(direction, wrong, {}), Error);
  }
}

TEST_CASE("a range that reaches nothing finite is refused", "[direction]") {
  // √w is NaN for w < 0, and w²·10³⁰⁰ overflows soon: finite within (0, 10⁴).
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return self.w.sqrt() * x * 1e300 * self.w\n",
                        {{"w", torch::tensor({1e-200}, at::kDouble)}}),
      at::ones({1, 1}, at::kDouble), at::zeros({1, 1}, at::kDouble), engine::Loss::mse);
  engine::RangeFinder finder(experiment, {});
  const auto direction = at::ones({1}, at::kDouble);
  CHECK(test::contains(test::complaint([&] { finder.find(direction, "abs:100", {}); }),
                       "not finite"));
}
