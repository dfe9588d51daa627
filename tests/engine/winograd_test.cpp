// Convolutions by Winograd's filtering, against the definition by LibTorch in double.

#include "engine/landscape/winograd.h"

#include <catch2/generators/catch_generators.hpp>
#include <cmath>

#include "engine/curvature/random_vector.h"
#include "engine/landscape/point_program.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using namespace tarn;

namespace {

struct Convolution {
  std::int64_t images, inputs, outputs, height, width, padding;
};

/// Standard normal floats.
at::Tensor drawn(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  return engine::gaussianVector(c10::multiply_integers(shape), seed).to(at::kFloat).view(shape);
}

/// Whole numbers from −8 to 8.
at::Tensor wholeNumbers(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  return drawn(shape, seed).mul(3).round().clamp(-8, 8);
}

at::Tensor winograd(const at::Tensor& x, const at::Tensor& weight,
                    const std::optional<at::Tensor>& bias, const std::optional<at::Tensor>& other,
                    std::int64_t padding, bool relu) {
  const auto call = c10::Dispatcher::singleton().findSchemaOrThrow("tarn::winograd", "");
  torch::jit::Stack stack{
      x, engine::winogradFilters(weight), bias, other, weight.size(0), padding, relu};
  call.callBoxed(stack);
  return stack.back().toTensor();
}

/// A network of a block inside a block, each of which asks for its input's dimensions, as the
/// modules of torch.nn do.
std::unique_ptr<engine::Model> nestedNetwork() {
  auto norm = test::script(
      "def forward(self, x):\n"
      "  assert x.dim() == 4, 'no images'\n"
      "  return torch.batch_norm(x, self.g, self.h, self.mean, self.var, False, 0.1, 1e-5, "
      "False)\n",
      {{"g", drawn({8}, 1) * .2 + 1}, {"h", drawn({8}, 2) * .2}},
      {{"mean", drawn({8}, 3) * .2}, {"var", drawn({8}, 4).abs() + .5}});
  auto block = torch::jit::Module("block");
  block.register_parameter("w", drawn({8, 8, 3, 3}, 5) * .2, false);
  block.register_module("norm", norm);
  block.define(
      "def forward(self, x):\n"
      "  return (x + self.norm.forward(torch.conv2d(x, self.w, None, [1, 1], [1, 1]))).relu()\n");
  auto network = torch::jit::Module("network");
  network.register_module("block", block);
  network.register_parameter("c", drawn({8, 4}, 6) * .2, false);
  network.define(
      "def forward(self, x):\n"
      "  return self.block.forward(x).mean([2, 3]).matmul(self.c)\n");
  return std::make_unique<engine::TorchScriptModel>(network, "");
}

}  // namespace

TEST_CASE("of whole numbers the sums are exact, whatever the shape", "[winograd]") {
  // With weights that are multiples of 4 no transform rounds, and neither does float below 2^24.
  const auto shape = GENERATE(Convolution{2, 8, 16, 6, 6, 1}, Convolution{3, 16, 16, 7, 5, 1},
                              Convolution{1, 20, 13, 8, 9, 0}, Convolution{5, 33, 40, 3, 3, 0},
                              Convolution{2, 9, 64, 1, 2, 1}, Convolution{40, 8, 8, 4, 4, 2});
  const auto x = wholeNumbers({shape.images, shape.inputs, shape.height, shape.width}, 1);
  const auto weight = 4 * wholeNumbers({shape.outputs, shape.inputs, 3, 3}, 2);
  const auto bias = wholeNumbers({shape.outputs}, 3);
  const auto sums =
      at::conv2d(x.to(at::kDouble), weight.to(at::kDouble), bias.to(at::kDouble), 1, shape.padding);
  const auto other = wholeNumbers(sums.sizes().vec(), 4);
  CHECK(winograd(x, weight, bias, {}, shape.padding, false).to(at::kDouble).equal(sums));
  CHECK(winograd(x, weight, bias, other, shape.padding, true)
            .to(at::kDouble)
            .equal((sums + other).relu()));
  CHECK(winograd(x, weight, {}, {}, shape.padding, false)
            .to(at::kDouble)
            .equal(sums - bias.to(at::kDouble).view({1, -1, 1, 1})));
}

TEST_CASE("of any numbers the error is no larger than that of a direct sum may be", "[winograd]") {
  // |fl(Σ) − Σ| ≤ n·ε·Σ|w||x| for a sum of n products (Higham); the filtering adds few terms more.
  const auto x = drawn({4, 32, 12, 12}, 1);
  const auto weight = drawn({32, 32, 3, 3}, 2);
  const auto exact = at::conv2d(x.to(at::kDouble), weight.to(at::kDouble), {}, 1, 1);
  const auto sizes = at::conv2d(x.to(at::kDouble).abs(), weight.to(at::kDouble).abs(), {}, 1, 1);
  const auto error = (winograd(x, weight, {}, {}, 1, false) - exact).abs();
  const double epsilon = std::pow(2., -24);
  CHECK((error <= 9 * 32 * epsilon * sizes).all().item<bool>());
  CHECK((error.norm() <= 4 * epsilon * sizes.norm()).item<bool>());
}

TEST_CASE("an image's output is the same bits whatever images are beside it", "[winograd]") {
  const auto x = drawn({9, 16, 5, 7}, 1);
  const auto weight = drawn({24, 16, 3, 3}, 2);
  const auto together = winograd(x, weight, {}, {}, 1, true);
  for (std::int64_t i = 0; i < x.size(0); ++i) {
    CHECK(winograd(x.narrow(0, i, 1), weight, {}, {}, 1, true).equal(together.narrow(0, i, 1)));
  }
}

TEST_CASE("what is no number stays none", "[winograd]") {
  auto x = at::ones({1, 8, 4, 4});
  x[0][3][1][1] = std::nan("");
  const auto y = winograd(x, at::ones({8, 8, 3, 3}), {}, {}, 1, true);
  CHECK(y[0][0][0][0].isnan().item<bool>());
}

TEST_CASE("the operator refuses what it cannot do", "[winograd]") {
  const auto weight = at::ones({8, 8, 3, 3});
  const auto complaint = [&](const at::Tensor& x, const std::optional<at::Tensor>& other) {
    return test::complaint([&] { winograd(x, weight, {}, other, 1, false); });
  };
  CHECK(test::contains(complaint(at::ones({1, 8, 4, 4}, at::kDouble), {}), "images of floats"));
  CHECK(test::contains(complaint(at::ones({1, 9, 4, 4}), {}), "filters of another shape"));
  CHECK(test::contains(complaint(at::ones({1, 8, 4, 4}), at::ones({1, 8, 1, 1})), "another term"));
  CHECK(test::contains(
      test::complaint([&] { winograd(at::ones({1, 8, 2, 4}), weight, {}, {}, 0, false); }),
      "3×3 or more"));
}

TEST_CASE("calls are followed to their end, and checks of shapes decided", "[winograd][plan]") {
  const auto model = nestedNetwork();
  const auto x = drawn({3, 8, 6, 6}, 7);
  const auto program = engine::PointProgram::make(*model, {x}, {.winograd = true});
  REQUIRE(program);
  CHECK(program->folds());
  CHECK(program->winograds() == 1);
  const at::NoGradGuard noGrad;
  const auto found = program->run({x}, program->arguments(program->tensors(), true), {});
  CHECK((found - model->forward({x})).abs().max().item<double>() < 1e-6);
}

TEST_CASE("a convolution is not moved behind what changes its input", "[winograd][plan]") {
  const auto model = test::scriptModel(
      "def forward(self, x):\n"
      "  h = torch.conv2d(x, self.a, None, [1, 1], [1, 1])\n"
      "  y = torch.conv2d(h, self.b, None, [1, 1], [1, 1])\n"
      "  h.mul_(0.5)\n"
      "  return (y + h).relu().mean([2, 3])\n",
      {{"a", drawn({8, 8, 3, 3}, 1)}, {"b", drawn({8, 8, 3, 3}, 2)}});
  const auto x = drawn({2, 8, 5, 5}, 3);
  const auto program = engine::PointProgram::make(*model, {x}, {.winograd = true});
  REQUIRE(program);
  CHECK(program->winograds() == 2);
  const at::NoGradGuard noGrad;
  const auto expected = model->forward({x});
  const auto found = program->run({x}, program->arguments(program->tensors(), false), {});
  CHECK((found - expected).abs().max().item<double>() < 1e-5 * expected.abs().max().item<double>());
}
