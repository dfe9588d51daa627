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
  engine::handleDescribe(job);
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

TEST_CASE("the top of ResNet-20's Hessian spectrum agrees with an independent computation") {
  test::RecordedJob job({{"experiment", optionalNetwork(200)},
                         {"top", 3},
                         {"bottom", 1},
                         {"tolerance", 1e-3},
                         {"max_products", 100}});
  engine::handleSpectrum(job);
  const auto spectrum = job.events("spectrum").at(0);
  INFO(spectrum.dump(1));
  const std::vector<double> expected{271.397, 215.669, 186.222, -9.1365};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK_THAT(spectrum["eigenvalues"][i].get<double>(), WithinRel(expected[i], 1e-3));
    CHECK(spectrum["residuals"][i].get<double>() <= 1e-3 * std::abs(expected[i]));
  }
}
