// Products with the Hessian and the Gauss–Newton matrix, whatever way they are made: expected
// values are dense matrices assembled from Jacobians, or other operators that compute the same.

#include <atomic>
#include <catch2/generators/catch_generators.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>

#include "engine/curvature/agreement.h"
#include "engine/curvature/hessian.h"
#include "engine/curvature/random_vector.h"
#include "engine/curvature/spectrum.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using namespace tarn;

namespace {

constexpr auto kHessian = engine::CurvatureMatrix::hessian;

/// A two-layer network with a smooth activation, on seven samples of three classes.
engine::Experiment smallNetwork(engine::Loss loss = engine::Loss::crossEntropy) {
  const auto targets = loss.kind == engine::Loss::crossEntropy
                           ? at::arange(7, at::kLong).remainder(3)
                           : engine::gaussianVector(21, 7).view({7, 3});
  return test::experimentOf(
      test::scriptModel(
          "def forward(self, x):\n  return torch.tanh(x.matmul(self.a)).matmul(self.b)\n",
          {{"a", engine::gaussianVector(12, 4).view({4, 3})},
           {"b", engine::gaussianVector(9, 5).view({3, 3})}}),
      engine::gaussianVector(28, 6).view({7, 4}), targets, loss);
}

/// J = ∂z/∂θ of the outputs (samples·outputs × parameters), row by row.
at::Tensor jacobian(engine::Experiment& experiment) {
  const auto& space = experiment.model->parameters();
  const auto outputs = experiment.model->forward(experiment.data.inputs).flatten();
  std::vector<at::Tensor> rows;
  rows.reserve(static_cast<std::size_t>(outputs.numel()));
  for (std::int64_t i = 0; i < outputs.numel(); ++i) {
    rows.push_back(space.flatten(torch::autograd::grad({outputs[i]}, space.leaves(), {}, true)));
  }
  return at::stack(rows);
}

double distance(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

}  // namespace

TEST_CASE("every way to make a product gives the same one") {
  auto experiment = smallNetwork();
  const auto v = engine::gaussianVector(21, 3);
  const auto with = [&](engine::ProductMethod method) {
    return test::hessianOf(experiment, 3, 0, method).product(v);
  };
  const auto exact = with(engine::ProductMethod::doubleBackward);
  CHECK(distance(with(engine::ProductMethod::forwardOverReverse), exact) < 1e-14);
  // Rounding to the power of two thirds: 4·10⁻¹¹, times what third derivatives add.
  CHECK(distance(with(engine::ProductMethod::gradientDifferences), exact) < 1e-8);
}

TEST_CASE("the Gauss–Newton matrix is JᵀH_zJ, whatever way its products are made") {
  const auto loss = GENERATE(engine::Loss::crossEntropy, engine::Loss::mse);
  auto experiment = smallNetwork(loss);
  const auto j = jacobian(experiment);
  const auto z = experiment.model->forward(experiment.data.inputs).detach();
  // ∂²ℓ/∂z² of one sample: diag(p) − ppᵀ for cross-entropy, 2/3 for the mean of three squares.
  auto expected = at::zeros({21, 21}, at::kDouble);
  for (std::int64_t i = 0; i < 7; ++i) {
    const auto p = z[i].softmax(0);
    const auto h =
        loss == engine::Loss::mse ? at::eye(3, at::kDouble) * (2.0 / 3) : at::diag(p) - p.outer(p);
    const auto ji = j.narrow(0, 3 * i, 3);
    expected += ji.t().matmul(h).matmul(ji) / 7;
  }
  for (const auto& [method, tolerance] :
       {std::pair(engine::ProductMethod::doubleBackward, 1e-14),
        std::pair(engine::ProductMethod::forwardOverReverse, 1e-14),
        std::pair(engine::ProductMethod::gradientDifferences, 1e-8)}) {
    engine::HessianOptions options;
    options.matrix = engine::CurvatureMatrix::gaussNewton;
    options.method = method;
    options.keepBytes = std::uint64_t{1} << 30U;
    engine::Hessian matrix(*experiment.model, experiment.data, {2, false}, loss, options);
    const auto found = test::matrixOf(matrix.matrix());
    CHECK(distance(found, expected) < tolerance);
    CHECK(distance(test::matrixOf(matrix.matrix()), expected) < tolerance);  // from kept graphs
  }
}

TEST_CASE("kept graphs change no product") {
  const auto make = [] {
    return test::experimentOf(
        test::scriptModel(
            "def forward(self, x):\n  return torch.tanh(x.matmul(self.a)).matmul(self.b)\n",
            {{"a", engine::gaussianVector(12, 1).view({4, 3})},
             {"b", engine::gaussianVector(9, 2).view({3, 3})}}),
        engine::gaussianVector(28, 3).view({7, 4}), at::arange(7, at::kLong).remainder(3),
        engine::Loss::crossEntropy);
  };
  auto experiment = make();
  auto fresh = test::hessianOf(experiment, 2);
  auto keeping = test::hessianOf(experiment, 2, std::uint64_t{1} << 30U);
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const auto v = engine::gaussianVector(21, seed);
    CHECK(at::equal(fresh.product(v), keeping.product(v)));
  }
  CHECK(fresh.kept() == 0);
  CHECK(keeping.kept() == 4);
}

TEST_CASE("workers that share the batches change no bit of a product or gradient") {
  auto experiment = smallNetwork();
  const auto with = [&](int workers, std::uint64_t keepBytes) {
    engine::HessianOptions options;
    options.workers = workers;
    options.keepBytes = keepBytes;
    return engine::Hessian(*experiment.model, experiment.data, {2, false}, experiment.loss,
                           options);
  };
  auto alone = with(1, 0);
  auto three = with(3, std::uint64_t{1} << 30U);
  for (std::uint64_t seed = 0; seed < 3; ++seed) {
    const auto v = engine::gaussianVector(21, seed);
    CHECK(at::equal(alone.product(v), three.product(v)));
  }
  CHECK(at::equal(alone.gradient(), three.gradient()));
  CHECK(three.workers() == 3);
  CHECK(three.kept() == 4);
  // Where there is a batch for less than half of them, the kernels have all threads instead.
  auto nine = with(9, 0);
  nine.product(engine::gaussianVector(21, 0));
  CHECK(nine.workers() == 1);

  SECTION("also behind a move of the parameters, when no graph is kept") {
    auto shared = with(2, 0);
    shared.gradient();
    experiment.model->parameters().set(engine::gaussianVector(21, 9));
    CHECK(at::equal(shared.gradient(), alone.gradient()));
  }
}

TEST_CASE("large batches are shared among the threads, small ones left to one") {
  const auto threads = at::get_num_threads();
  const auto plan = [](std::int64_t inputs, std::int64_t hidden) {
    auto experiment = test::experimentOf(
        test::scriptModel("def forward(self, x):\n  return x.matmul(self.a).matmul(self.b)\n",
                          {{"a", engine::gaussianVector(inputs * hidden, 1).view({inputs, hidden})},
                           {"b", engine::gaussianVector(3 * hidden, 2).view({hidden, 3})}}),
        engine::gaussianVector(60 * inputs, 3).view({60, inputs}),
        at::arange(60, at::kLong).remainder(3), engine::Loss::crossEntropy);
    experiment.threads = 3;
    auto hessian = engine::makeHessian(experiment, {});
    hessian.product(engine::gaussianVector(hessian.size(), 4));
    return engine::curvaturePlan(hessian);
  };
  const auto large = plan(800, 250);  // 60 samples × 200,750 parameters
  CHECK(large["workers"] == 3);
  CHECK(large["micro_batch"] == 20);
  const auto small = plan(8, 5);
  CHECK(small["workers"] == 1);
  CHECK(small["micro_batch"] == 60);
  CHECK(at::get_num_threads() == threads);
}

TEST_CASE("what goes wrong in one worker stops all of them, and is what is told") {
  auto experiment = smallNetwork();
  std::atomic<int> batches = 0;
  engine::HessianOptions options;
  options.workers = 4;
  options.pause = [&] {
    if (++batches == 3) {
      throw Error(ErrorCode::cancelled, "Enough.");
    }
  };
  engine::Hessian hessian(*experiment.model, experiment.data, {1, false}, experiment.loss, options);
  CHECK(test::contains(test::complaint([&] { hessian.product(engine::gaussianVector(21, 0)); }),
                       "Enough"));
}

TEST_CASE("a block's product is the diagonal block of the Hessian") {
  auto experiment = smallNetwork();
  auto hessian = test::hessianOf(experiment, 0, std::uint64_t{1} << 30U);
  const auto whole = test::matrixOf(hessian.matrix());
  const auto second = test::matrixOf(hessian.block({12, 9}));
  CHECK(distance(second, whole.narrow(0, 12, 9).narrow(1, 12, 9)) < 1e-14);
}

TEST_CASE("what has no second derivative by backward passes is differentiated another way") {
  // LibTorch knows no derivative of _cdist_backward, and no forward derivative of cdist.
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return torch.cdist(x, self.w)\n",
                        {{"w", engine::gaussianVector(12, 4).view({3, 4})}}),
      engine::gaussianVector(28, 6).view({7, 4}), at::arange(7, at::kLong).remainder(3),
      engine::Loss::crossEntropy);
  auto hessian = test::hessianOf(experiment);
  const auto found = test::matrixOf(hessian.matrix());
  CHECK(hessian.method() == engine::ProductMethod::gradientDifferences);
  CHECK(test::contains(hessian.remark(), "cdist"));

  // The same distances from operators that have all derivatives.
  auto same = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return (x.unsqueeze(1) - "
                        "self.w.unsqueeze(0)).square().sum(2).sqrt()\n",
                        {{"w", engine::gaussianVector(12, 4).view({3, 4})}}),
      experiment.data.inputs[0], experiment.data.targets, engine::Loss::crossEntropy);
  auto exact = test::hessianOf(same);
  CHECK(distance(found, test::matrixOf(exact.matrix())) < 1e-8);
  CHECK(exact.method() == engine::ProductMethod::doubleBackward);
  CHECK(exact.remark().empty());
}

namespace {

/// A linear model that has memory for so many samples at a time.
class Cramped : public engine::Model {
 public:
  explicit Cramped(std::int64_t room)
      : Model({{"w", engine::gaussianVector(12, 4).view({3, 4})}}, {}, ""), room_(room) {}
  at::Tensor forward(const engine::Inputs& inputs) override {
    if (inputs.samples() > room_) {
      throw std::bad_alloc();
    }
    return inputs[0].matmul(parameters().leaves()[0].t());
  }
  void setTraining(bool) override {}
  bool differentiates() const override { return false; }
  std::unique_ptr<Model> clone() const override { return std::make_unique<Cramped>(room_); }

 private:
  std::int64_t room_;
};

}  // namespace

TEST_CASE("when memory runs out the batches get smaller, and in the end it is an error") {
  engine::Experiment experiment;
  experiment.data = {engine::gaussianVector(28, 6).view({7, 4}),
                     at::arange(7, at::kLong).remainder(3), ""};
  experiment.model = std::make_unique<Cramped>(7);
  const auto v = engine::gaussianVector(12, 1);
  const auto expected = test::hessianOf(experiment).product(v);

  experiment.model = std::make_unique<Cramped>(2);
  auto hessian = test::hessianOf(experiment, 0, std::uint64_t{1} << 30U);
  CHECK(distance(hessian.product(v), expected) < 1e-14);
  CHECK(hessian.batches().microBatch == 2);
  CHECK(test::contains(hessian.remark(), "2 samples at a time"));

  experiment.model = std::make_unique<Cramped>(0);
  auto hopeless = test::hessianOf(experiment);
  CHECK(test::contains(test::complaint([&] { hopeless.product(v); }), "single sample"));
}

TEST_CASE("two halves of the data: the norm of the difference and the overlap of eigenvectors") {
  auto experiment = smallNetwork();
  engine::LanczosOptions options;
  options.top = 3;
  options.tolerance = 1e-9;
  const auto agreement = engine::splitAgreement(experiment, kHessian, options, {});
  // All cuts of seven samples into three and four, by a dense eigensolver: one of them it is.
  const auto part = [&](const std::vector<std::int64_t>& rows) {
    const auto index = at::tensor(rows, at::kLong);
    auto some = test::experimentOf(experiment.model->clone(),
                                   experiment.data.inputs[0].index_select(0, index),
                                   experiment.data.targets.index_select(0, index), experiment.loss);
    auto hessian = test::hessianOf(some);
    return test::matrixOf(hessian.matrix());
  };
  bool found = false;
  for (unsigned mask = 0; mask < 128 && !found; ++mask) {
    std::vector<std::int64_t> in;
    std::vector<std::int64_t> out;
    for (std::int64_t i = 0; i < 7; ++i) {
      ((mask >> static_cast<unsigned>(i)) & 1U ? in : out).push_back(i);
    }
    if (in.size() != 3) {
      continue;
    }
    const auto a = part(in);
    const auto b = part(out);
    const auto norm = at::linalg_eigvalsh(a - b).abs().max().item<double>();
    if (std::abs(norm - agreement.differenceNorm) < 1e-8) {
      found = true;
      const auto leading = [](const at::Tensor& h) {
        return std::get<1>(at::linalg_eigh(h)).narrow(1, h.size(0) - 3, 3);
      };
      const auto overlap = leading(a).t().matmul(leading(b)).square().sum().item<double>() / 3;
      CHECK_THAT(agreement.overlap, WithinAbs(overlap, 1e-6));
    }
  }
  CHECK(found);
}

TEST_CASE("the largest eigenvalue of batches of all samples is that of the data") {
  auto experiment = smallNetwork();
  engine::LanczosOptions options;
  options.tolerance = 1e-9;
  auto hessian = test::hessianOf(experiment);
  const auto largest = at::linalg_eigvalsh(test::matrixOf(hessian.matrix())).max().item<double>();
  const auto all = engine::batchEigenvalue(experiment, kHessian, 7, 2, options, {});
  CHECK_THAT(all.value, WithinAbs(largest, 1e-8));
  // λmax is convex in the matrix, so a mean over batches is not below it (Jensen).
  const auto single = engine::batchEigenvalue(experiment, kHessian, 1, 40, options, {});
  CHECK(single.value > all.value);
  CHECK(test::contains(
      test::complaint([&] { engine::batchEigenvalue(experiment, kHessian, 8, 2, options, {}); }),
      "8"));
}

TEST_CASE("a model that cannot be differentiated twice or overflows is an error that says so") {
  auto experiment = test::experimentOf(
      test::scriptModel("def forward(self, x):\n  return (self.w * x).sqrt()\n",
                        {{"w", at::zeros({1}, at::kDouble)}}),
      at::ones({1, 1}, at::kDouble), at::ones({1, 1}, at::kDouble), engine::Loss::mse);
  auto hessian = test::hessianOf(experiment);
  try {
    hessian.product(at::ones({1}, at::kDouble));
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::numerical);
  }
}
