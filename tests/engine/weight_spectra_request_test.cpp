// The request `weight_spectra`, run without a pipe.

#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/diagnostics/weight_spectrum.h"
#include "engine/handlers/handlers.h"
#include "engine/model/tensor_bytes.h"
#include "support.h"
#include "support/paths.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;

namespace {

std::int64_t smallerExtent(const nlohmann::json& layer) {
  return std::min(layer.at("rows").get<std::int64_t>(), layer.at("columns").get<std::int64_t>());
}

}  // namespace

TEST_CASE("a model's matrices come one by one, without data, each with its eigenvalues") {
  test::RecordedJob job({{"model", {{"spec", "mlp:40-30-20-6@init:3"}}}});
  const auto done = engine::handleWeightSpectra(job);
  CHECK(done["parameters"] == 40 * 30 + 30 + 30 * 20 + 20 + 20 * 6 + 6);
  CHECK(done["dtype"] == "f32");
  const auto layers = job.events("layer");
  REQUIRE(layers.size() == 3);  // the biases are no matrices
  const auto expectedShape = nlohmann::json::parse("[[30,40],[20,30],[6,20]]");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto& layer = layers[i];
    CHECK(layer["index"] == i);
    CHECK(layer["shape"] == expectedShape[i]);
    const auto values =
        engine::tensorFromBytes(job.array("eigenvalues/" + std::to_string(i))).contiguous();
    REQUIRE(values.numel() == smallerExtent(layer));
    CHECK(values.equal(std::get<0>(values.sort())));
    CHECK_THAT(layer["spectral_norm"].get<double>(),
               WithinRel(std::sqrt(values[-1].item<double>()), 1e-12));
  }
  CHECK(layers[0]["name"] == layers[0]["layer"].get<std::string>() + ".weight");
  CHECK(layers[0]["alpha_hill"].is_number());
  CHECK_FALSE(layers[0].contains("note"));
  CHECK(layers[2]["alpha_hill"].is_null());
  CHECK(test::contains(layers[2]["note"], "6 eigenvalues are too few"));
}

TEST_CASE("the spectra of a model moved elsewhere are those of where it is") {
  test::RecordedJob job(nlohmann::json::object());
  const auto theta = at::full({20 * 20 + 20}, 0.5F);
  const auto hash = job.put(
      {"f32", {theta.numel()}, {engine::bytesOf(theta).begin(), engine::bytesOf(theta).end()}});
  job.setRequest({{"model", {{"spec", "mlp:20-20@init:1"}, {"at", hash}}}});
  engine::handleWeightSpectra(job);
  // 20 × 20 entries of ½ are one singular value, ½·20.
  CHECK_THAT(job.events("layer").at(0)["spectral_norm"].get<double>(), WithinRel(10.0, 1e-6));
}

TEST_CASE("the spectra of the weights stop when they are cancelled") {
  test::RecordedJob job({{"model", {{"spec", "mlp:40-30-20-6@init:3"}}}});
  job.onEvent = [&](const nlohmann::json&) { job.cancel(); };
  CHECK(test::contains(test::complaint([&] { engine::handleWeightSpectra(job); }), "cancelled"));
  CHECK(job.events("layer").size() == 1);
}

TEST_CASE("weights are read of a model file only when it is trusted") {
  test::RecordedJob job({{"model", {{"spec", test::sourceFile("README.md")}}}});
  CHECK(test::contains(test::complaint([&] { engine::handleWeightSpectra(job); }), "untrusted"));
}

// Exponents to three decimals by NumPy from the published file.
TEST_CASE("ResNet-20 has 20 matrices, with the exponents that NumPy finds") {
  const auto experiment = test::residualNetwork(1, 2);
  if (experiment.is_null()) {
    SKIP("data/resnet20.pt is not there");
  }
  test::RecordedJob job({{"model", experiment.at("model")}});
  engine::handleWeightSpectra(job);
  const auto layers = job.events("layer");
  REQUIRE(layers.size() == 20);
  for (const auto& layer : layers) {
    INFO(layer.dump(1));
    const auto kernel = layer["shape"].size() == 4 ? 9 : 1;
    const auto smaller = smallerExtent(layer);
    CHECK(job.array("eigenvalues/" + std::to_string(layer["index"].get<int>())).shape ==
          std::vector<std::int64_t>{smaller * kernel});
    CHECK(layer["alpha_hill"].get<double>() > 1);
    CHECK(layer["stable_rank"].get<double>() >= 1);
    CHECK(layer["stable_rank"].get<double>() <= static_cast<double>(smaller * kernel));
  }
  const auto exponents = [&](std::size_t i, double hill, double tail) {
    CHECK_THAT(layers[i]["alpha_hill"].get<double>(), WithinAbs(hill, 6e-4));
    CHECK_THAT(layers[i]["alpha_ks"].get<double>(), WithinAbs(tail, 6e-4));
  };
  exponents(0, 2.310, 2.707);
  exponents(1, 1.653, 3.912);
  exponents(18, 1.610, 1.624);
  exponents(19, 5.661, 5.756);
}
