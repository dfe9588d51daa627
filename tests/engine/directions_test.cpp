
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "engine/curvature/random_vector.h"
#include "engine/landscape/direction_spec.h"
#include "engine/landscape/normalization.h"
#include "engine/landscape/range.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using engine::Normalization;

namespace {

std::vector<std::string> names(const nlohmann::json& list) {
  std::vector<std::string> result;
  for (const auto& spec : engine::directionSpecs(list)) {
    result.push_back(spec.name());
  }
  return result;
}

/// ½ Σ λᵢ (θᵢ − tᵢ)² by least squares on scaled unit vectors.
engine::Experiment parabola(const std::vector<double>& lambda, const at::Tensor& theta,
                            const at::Tensor& minimum) {
  const auto n = static_cast<std::int64_t>(lambda.size());
  const auto inputs = at::diag((torch::tensor(lambda, at::kDouble) * n / 2).sqrt());
  return test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x.matmul(self.theta).unsqueeze(1)\n",
                        {{"theta", theta}}),
      inputs, inputs.mv(minimum).unsqueeze(1), engine::Loss::mse);
}

}  // namespace

TEST_CASE("a list of directions names one entry an axis, counting on") {
  CHECK(names({"hessian:2", "random:1", "hessian:-1", "random"}) ==
        std::vector<std::string>{"hessian:1", "hessian:2", "random:1", "hessian:-1", "random:2"});
  for (const char* wrong : {"hessian:0", "random:-1", "hessian:x", "hessian:2x", "pca:2", "",
                            "hessian:", "hessian:99999999999999999999"}) {
    REQUIRE_THROWS_AS(engine::directionSpecs({wrong}), Error);
  }
  REQUIRE_THROWS_AS(engine::directionSpecs(nlohmann::json::array()), Error);
  REQUIRE_THROWS_AS(engine::directionSpecs({"random:16", "random:1"}), Error);
  REQUIRE_THROWS_AS(engine::directionSpecs("random:2"), Error);
}

TEST_CASE("normalization gives filters, tensors or the whole vector the norm of their weights") {
  const auto model = test::scriptModel(
      "def forward(self, x):\n  return x\n",
      {{"conv", engine::gaussianVector(std::int64_t{4} * 2 * 3 * 3, 1).view({4, 2, 3, 3})},
       {"bias", engine::gaussianVector(4, 2)},
       {"linear", engine::gaussianVector(15, 3).view({3, 5})}});
  const auto& space = model->parameters();
  const auto direction = engine::gaussianVector(space.size(), 4);
  const auto part = [&](const at::Tensor& flat, std::size_t group) {
    return space.view(flat, space.groups()[group]);
  };
  const auto weights = space.flat();

  const auto unit = engine::normalized(direction, space, Normalization::none);
  CHECK_THAT(unit.norm().item<double>(), WithinAbs(1, 1e-12));

  const auto filter = engine::normalized(direction, space, Normalization::filter);
  for (int i = 0; i < 4; ++i) {
    CHECK_THAT(part(filter, 0)[i].norm().item<double>(),
               WithinRel(part(weights, 0)[i].norm().item<double>(), 1e-12));
  }
  CHECK(part(filter, 1).abs().max().item<double>() == 0);
  CHECK_THAT(part(filter, 2)[2].norm().item<double>(),
             WithinRel(part(weights, 2)[2].norm().item<double>(), 1e-12));
  // Only lengths change: each filter still points along the draw.
  CHECK_THAT(at::cosine_similarity(part(filter, 0)[3].flatten(), part(direction, 0)[3].flatten(), 0)
                 .item<double>(),
             WithinAbs(1, 1e-12));

  const auto layer = engine::normalized(direction, space, Normalization::layer);
  CHECK_THAT(part(layer, 0).norm().item<double>(),
             WithinRel(part(weights, 0).norm().item<double>(), 1e-12));
  CHECK(part(layer, 1).abs().max().item<double>() == 0);

  const auto modelWide = engine::normalized(direction, space, Normalization::model);
  CHECK_THAT(modelWide.norm().item<double>(), WithinRel(weights.norm().item<double>(), 1e-12));
  REQUIRE_THROWS_AS(engine::normalizationFromWord("tensor"), Error);
}

TEST_CASE("a filter that the direction leaves alone stays zero") {
  const auto model = test::scriptModel("def forward(self, x):\n  return x\n",
                                       {{"w", at::ones({2, 2}, at::kDouble)}});
  const auto direction = torch::tensor({0., 0., 1., 0.}, at::kDouble);
  const auto result = engine::normalized(direction, model->parameters(), Normalization::filter);
  CHECK(result[0].item<double>() == 0);
  CHECK_THAT(result[2].item<double>(), WithinAbs(std::sqrt(2.), 1e-12));
}

TEST_CASE("absolute and relative ranges are in units of the direction") {
  auto experiment =
      parabola({1, 1}, torch::tensor({3., 4.}, at::kDouble), at::zeros({2}, at::kDouble));
  engine::RangeFinder finder(experiment, {});
  const auto direction = torch::tensor({0., 2.}, at::kDouble);
  CHECK(finder.halfWidth(direction, "abs:0.7", {}) == 0.7);
  CHECK_THAT(finder.halfWidth(direction, "rel:0.5", {}), WithinAbs(0.5 * 5 / 2, 1e-12));
  for (const char* wrong : {"abs:0", "abs:-1", "rel:nan", "abs:", "abs:1x", "far", ""}) {
    REQUIRE_THROWS_AS(finder.halfWidth(direction, wrong, {}), Error);
  }
  REQUIRE_THROWS_AS(finder.halfWidth(at::zeros({2}, at::kDouble), "abs:1", {}), Error);
}

TEST_CASE("the automatic range is where the loss has risen by what is asked") {
  // At the minimum of ½ Σ λᵢ(θᵢ − tᵢ)² the loss is 0 and L_ref, the loss of the zero output, is
  // ½ Σ λᵢ tᵢ² = ½(9·4 + 1·16) = 26; so 5 % of it is reached at √(2·1.3/λ).
  const auto minimum = torch::tensor({2., 4.}, at::kDouble);
  auto experiment = parabola({9, 1}, minimum, minimum);
  engine::RangeFinder finder(experiment, {});
  const auto x = torch::tensor({1., 0.}, at::kDouble);
  const auto y = torch::tensor({0., 1.}, at::kDouble);
  for (const auto& curvature : std::vector<std::optional<double>>{std::nullopt, 9., .001, 1e6}) {
    CHECK_THAT(finder.halfWidth(x, "auto", curvature), WithinRel(std::sqrt(2.6 / 9), .02));
  }
  CHECK_THAT(finder.halfWidth(y, "auto", {}), WithinRel(std::sqrt(2.6), .02));
  CHECK(at::equal(experiment.model->parameters().flat(), minimum));
}

TEST_CASE("a direction along which the loss does not rise ends at the length of θ") {
  auto experiment =
      parabola({1, 0}, torch::tensor({3., 4.}, at::kDouble), torch::tensor({3., 4.}, at::kDouble));
  engine::RangeFinder finder(experiment, {});
  CHECK(finder.halfWidth(torch::tensor({0., 1.}, at::kDouble), "auto", {}) == 5);
}
