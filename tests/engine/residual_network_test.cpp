// ResNet-20 on the first 200 CIFAR-10 test images of the optional data. The eigenvalues were
// computed by an independent program (Lanczos, 60 products, residuals < 1e-4), loss and accuracy
// of all 1,000 images by PyTorch.

#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/curvature/spectrum.h"
#include "engine/handlers/handlers.h"
#include "support.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;

namespace {

nlohmann::json optionalNetwork(std::uint64_t count) {
  auto experiment = test::residualNetwork(count, 2);
  if (experiment.is_null()) {
    SKIP("data/resnet20.pt and data/cifar10-test-1000.npz are not there");
  }
  return experiment;
}

}  // namespace

TEST_CASE("ResNet-20 has its published size, and its loss and accuracy on 1,000 images") {
  test::RecordedJob job({{"experiment", optionalNetwork(1000)}});
  test::handled(engine::handleDescribe, job);
  const auto described = job.events("described").at(0);
  CHECK(described["parameters"] == 269722);
  CHECK(described["samples"] == 1000);
  CHECK(described["inputs"] == nlohmann::json::parse("[[1000,3,32,32]]"));
  CHECK(described["output"] == nlohmann::json::parse("[1000,10]"));
  CHECK(described["batchnorm_layers"] == 19);
  // Published to five digits, from float32: half a unit of the last one and a rounding error.
  CHECK_THAT(described["loss"].get<double>(), WithinAbs(0.82200, 6e-6));
  CHECK_THAT(described["accuracy"].get<double>(), WithinAbs(0.804, 1e-12));
}

namespace {

/// The spectrum of the first 200 images, checked against what it has to begin with.
void expectSpectrum(const nlohmann::json& wanted, const std::vector<double>& expected) {
  nlohmann::json request{{"experiment", optionalNetwork(200)}, {"tolerance", 1e-3}};
  request.update(wanted);
  test::RecordedJob job(request);
  test::handled(engine::handleSpectrum, job);
  const auto spectrum = job.events("spectrum").at(0);
  INFO(spectrum.dump(1));
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK_THAT(spectrum["eigenvalues"][i].get<double>(), WithinRel(expected[i], 1e-3));
    CHECK(spectrum["residuals"][i].get<double>() <= 1e-3 * std::abs(expected[i]));
  }
}

}  // namespace

TEST_CASE("the largest eigenvalue of ResNet-20's Hessian agrees with an independent computation") {
  expectSpectrum({{"top", 1}, {"bottom", 0}, {"max_products", 40}}, {271.397});
}

// More of the spectrum takes several times the products: minutes. Run by name, or with [long].
TEST_CASE("the top of ResNet-20's Hessian spectrum agrees with it too", "[.long]") {
  expectSpectrum({{"top", 3}, {"bottom", 0}, {"max_products", 60}}, {271.397, 215.669, 186.222});
}

TEST_CASE("the bottom of ResNet-20's Hessian spectrum agrees with it too", "[.long]") {
  expectSpectrum({{"top", 3}, {"bottom", 1}, {"max_products", 100}},
                 {271.397, 215.669, 186.222, -9.1365});
}

TEST_CASE("ten eigenvalues of ResNet-20 agree with it within little memory, restarting",
          "[.long]") {
  auto experiment = engine::openExperiment(optionalNetwork(200), {});
  auto hessian = engine::makeHessian(experiment, {});
  engine::LanczosOptions options;
  options.top = 10;
  options.memoryBytes = std::uint64_t{28} * 269722 * 8;
  options.maxProducts = 250;
  const auto pairs = engine::eigenpairs(hessian, experiment, options);
  const std::vector<double> expected{271.397, 215.669, 186.222, 157.273, 133.692,
                                     116.376, 93.767,  81.861,  70.170,  68.224};
  CHECK(pairs.products > engine::basisCapacity(hessian.size(), options));  // it has restarted
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(pairs.converged[i]);
    CHECK_THAT(pairs.values[i], WithinRel(expected[i], 1e-3));
  }
}
