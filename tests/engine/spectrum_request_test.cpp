// The request `spectrum`, run without a pipe, against the dense Hessian and its eigenvalues.

#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "engine/curvature/random_vector.h"
#include "engine/curvature/spectrum.h"
#include "engine/handlers/handlers.h"
#include "engine/model/tensor_bytes.h"
#include "support.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using nlohmann::json;

namespace {

/// A built-in network of two layers in double precision, on 40 samples of three classes.
struct SpectrumSetting {
  test::TemporaryFolder folder;
  json experiment;
  at::Tensor dense;  ///< the Hessian

  SpectrumSetting() {
    const auto inputs = engine::gaussianVector(160, 1);
    const std::vector<double> values(inputs.data_ptr<double>(), inputs.data_ptr<double>() + 160);
    std::vector<std::int64_t> labels;
    labels.reserve(40);
    for (std::size_t i = 0; i < 40; ++i) {
      labels.push_back(values[4 * i] > .3 ? 2 : values[4 * i + 1] > 0 ? 1 : 0);
    }
    writeNpz((folder / "data.npz").string(), {{"inputs", NdArray::fromDoubles({40, 4}, values)},
                                              {"targets", NdArray::fromInt64({40}, labels)}});
    experiment = {{"model", {{"spec", "mlp:4-6-3,act=tanh,dtype=f64@init:3"}}},
                  {"data", {{"path", (folder / "data.npz").string()}}},
                  {"loss", "cross-entropy"},
                  {"threads", 1U},
                  {"seed", 4U}};
    auto opened = engine::openExperiment(experiment, {});
    auto hessian = engine::makeHessian(opened, {});
    dense = test::matrixOf(hessian.matrix());
  }

  json request(json wishes) const {
    wishes["experiment"] = experiment;
    return wishes;
  }
};

/// Is cancelled at a product.
class StoppingJob : public test::RecordedJob {
 public:
  StoppingJob(json request, std::uint64_t product)
      : RecordedJob(std::move(request)), product_(product) {}
  void progress(std::uint64_t done, std::uint64_t total, const std::string& stage,
                const std::string& note) override {
    if (done == product_) {
      cancel();
    }
    RecordedJob::progress(done, total, stage, note);
  }

 private:
  std::uint64_t product_;
};

json spectrumOfRequest(const json& request) {
  test::RecordedJob job(request);
  test::handled(engine::handleSpectrum, job);
  REQUIRE(job.events("spectrum").size() == 1);
  return job.events("spectrum").at(0);
}

}  // namespace

TEST_CASE("one request gives pairs, trace, layers, density, bulk, halves and batches") {
  const SpectrumSetting setting;
  const auto spectrum = spectrumOfRequest(
      setting.request({{"top", 12U},
                       {"bottom", 1U},
                       {"tolerance", 1e-8},
                       {"trace", {{"method", "hutchinson"}, {"probes", 200U}}},
                       {"layers", {{"probes", 50U}, {"eigenvalues", true}}},
                       {"density", {{"steps", 20U}, {"probes", 60U}}},
                       {"bulk", "gap"},
                       {"splits", 2U},
                       {"inflation", {{"batches", {5U, 40U}}, {"repeats", 3U}}}}));
  const auto exact = at::linalg_eigvalsh(setting.dense).flip(0);
  for (std::int64_t i = 0; i < 13; ++i) {
    const auto place = i < 12 ? i : exact.numel() - 1;
    CHECK_THAT(spectrum["eigenvalues"][static_cast<std::size_t>(i)].get<double>(),
               WithinAbs(exact[place].item<double>(), 1e-7));
  }
  CHECK(spectrum["operator"] == "hessian");
  CHECK(spectrum["product_method"] == "double-backward");

  const double trace = setting.dense.trace().item<double>();
  const auto& estimate = spectrum["trace"];
  CHECK(estimate["products"] == 200);
  CHECK(std::abs(estimate["value"].get<double>() - trace) <
        4 * estimate["standard_error"].get<double>());

  SECTION("the density's mean is the trace over the number of parameters, within its error") {
    const auto& density = spectrum["density"];
    const double error = density["mean_standard_error"].get<double>();
    const double count = spectrum["parameters"].get<double>();
    CHECK(std::abs(density["mean"].get<double>() - trace / count) < 4 * error);
    CHECK(density["values"].size() == density["density"].size());
    CHECK(density["nodes"].size() == 60);
    CHECK(spectrum["lla"]["ratio"].get<double>() > 0);
  }

  SECTION("layers have the trace and the largest eigenvalue of their block") {
    REQUIRE(spectrum["layers"].size() == 2);
    std::int64_t offset = 0;
    double sum = 0;
    for (const auto& layer : spectrum["layers"]) {
      const auto size = layer["parameters"].get<std::int64_t>();
      const auto block = setting.dense.narrow(0, offset, size).narrow(1, offset, size);
      CHECK(std::abs(layer["trace"].get<double>() - block.trace().item<double>()) <
            4 * layer["standard_error"].get<double>());
      CHECK_THAT(layer["eigenvalue"].get<double>(),
                 WithinAbs(at::linalg_eigvalsh(block).max().item<double>(), 1e-7));
      sum += layer["trace"].get<double>();
      offset += size;
    }
    CHECK(spectrum["layers"][0]["layer"] == "layer1");
    CHECK_THAT(sum, WithinRel(estimate["value"].get<double>(), 1e-10));
  }

  SECTION("batches of all samples have the largest eigenvalue of all samples") {
    CHECK_THAT(spectrum["inflation"][1]["ratio"].get<double>(), WithinAbs(1, 1e-7));
    CHECK(spectrum["splits"]["difference_norm"].get<double>() > 0);
    CHECK(spectrum["splits"]["overlap"].get<double>() <= 1 + 1e-12);
  }
}

TEST_CASE("the Gauss–Newton matrix of cross-entropy has no negative eigenvalue") {
  const SpectrumSetting setting;
  const auto spectrum = spectrumOfRequest(setting.request(
      {{"top", 1U}, {"bottom", 1U}, {"tolerance", 1e-6}, {"operator", "gauss-newton"}}));
  CHECK(spectrum["operator"] == "gauss-newton");
  CHECK(spectrum["eigenvalues"][1].get<double>() > -1e-12);
  CHECK(at::linalg_eigvalsh(setting.dense).min().item<double>() < -1e-4);
}

TEST_CASE("halves and batches are of the matrix that was asked for") {
  // Of a model that is linear in its parameters the two matrices are one, of this one they are not.
  const SpectrumSetting setting;
  const auto spectrum =
      spectrumOfRequest(setting.request({{"top", 1U},
                                         {"tolerance", 1e-8},
                                         {"operator", "gauss-newton"},
                                         {"splits", 1U},
                                         {"inflation", {{"batches", {40U}}, {"repeats", 2U}}}}));
  auto opened = engine::openExperiment(setting.experiment, {});
  auto matrix = engine::makeHessian(opened, {}, engine::CurvatureMatrix::gaussNewton);
  const auto largest = at::linalg_eigvalsh(test::matrixOf(matrix.matrix())).max().item<double>();
  CHECK(std::abs(at::linalg_eigvalsh(setting.dense).max().item<double>() - largest) > 1e-3);
  CHECK_THAT(spectrum["eigenvalues"][0].get<double>(), WithinAbs(largest, 1e-7));
  CHECK_THAT(spectrum["inflation"][0]["eigenvalue"].get<double>(), WithinAbs(largest, 1e-7));
  // Both halves weigh the same, so λmax of the mean is no larger than the mean of the λmax, and the
  // Gauss–Newton matrix has no negative part that could hide more.
  const auto& halves = spectrum["splits"];
  const double mean =
      (halves["eigenvalues_a"][0].get<double>() + halves["eigenvalues_b"][0].get<double>()) / 2;
  CHECK(mean >= largest - 1e-7);
  CHECK(mean - largest <= halves["difference_norm"].get<double>() / 2 + 1e-7);
}

TEST_CASE("the method of a request finds the same pairs, or is refused") {
  const SpectrumSetting setting;
  const auto spectrum = spectrumOfRequest(setting.request({{"top", 5U},
                                                           {"bottom", 2U},
                                                           {"tolerance", 1e-7},
                                                           {"max_products", 100000U},
                                                           {"method", "chebyshev"}}));
  CHECK(spectrum["method"] == "chebyshev");
  const auto exact = at::linalg_eigvalsh(setting.dense).flip(0);
  for (std::int64_t i = 0; i < 7; ++i) {
    const auto place = i < 5 ? i : exact.numel() - 7 + i;
    CHECK_THAT(spectrum["eigenvalues"][static_cast<std::size_t>(i)].get<double>(),
               WithinAbs(exact[place].item<double>(), 1e-7));
  }
  test::RecordedJob job(setting.request({{"top", 1U}, {"method", "power"}}));
  CHECK(test::contains(test::complaint([&] { test::handled(engine::handleSpectrum, job); }),
                       "chebyshev"));
}

TEST_CASE("what is asked for besides pairs is told of beforehand, with its cost") {
  const SpectrumSetting setting;
  test::RecordedJob job(setting.request(
      {{"top", 0U}, {"max_products", 10U}, {"trace", {{"method", "hutch++"}, {"probes", 12U}}}}));
  test::handled(engine::handleSpectrum, job);
  REQUIRE(job.events("log").size() == 1);
  CHECK(test::contains(job.events("log")[0]["text"].get<std::string>(), "12 for the trace"));
  const auto spectrum = job.events("spectrum").at(0);
  CHECK(spectrum["eigenvalues"].empty());
  CHECK(spectrum["trace"]["method"] == "hutch++");
}

TEST_CASE("a spectrum that is cancelled leaves its pairs, and they are gone on from") {
  const SpectrumSetting setting;
  auto request = setting.request({{"top", 3U}, {"tolerance", 1e-9}});
  StoppingJob job(request, 8);
  CHECK(test::contains(test::complaint([&] { test::handled(engine::handleSpectrum, job); }),
                       "cancelled"));
  const auto begun = job.events("spectrum").at(0);
  REQUIRE_FALSE(begun["converged"][2].get<bool>());

  json hashes = json::array();
  test::RecordedJob again(json::object());
  for (int i = 0; i < 3; ++i) {
    hashes.push_back(again.put(job.array("eigenvector/" + std::to_string(i))));
  }
  request["start"] = {
      {"values", begun["eigenvalues"]}, {"residuals", begun["residuals"]}, {"vectors", hashes}};
  again.setRequest(request);
  test::handled(engine::handleSpectrum, again);
  const auto exact = at::linalg_eigvalsh(setting.dense).flip(0);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK_THAT(again.events("spectrum").at(0)["eigenvalues"][i].get<double>(),
               WithinAbs(exact[static_cast<std::int64_t>(i)].item<double>(), 1e-8));
  }
}

TEST_CASE("wishes that cannot be are refused with what could be") {
  const SpectrumSetting setting;
  const auto complaintOf = [&](const json& wishes) {
    return test::complaint([&] {
      test::RecordedJob job(setting.request(wishes));
      test::handled(engine::handleSpectrum, job);
    });
  };
  CHECK(test::contains(complaintOf({{"top", 1U}, {"operator", "fisher"}}), "gauss-newton"));
  CHECK(test::contains(complaintOf({{"top", 1U}, {"bulk", "middle"}}), "log-gap"));
  CHECK(test::contains(complaintOf({{"top", 1U}, {"trace", {{"probes", 1U}}}}), "probes"));
  CHECK(test::contains(complaintOf({{"top", 1U}, {"density", 3U}}), "density"));
  CHECK(test::contains(
      complaintOf({{"top", 1U}, {"density", {{"steps", 1000U}, {"probes", 1000U}}}}), "1000000"));
  CHECK(test::contains(
      complaintOf({{"top", 1U}, {"inflation", {{"batches", {41U}}, {"repeats", 2U}}}}), "41"));
  CHECK(test::contains(
      complaintOf({{"top", 1U},
                   {"start", {{"values", {1}}, {"residuals", {1}}, {"vectors", json::array()}}}}),
      "one length"));
}

TEST_CASE("a device that is not there is refused with those that are") {
  SpectrumSetting setting;
  const auto complaintAbout = [&](const char* device) {
    setting.experiment["device"] = device;
    return test::complaint([&] { engine::openExperiment(setting.experiment, {}); });
  };
  CHECK(test::contains(complaintAbout("tpu"), "cpu or cuda"));
  if (!torch::cuda::is_available()) {
    CHECK(test::contains(complaintAbout("cuda"), "--device cpu"));
  }
}
