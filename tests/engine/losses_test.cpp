// The losses against LibTorch's own functions, and their options.

#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/curvature/hessian.h"
#include "engine/data/batch_loss.h"
#include "engine/data/loss.h"
#include "support.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using engine::Loss;
namespace F = torch::nn::functional;

namespace {

at::Tensor perSample(const std::string& loss, const at::Tensor& z, const at::Tensor& t) {
  return engine::lossPerSample(parseLoss(loss), z, t);
}

void expectSame(const at::Tensor& found, const at::Tensor& expected) {
  REQUIRE(found.sizes() == expected.sizes());
  CHECK(torch::allclose(found, expected, 1e-12, 1e-13));
}

}  // namespace

TEST_CASE("losses of values agree with LibTorch's", "[loss]") {
  torch::manual_seed(1);
  const auto z = torch::randn({6, 2, 3}, torch::kDouble) * 3;
  const auto t = torch::randn({6, 2, 3}, torch::kDouble) * 3;
  const auto share = torch::rand({6, 2, 3}, torch::kDouble);
  const auto perOutput = [](const at::Tensor& values) { return values.flatten(1).mean(1); };
  expectSame(perSample("l1", z, t),
             perOutput(F::l1_loss(z, t, F::L1LossFuncOptions().reduction(torch::kNone))));
  expectSame(perSample("mse", z, t),
             perOutput(F::mse_loss(z, t, F::MSELossFuncOptions().reduction(torch::kNone))));
  expectSame(
      perSample("huber:delta=0.7", z, t),
      perOutput(F::huber_loss(z, t, F::HuberLossFuncOptions().reduction(torch::kNone).delta(0.7))));
  expectSame(perSample("bce-logits", z, share),
             perOutput(F::binary_cross_entropy_with_logits(
                 z, share, F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kNone))));
}

TEST_CASE("losses of classes agree with LibTorch's, smoothed too", "[loss]") {
  torch::manual_seed(2);
  const auto z = torch::randn({7, 5}, torch::kDouble);
  const auto t = torch::randint(5, {7}, torch::kLong);
  const auto options = F::CrossEntropyFuncOptions().reduction(torch::kNone);
  expectSame(perSample("cross-entropy", z, t), F::cross_entropy(z, t, options));
  expectSame(perSample("cross-entropy:smoothing=0.2", z, t),
             F::cross_entropy(z, t, F::CrossEntropyFuncOptions(options).label_smoothing(0.2)));
  const auto logs = z.log_softmax(1);
  expectSame(perSample("nll", logs, t),
             F::nll_loss(logs, t, F::NLLLossFuncOptions().reduction(torch::kNone)));
}

TEST_CASE("a sample of tokens has the mean over its positions that count", "[loss]") {
  torch::manual_seed(3);
  const auto z = torch::randn({3, 4, 5}, torch::kDouble);
  auto t = torch::randint(5, {3, 4}, torch::kLong);
  t[0][1] = engine::ignoredLabel;
  t[2][0] = engine::ignoredLabel;
  t[2][3] = engine::ignoredLabel;
  std::vector<at::Tensor> expected;
  std::vector<at::Tensor> right;
  for (std::int64_t i = 0; i < 3; ++i) {
    expected.push_back(F::cross_entropy(z[i], t[i]));  // the mean without ignore_index = -100
    const auto counted = t[i].ne(engine::ignoredLabel);
    right.push_back(z[i].argmax(1).eq(t[i]).sum().to(at::kDouble) / counted.sum());
  }
  expectSame(perSample("cross-entropy", z, t), torch::stack(expected));
  CHECK_THAT(engine::countCorrect(z, t),
             WithinAbs(torch::stack(right).sum().item<double>(), 1e-14));
}

TEST_CASE("bce-logits has its second derivative where logits are 0 or large", "[loss]") {
  // σ(1 − σ): ¼ at 0, e^−z for large z.
  auto z = torch::tensor({0., 40., -800.}, at::kDouble).unsqueeze(1).requires_grad_(true);
  const auto loss = perSample("bce-logits", z, torch::ones({3, 1}, at::kDouble)).sum();
  const auto first = torch::autograd::grad({loss}, {z}, {}, true, true).front();
  CHECK_THAT(first[0].item<double>(), WithinAbs(-0.5, 1e-15));
  const auto second = torch::autograd::grad({first.sum()}, {z}).front();
  CHECK_THAT(second[0].item<double>(), WithinAbs(0.25, 1e-15));
  CHECK_THAT(second[1].item<double>(), WithinAbs(std::exp(-40.), 1e-16));
  CHECK(second[2].item<double>() == 0);
}

TEST_CASE("decay adds half its size times the squared norm of the parameters", "[loss]") {
  const auto w = torch::tensor({1., -2., 3.}, at::kDouble).unsqueeze(1);
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return x.matmul(self.w)\n", {{"w", w}}),
      torch::zeros({4, 3}, at::kDouble), torch::zeros({4, 1}, at::kDouble),
      parseLoss("mse:decay=0.1"));
  const auto found = engine::referenceEvaluation(experiment);
  CHECK_THAT(found.loss, WithinRel(0.05 * 14, 1e-14));
  // With zero inputs nothing else curves: the Hessian is 0.1·I.
  auto hessian = test::hessianOf(experiment, 3);
  const auto v = torch::tensor({1., 2., 4.}, at::kDouble);
  CHECK(torch::allclose(hessian.product(v), 0.1 * v, 1e-14, 0));
}

TEST_CASE("a loss in words is read back as it was", "[loss]") {
  for (const std::string text : {"cross-entropy", "cross-entropy:smoothing=0.1,decay=0.25",
                                 "huber:delta=2.5", "model:decay=0.01", "nll", "l1"}) {
    CHECK(toString(parseLoss(text)) == text);
  }
  CHECK(toString(parseLoss("huber:delta=1")) == "huber");
}

TEST_CASE("a loss that is not there, or an option it has not, is named", "[loss]") {
  const auto about = [](const std::string& text) {
    return test::complaint([&] { parseLoss(text); });
  };
  CHECK(test::contains(about("hinge"), "usage"));
  CHECK(test::contains(about("hinge"), "'hinge'"));
  CHECK(test::contains(about("mse:smoothing=0.1"), "mse can't have 'smoothing=0.1'"));
  CHECK(test::contains(about("cross-entropy:smoothing=1"), "smoothing=1"));
  CHECK(test::contains(about("huber:delta=0"), "delta=0"));
  CHECK(test::contains(about("huber:delta"), "no value"));
  CHECK(test::contains(about("huber:delta=x"), "no number"));
  CHECK(test::contains(about("huber:delta=nan"), "no number"));
  CHECK(test::contains(about("huber:delta=1,delta=2"), "twice"));
}
