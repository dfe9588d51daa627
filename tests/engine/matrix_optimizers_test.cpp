// Update rules of the matrix optimizers where a closed form or an identity says what must come out.
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <format>
#include <functional>

#include "engine/optim/newton_schulz.h"
#include "engine/optim/registry.h"
#include "optimizer_support.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;
using Catch::Matchers::WithinRel;
using tarn::test::exactPolar;
using tarn::test::largest;

namespace {

std::unique_ptr<Optimizer> made(const std::string& spec, const std::vector<ParameterGroup>& groups,
                                const at::Tensor& theta) {
  const OptimizerSpec parsed = parseOptimizerSpec(spec);
  const OptimizerKind& kind = findOptimizer(parsed.name);
  return kind.make(checkOptions(kind, parsed.options), groups, theta);
}

/// One hidden matrix and an optimizer on it.
class Course {
 public:
  Course(const std::string& spec, const at::Tensor& start) : flat_(start.flatten().clone()) {
    group_.name = "hidden.weight";
    group_.shape = start.sizes().vec();
    group_.size = start.numel();
    optimizer_ = made(spec, {group_}, flat_);
  }

  void step(const at::Tensor& gradient) { optimizer_->step({flat_, gradient.flatten(), 1}); }
  at::Tensor weights() const { return flat_.view(group_.shape).clone(); }
  /// By how much one more step moves the weights.
  at::Tensor moved(const at::Tensor& gradient) {
    const at::Tensor before = weights();
    step(gradient);
    return weights() - before;
  }

 private:
  ParameterGroup group_;
  at::Tensor flat_;
  std::unique_ptr<Optimizer> optimizer_;
};

at::Tensor gaussianMatrix(std::int64_t m, std::int64_t n, std::uint64_t seed = 31) {
  torch::manual_seed(seed);
  return torch::randn({m, n}, torch::kDouble);
}

at::Tensor nothing(std::int64_t m, std::int64_t n) {
  return torch::zeros({m, n}, torch::kDouble);
}

/// P·f(S)·Qᵀ.
at::Tensor withValues(const at::Tensor& matrix,
                      const std::function<at::Tensor(const at::Tensor&)>& f) {
  const auto [u, s, vh] = at::linalg_svd(matrix, false);
  return (u * f(s)).mm(vh);
}

double nuclear(const at::Tensor& matrix) {
  return at::linalg_svdvals(matrix).sum().item<double>();
}

double frobenius(const at::Tensor& values) {
  return values.norm().item<double>();
}

}  // namespace

TEST_CASE("HTMuon of power 0 is Muon with the exact polar factor", "[optim][matrix]") {
  // U after t steps with the same gradient is a positive multiple of it.
  const at::Tensor gradient = gaussianMatrix(7, 3);
  Course course("htmuon:power=0,weight_decay=0,lr=0.5", nothing(7, 3));
  for (int t = 0; t < 3; ++t) {
    CHECK(largest(course.moved(gradient) + .5 * std::sqrt(7. / 3) * exactPolar(gradient)) < 1e-13);
  }
}

TEST_CASE("HTMuon of power 1 is momentum times the shape factor", "[optim][matrix]") {
  Course course("htmuon:power=1,weight_decay=0,lr=0.5,momentum=0.9", nothing(3, 7));
  at::Tensor average = nothing(3, 7);
  for (std::uint64_t t = 0; t < 4; ++t) {
    const at::Tensor gradient = gaussianMatrix(3, 7, 40 + t);
    average = .9 * average + .1 * gradient;
    CHECK(largest(course.moved(gradient) + .5 * (.1 * gradient + .9 * average)) < 1e-14);
  }
}

TEST_CASE("HTMuon by rank gives the k-th singular value k^-p", "[optim][matrix]") {
  Course course("htmuon:variant=rank,power=0.5,weight_decay=0,lr=1", nothing(4, 4));
  const at::Tensor values = at::linalg_svdvals(course.moved(gaussianMatrix(4, 4)));
  CHECK(largest(values - torch::tensor({1., std::pow(2, -.5), std::pow(3, -.5), .5},
                                       torch::kDouble)) < 1e-13);
}

TEST_CASE("HTMuon with an interval is Muon between its own steps", "[optim][matrix]") {
  Course interval("htmuon:variant=interval,interval=3,weight_decay=0,lr=1", nothing(5, 3));
  Course muon("muon:lr=1", nothing(5, 3));
  Course exact("htmuon:weight_decay=0,lr=1", nothing(5, 3));
  for (std::uint64_t t = 1; t <= 6; ++t) {
    const at::Tensor gradient = gaussianMatrix(5, 3, 50 + t);
    const at::Tensor byMuon = muon.moved(gradient);
    const at::Tensor byItself = exact.moved(gradient);
    CHECK(largest(interval.moved(gradient) - (t % 3 == 0 ? byItself : byMuon)) < 1e-13);
  }
}

TEST_CASE("HTMuon by square roots is Newton–Schulz's factor times (UᵀU)^(p/2)", "[optim][matrix]") {
  for (const auto& [m, n] : {std::pair{6, 3}, {3, 6}}) {
    const at::Tensor gradient = withValues(gaussianMatrix(m, n), [](const at::Tensor& s) {
      return torch::linspace(2, .5, s.numel(), torch::kDouble);
    });
    Course course(
        "htmuon:variant=newton,power=0.25,weight_decay=0,lr=1,shape_factor=none,"
        "momentum=0.9",
        nothing(m, n));
    const at::Tensor u = .1 * 1.9 * gradient;  // (1 − β)(1 + β)G at the first step
    const at::Tensor factor = newtonSchulz(u);
    const auto eighth = [](const at::Tensor& s) { return s.pow(.125); };
    const at::Tensor power =
        m > n ? withValues(u.t().mm(u), eighth) : withValues(u.mm(u.t()), eighth);
    CHECK(largest(course.moved(gradient) + (m > n ? factor.mm(power) : power.mm(factor))) < 1e-10);
  }
}

TEST_CASE("HTMuon's streaming vectors find those of a momentum that keeps its direction",
          "[optim][matrix]") {
  // Orthogonal iteration: the error falls by (σ₂/σ₁)² = 1/4 a step.
  for (const auto& [m, n] : {std::pair{3, 6}, {6, 3}}) {
    const at::Tensor gradient = withValues(gaussianMatrix(m, n), [](const at::Tensor&) {
      return torch::tensor({4., 2., 1.}, torch::kDouble);
    });
    Course streaming("htmuon:variant=streaming,weight_decay=0,lr=1", nothing(m, n));
    Course exact("htmuon:weight_decay=0,lr=1", nothing(m, n));
    for (int t = 0; t < 30; ++t) {
      streaming.step(gradient);
      exact.step(gradient);
    }
    CHECK(largest(streaming.moved(gradient) - exact.moved(gradient)) < 1e-12);
  }
}

TEST_CASE("HTMuon's streaming step follows from the vectors before", "[optim][matrix]") {
  // From V = I: V is the orthogonal factor of UᵀU, and the singular values are the lengths of UV.
  const at::Tensor gradient = gaussianMatrix(5, 2);
  Course course(
      "htmuon:variant=streaming,power=0.5,weight_decay=0,lr=1,momentum=0,shape_factor=none",
      nothing(5, 2));
  const at::Tensor v = std::get<0>(at::linalg_qr(gradient.t().mm(gradient)));
  const at::Tensor along = gradient.mm(v);
  CHECK(largest(course.moved(gradient) + (along * along.norm(2, {0}).pow(-.5)).mm(v.t())) < 1e-13);
}

TEST_CASE("the shape factors are 1, √max(1, m/n), √(m/n) and 0.2·√max(m, n)", "[optim][matrix]") {
  const auto length = [](const std::string& factor, std::int64_t m, std::int64_t n) {
    Course course("muon:lr=1,shape_factor=" + factor, nothing(m, n));
    return frobenius(course.moved(gaussianMatrix(m, n)));
  };
  for (const auto& [m, n] : {std::pair{8, 2}, {2, 8}}) {
    const double one = length("none", m, n);
    CHECK_THAT(length("orig", m, n), WithinRel(m == 8 ? 2 * one : one, 1e-12));
    CHECK_THAT(length("spec", m, n), WithinRel((m == 8 ? 2 : .5) * one, 1e-12));
    CHECK_THAT(length("rms", m, n), WithinRel(.2 * std::sqrt(8) * one, 1e-12));
  }
}

TEST_CASE("Muon takes a convolution's kernel as out rows", "[optim][matrix]") {
  const at::Tensor gradient = gaussianMatrix(6, 12);
  Course kernel("muon", torch::zeros({6, 3, 2, 2}, torch::kDouble));
  Course matrix("muon", nothing(6, 12));
  CHECK(torch::equal(kernel.moved(gradient).view({6, 12}), matrix.moved(gradient)));
}

TEST_CASE("RMNP moves every row by the same length, also in wide matrices", "[optim][matrix]") {
  for (const auto& [m, n] : {std::pair{8, 2}, {2, 8}}) {
    Course course("rmnp:lr=0.5", nothing(m, n));
    const at::Tensor rows = course.moved(gaussianMatrix(m, n)).norm(2, {1});
    CHECK(largest(rows - .5 * std::sqrt(std::max(1., m / static_cast<double>(n)))) < 1e-14);
  }
}

TEST_CASE("Conda's first step is ±lr·scale along every entry in the singular basis",
          "[optim][matrix]") {
  // With t = 1 the corrections cancel the averages' beginnings, as in Adam.
  for (const auto& [m, n] : {std::pair{6, 3}, {3, 6}, {4, 4}}) {
    const at::Tensor gradient = gaussianMatrix(m, n);
    Course course("conda:lr=0.4,scale=0.5,eps=0", nothing(m, n));
    const at::Tensor moved = course.moved(gradient);
    const auto [u, s, vh] = at::linalg_svd(gradient, false);
    const at::Tensor projected = m >= n ? moved.mm(vh.t()) : u.t().mm(moved);
    CHECK(largest(projected.abs() - .2) < 1e-12);
  }
}

TEST_CASE("Conda keeps its basis until the gap is over", "[optim][matrix]") {
  // Gradients of rank one: what leaves the basis of the first one shows when it is refreshed.
  Course kept("conda:update_gap=4", nothing(5, 3));
  Course fresh("conda:update_gap=1", nothing(5, 3));
  for (std::uint64_t t = 0; t < 5; ++t) {
    const at::Tensor gradient = gaussianMatrix(5, 3, 60 + t);
    const bool same = largest(kept.moved(gradient) - fresh.moved(gradient)) < 1e-12;
    CHECK(same == (t == 0));
  }
}

TEST_CASE("PolarGrad's step is the polar factor times the sum of singular values",
          "[optim][matrix]") {
  const at::Tensor gradient = gaussianMatrix(7, 4);
  for (const std::string order : {"momentum-first", "polar-first"}) {
    for (const std::string method : {"qdwh", "svd", "polar-express"}) {
      INFO(order << " " << method);
      Course course(std::format("polargrad:lr=0.5,momentum=0,order={},polar={}", order, method),
                    nothing(7, 4));
      const at::Tensor expected = -.5 * nuclear(gradient) * exactPolar(gradient);
      CHECK(largest(course.moved(gradient) - expected) < 1e-5);
    }
  }
}

TEST_CASE("PolarGrad's two orders differ in what is averaged", "[optim][matrix]") {
  const at::Tensor first = gaussianMatrix(5, 5, 70);
  const at::Tensor second = gaussianMatrix(5, 5, 71);
  Course momentumFirst("polargrad:lr=1,momentum=0.5,polar=svd", nothing(5, 5));
  momentumFirst.step(first);
  const at::Tensor average = .25 * first + .5 * second;
  CHECK(largest(momentumFirst.moved(second) + nuclear(average) * exactPolar(average)) < 1e-12);
  Course polarFirst("polargrad:lr=1,momentum=0.5,polar=svd,order=polar-first", nothing(5, 5));
  polarFirst.step(first);
  CHECK(largest(polarFirst.moved(second) +
                nuclear(second) * (.25 * exactPolar(first) + .5 * exactPolar(second))) < 1e-12);
}

TEST_CASE("AuON's divisions: the paper's forgets the gradient's length, the code's keeps it",
          "[optim][matrix]") {
  const at::Tensor gradient = gaussianMatrix(6, 4);
  const auto length = [&](const std::string& spec, double factor) {
    Course course(spec + ":lr=1,weight_decay=0,momentum=0", nothing(6, 4));
    return frobenius(course.moved(gradient * factor));
  };
  // mean cosh² = 1 + mean sinh².
  const at::Tensor x = gradient / gradient.norm();
  const double paper = std::sqrt(1 + x.sinh().square().mean().item<double>());
  CHECK_THAT(length("auon-paper", 1), WithinRel(1 / paper, 1e-6));
  CHECK_THAT(length("auon-paper", 100), WithinRel(1 / paper, 1e-6));
  const double repository = std::sqrt(1 + (1.5 * x).sinh().square().mean().item<double>());
  CHECK_THAT(length("auon-repo", 1), WithinRel(frobenius(gradient) / repository, 1e-6));
  CHECK_THAT(length("auon-repo", 100), WithinRel(100 * frobenius(gradient) / repository, 1e-6));
  CHECK_THAT(length("auon-hybrid-paper", 1), WithinRel(length("auon-hybrid-paper", 50), 1e-6));
  CHECK_THAT(length("auon-hybrid-repo", 1), WithinRel(length("auon-hybrid-repo", 50), 1e-6));
}

TEST_CASE("FISMO of a diagonal gradient is that of its numbers", "[optim][matrix]") {
  // P, Q and the polar factor stay diagonal, so that the rule holds for each number by itself.
  const std::vector<double> g = {2, -.5, .1};
  const double gamma = .8;
  const double damping = .01;
  std::vector<double> p(3, 1);
  std::vector<double> q(3, 1);
  const auto follow = [&](std::vector<double>& factor, const std::vector<double>& other) {
    double trace = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      factor[i] = gamma * factor[i] + (1 - gamma) * (g[i] * g[i] / other[i] / 3 + damping);
      trace += factor[i];
    }
    for (double& value : factor) {
      value *= 3 / trace;
    }
  };
  const at::Tensor gradient = at::diag(torch::tensor(g, torch::kDouble));
  Course course("fismo:lr=1,gamma=0.8,damping=0.01,refresh=1", nothing(3, 3));
  for (int t = 0; t < 4; ++t) {
    follow(p, q);
    follow(q, p);
    const at::Tensor moved = course.moved(gradient);
    for (std::int64_t i = 0; i < 3; ++i) {
      const auto at = static_cast<std::size_t>(i);
      CHECK_THAT(moved[i][i].item<double>(),
                 WithinRel((g[at] > 0 ? -1 : 1) / std::sqrt(p[at] * q[at]), 1e-9));
    }
    CHECK(largest(moved - at::diag(moved.diag())) < 1e-9);
  }
}

TEST_CASE("ARO's update has the root mean square 0.2, and permutes with the gradient's columns",
          "[optim][matrix]") {
  for (const auto& [m, n] : {std::pair{4, 7}, {7, 4}, {5, 5}}) {
    Course course("aro:lr=0.5", nothing(m, n));
    for (std::uint64_t t = 0; t < 3; ++t) {
      CHECK_THAT(frobenius(course.moved(gaussianMatrix(m, n, 80 + t))) / std::sqrt(m * n),
                 WithinRel(.1, 1e-12));
    }
  }
  // Neither M·f(RᵀM)ᵀ nor Sinkhorn's scaling sees the order of the columns.
  const at::Tensor order = torch::tensor({2, 0, 6, 3, 1, 5, 4});
  Course plain("aro", nothing(4, 7));
  Course permuted("aro", nothing(4, 7));
  for (std::uint64_t t = 0; t < 3; ++t) {
    const at::Tensor gradient = gaussianMatrix(4, 7, 84 + t);
    const at::Tensor expected = plain.moved(gradient).index_select(1, order);
    CHECK(largest(permuted.moved(gradient.index_select(1, order)) - expected) < 1e-12);
  }
  // A tall matrix is moved as its transpose.
  Course tall("aro", nothing(7, 4));
  Course wide("aro", nothing(4, 7));
  for (std::uint64_t t = 0; t < 3; ++t) {
    const at::Tensor gradient = gaussianMatrix(7, 4, 87 + t);
    CHECK(largest(tall.moved(gradient) - wide.moved(gradient.t()).t()) < 1e-12);
  }
}

TEST_CASE("LANTON slows the noisier of two layers down", "[optim][matrix]") {
  // Two hidden layers: one whose gradient stays, one whose gradient changes by a known amount.
  ParameterGroup calm{"calm.weight", {4, 3}, 0, 12, "calm", {}};
  ParameterGroup noisy{"noisy.weight", {4, 3}, 12, 12, "noisy", {}};
  const at::Tensor theta = torch::zeros({24}, torch::kDouble);
  const auto lanton = made("lanton:lr=0.5,alpha=2,momentum=0,beta2=0.9", {calm, noisy}, theta);
  const at::Tensor still = gaussianMatrix(4, 3, 90);
  const at::Tensor before = gaussianMatrix(4, 3, 91);
  const at::Tensor after = gaussianMatrix(4, 3, 92);
  const auto moved = [&](const at::Tensor& other) {
    const at::Tensor from = theta.clone();
    lanton->step({theta, at::cat({still.flatten(), other.flatten()}), 1});
    return (theta - from).view({2, 4, 3});
  };
  const at::Tensor first = moved(before);  // nothing to compare with yet: full steps
  CHECK(largest(first[0] + .5 * exactPolar(still)) < 1e-12);
  CHECK(largest(first[1] + .5 * exactPolar(before)) < 1e-12);
  const at::Tensor second = moved(after);
  const double noise = .1 * std::pow(nuclear(after - before), 2);
  const double share = 2 / std::sqrt(4 + noise);
  CHECK(largest(second[0] + .5 * exactPolar(still)) < 1e-12);
  CHECK(largest(second[1] + .5 * std::sqrt(share) * exactPolar(after)) < 1e-12);
}

TEST_CASE("LANTON's step for first layer and head is the momentum's sign", "[optim][matrix]") {
  ParameterGroup head{"head.weight", {3, 2}, 0, 6, "head", {}};
  head.head = true;
  const at::Tensor theta = torch::zeros({6}, torch::kDouble);
  const auto lanton = made("lanton:lr=0.5", {head}, theta);
  const at::Tensor gradient = gaussianMatrix(3, 2).flatten();
  lanton->step({theta, gradient, 1});
  CHECK(torch::equal(theta, -.5 * gradient.sign()));
}

TEST_CASE("weight decay takes lr·wd of the weights away: before the step, in Conda after it",
          "[optim][matrix]") {
  const at::Tensor start = gaussianMatrix(4, 3, 95);
  const at::Tensor gradient = gaussianMatrix(4, 3, 96);
  for (const std::string name :
       {"muon", "rmnp", "htmuon", "auon-paper", "auon-repo", "auon-hybrid-paper",
        "auon-hybrid-repo", "polargrad", "fismo", "aro", "lanton", "conda"}) {
    INFO(name);
    Course with(name + ":lr=0.1,weight_decay=0.5", start);
    Course without(name + ":lr=0.1,weight_decay=0", start);
    with.step(gradient);
    without.step(gradient);
    const at::Tensor expected =
        name == "conda" ? .95 * without.weights() : without.weights() - .05 * start;
    CHECK(largest(with.weights() - expected) < 1e-14);
  }
}
