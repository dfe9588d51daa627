// SOAP and Shampoo on cases with a closed form, and SOAP beside its authors' code.
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "engine/curvature/random_vector.h"
#include "optim_support.h"
#include "support/optional_data.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;
using tarn::test::spaceAt;

namespace {

constexpr const char* kEverywhere = ",first_layer=on,head=on";

/// Two orthogonal bases and, for each step, the singular values of a gradient in them.
struct Commuting {
  at::Tensor u;
  at::Tensor v;
  std::vector<at::Tensor> values;

  at::Tensor gradient(std::size_t step) const { return u.mm(at::diag(values[step])).mm(v.t()); }
};

at::Tensor orthogonal(std::int64_t n, std::uint64_t seed) {
  return std::get<0>(at::linalg_qr(gaussianVector(n * n, seed).view({n, n})));
}

Commuting commuting(std::size_t steps) {
  Commuting problem{orthogonal(4, 1), orthogonal(4, 2), {}};
  // Far apart, so that the factors' eigenvectors are these bases beyond doubt.
  const at::Tensor scale = torch::tensor({8.0, 4.0, 2.0, 1.0}, at::kDouble);
  for (std::size_t step = 0; step < steps; ++step) {
    problem.values.push_back(scale * (1 + 0.3 * gaussianVector(4, 10 + step).tanh()));
  }
  return problem;
}

/// θ after each step with these gradients, as 4×4.
std::vector<at::Tensor> walk(const std::string& spec, const Commuting& problem) {
  ParameterSpace space = spaceAt(at::zeros({4, 4}, at::kDouble));
  const auto optimizer = makeOptimizer(parseOptimizerSpec(spec + kEverywhere), space);
  std::vector<at::Tensor> found;
  for (std::size_t step = 0; step < problem.values.size(); ++step) {
    optimizer->step({space.flat(), problem.gradient(step).flatten(), 1});
    found.push_back(space.flat().clone().view({4, 4}));
  }
  return found;
}

}  // namespace

TEST_CASE("SOAP goes where its authors' code goes, as far as that is determined", "[optim]") {
  // A first gradient of 7×3 leaves four directions of the left basis to rounding, and later steps
  // depend on them. In the column space of that gradient they do not, until the bases turn after
  // ten more steps.
  const auto file = test::optionalData("conformance/optimizers.json");
  if (!file) {
    SKIP("no optional test data");
  }
  const auto course = nlohmann::json::parse(std::ifstream(*file)).at("soap/tall");
  const auto matrix = [](const nlohmann::json& numbers) {
    return torch::tensor(numbers.get<std::vector<double>>(), at::kDouble).view({7, 3});
  };
  ParameterSpace space = spaceAt(matrix(course.at("w0")));
  const auto soap =
      makeOptimizer(parseOptimizerSpec("soap:eps=1e-8" + std::string(kEverywhere)), space);
  for (std::size_t step = 0; step < 5; ++step) {
    soap->step({space.flat(), matrix(course.at("grads")[step]).flatten(), 1});
  }
  const at::Tensor columns = std::get<0>(at::linalg_qr(matrix(course.at("grads")[0]))).t();
  const at::Tensor expected = columns.mm(matrix(course.at("w5")));
  CHECK(at::allclose(columns.mm(space.flat().view({7, 3})), expected, 1e-6, 1e-12));
  CHECK_FALSE(at::allclose(columns.mm(matrix(course.at("w0"))), expected, 1e-3, 1e-3));
}

TEST_CASE("SOAP on gradients that share their singular vectors is Adam on their singular values",
          "[optim]") {
  // The bases are then those vectors at once. SOAP's first step only makes them, so that Adam,
  // here LibTorch's rule written for the diagonal, begins with the second gradient.
  const Commuting problem = commuting(25);
  const auto found = walk("soap:lr=0.05,beta1=0.9,beta2=0.99,weight_decay=0", problem);
  CHECK(at::equal(found[0], at::zeros({4, 4}, at::kDouble)));
  at::Tensor mean = at::zeros({4}, at::kDouble);
  at::Tensor square = at::zeros({4}, at::kDouble);
  at::Tensor x = at::zeros({4}, at::kDouble);
  for (std::size_t t = 1; t < problem.values.size(); ++t) {
    const auto n = static_cast<double>(t);
    mean = 0.9 * mean + 0.1 * problem.values[t];
    square = 0.99 * square + 0.01 * problem.values[t].square();
    x = x - 0.05 * (mean / (1 - std::pow(0.9, n))) / (square / (1 - std::pow(0.99, n))).sqrt();
    CHECK(at::allclose(found[t], problem.u.mm(at::diag(x)).mm(problem.v.t()), 1e-6, 1e-6));
  }
}

TEST_CASE("SOAP does not turn a side that is too long", "[optim]") {
  // With neither side turned it is Adam, less the first gradient.
  const Commuting problem = commuting(12);
  const auto found =
      walk("soap:lr=0.05,beta1=0.9,beta2=0.99,weight_decay=0,eps=1e-15,max_precond_dim=3", problem);
  ParameterSpace space = spaceAt(at::zeros({4, 4}, at::kDouble));
  const auto adam = makeOptimizer(parseOptimizerSpec("adam:lr=0.05,beta2=0.99,eps=1e-15"), space);
  for (std::size_t t = 1; t < problem.values.size(); ++t) {
    adam->step({space.flat(), problem.gradient(t).flatten(), 1});
    CHECK(at::allclose(found[t].flatten(), space.flat(), 1e-6, 1e-7));
  }
}

TEST_CASE("Shampoo's first step is the orthogonal factor of the gradient", "[optim]") {
  // (GGᵀ)^(−1/4)·G·(GᵀG)^(−1/4) = U·Vᵀ for G = U·S·Vᵀ.
  const Commuting problem = commuting(1);
  const auto found = walk("shampoo:lr=0.1,beta1=0,graft=none", problem);
  CHECK(at::allclose(found[0], -0.1 * problem.u.mm(problem.v.t()), 1e-9, 1e-10));
}

TEST_CASE(
    "Shampoo on gradients that share their singular vectors is Adagrad on their singular values",
    "[optim]") {
  const Commuting problem = commuting(15);
  const auto found = walk("shampoo:lr=0.1,beta1=0,graft=none,refresh=1", problem);
  at::Tensor sum = at::zeros({4}, at::kDouble);
  at::Tensor x = at::zeros({4}, at::kDouble);
  for (std::size_t t = 0; t < problem.values.size(); ++t) {
    sum = sum + problem.values[t].square();
    x = x - 0.1 * problem.values[t] / sum.sqrt();
    CHECK(at::allclose(found[t], problem.u.mm(at::diag(x)).mm(problem.v.t()), 1e-9, 1e-10));
  }
}

TEST_CASE("Shampoo keeps its roots between refreshes", "[optim]") {
  const Commuting problem = commuting(9);
  const auto found = walk("shampoo:lr=0.1,beta1=0,graft=none,refresh=4,factor_decay=0.5", problem);
  at::Tensor average = at::zeros({4}, at::kDouble);
  at::Tensor held;
  at::Tensor x = at::zeros({4}, at::kDouble);
  for (std::size_t t = 0; t < problem.values.size(); ++t) {
    average = 0.5 * average + 0.5 * problem.values[t].square();
    held = t % 4 == 0 ? average.clone() : held;
    x = x - 0.1 * problem.values[t] / held.sqrt();
    CHECK(at::allclose(found[t], problem.u.mm(at::diag(x)).mm(problem.v.t()), 1e-9, 1e-10));
  }
}

TEST_CASE("grafted Shampoo steps as far as Adam, in Shampoo's direction", "[optim]") {
  const Commuting problem = commuting(10);
  const auto grafted = walk("shampoo:lr=0.01", problem);
  const auto plain = walk("shampoo:lr=0.01,graft=none", problem);
  ParameterSpace space = spaceAt(at::zeros({4, 4}, at::kDouble));
  const auto adam = makeOptimizer(parseOptimizerSpec("adam:lr=0.01"), space);
  at::Tensor before = at::zeros({4, 4}, at::kDouble);
  at::Tensor plainBefore = before;
  for (std::size_t t = 0; t < problem.values.size(); ++t) {
    const at::Tensor adamBefore = space.flat().clone();
    adam->step({space.flat(), problem.gradient(t).flatten(), 1});
    const double length = (space.flat() - adamBefore).norm().item<double>();
    const at::Tensor move = grafted[t] - before;
    const at::Tensor direction = plain[t] - plainBefore;
    CHECK(at::allclose(move, direction * (length / direction.norm()), 1e-9, 1e-12));
    before = grafted[t];
    plainBefore = plain[t];
  }
}
