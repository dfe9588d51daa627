// What is put around optimizers, against plain statements of the formulas.
#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "engine/diagnostics/weight_spectrum.h"
#include "optim_support.h"
#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;
using tarn::test::complaint;
using tarn::test::contains;
using tarn::test::FormulaBatch;
using tarn::test::optimStart;
using tarn::test::spaceAt;
using tarn::test::stepOn;
using tarn::test::wavyLoss;
using tarn::test::wavySlope;

namespace {

std::unique_ptr<Optimizer> wrapped(const std::string& spec, const ParameterSpace& space) {
  return makeOptimizer(parseOptimizerSpec(spec), space);
}

/// θ after each of so many steps on the wavy loss.
std::vector<at::Tensor> trajectory(const std::string& spec, int steps) {
  ParameterSpace space = spaceAt(optimStart());
  FormulaBatch batch(space, wavyLoss);
  const auto optimizer = wrapped(spec, space);
  std::vector<at::Tensor> found;
  for (int step = 0; step < steps; ++step) {
    stepOn(*optimizer, space, batch);
    found.push_back(space.flat().clone());
  }
  return found;
}

}  // namespace

TEST_CASE("SAM steps by the gradient a distance rho up the slope", "[optim]") {
  at::Tensor x = optimStart().flatten();
  for (const at::Tensor& found : trajectory("sgd:lr=0.03+sam:rho=0.2", 20)) {
    const at::Tensor slope = wavySlope(x);
    x = x - 0.03 * wavySlope(x + 0.2 * slope / slope.norm());
    CHECK(at::allclose(found, x, 1e-10, 1e-12));
  }
}

TEST_CASE("adaptive SAM measures that distance relative to each parameter", "[optim]") {
  at::Tensor x = optimStart().flatten();
  for (const at::Tensor& found : trajectory("sgd:lr=0.03+sam:rho=0.5,adaptive=on", 20)) {
    const at::Tensor slope = wavySlope(x);
    const at::Tensor e = 0.5 * x.square() * slope / (x.abs() * slope).norm();
    x = x - 0.03 * wavySlope(x + e);
    CHECK(at::allclose(found, x, 1e-10, 1e-12));
  }
}

TEST_CASE("SAM with rho 0 is the optimizer that it is around", "[optim]") {
  const auto plain = trajectory("adamw:lr=0.05", 10);
  const auto sharp = trajectory("adamw:lr=0.05+sam:rho=0", 10);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    CHECK(at::allclose(plain[i], sharp[i], 1e-12, 1e-14));
  }
}

TEST_CASE("averaging leaves the steps alone and keeps the mean of where they led", "[optim]") {
  const auto plain = trajectory("sgd:lr=0.05", 12);
  const auto averages = [&](const std::string& wrapper) {
    ParameterSpace space = spaceAt(optimStart());
    FormulaBatch batch(space, wavyLoss);
    const auto optimizer = wrapped("sgd:lr=0.05+" + wrapper, space);
    std::vector<at::Tensor> found;
    for (const at::Tensor& expected : plain) {
      stepOn(*optimizer, space, batch);
      CHECK(at::equal(space.flat(), expected));
      found.push_back(optimizer->average().defined() ? optimizer->average().clone() : at::Tensor());
    }
    return found;
  };
  const auto all = averages("average");
  const auto later = averages("average:start=5");
  const auto fading = averages("average:decay=0.8");
  at::Tensor exponential = plain[0];
  for (std::size_t i = 0; i < plain.size(); ++i) {
    const std::vector<at::Tensor> seen(plain.begin(), plain.begin() + static_cast<long>(i) + 1);
    CHECK(at::allclose(all[i], at::stack(seen).mean(0), 1e-12, 1e-14));
    if (i < 5) {
      CHECK_FALSE(later[i].defined());
    } else {
      const std::vector<at::Tensor> counted(seen.begin() + 5, seen.end());
      CHECK(at::allclose(later[i], at::stack(counted).mean(0), 1e-12, 1e-14));
    }
    exponential = i == 0 ? plain[0] : 0.8 * exponential + 0.2 * plain[i];
    CHECK(at::allclose(fading[i], exponential, 1e-12, 1e-14));
  }
}

TEST_CASE("a spectral cap divides a matrix by what its largest singular value is too large",
          "[optim]") {
  // A convolution's 2×3×1×2 counts as 2×6; a bias is left alone; a small matrix too.
  const at::Tensor kernel = torch::arange(1, 13, torch::kDouble).view({2, 3, 1, 2});
  const at::Tensor small = torch::tensor({{0.3, 0.1}, {0.0, 0.2}}, torch::kDouble);
  const at::Tensor bias = torch::full({2}, 50.0, torch::kDouble);
  ParameterSpace space(
      {{"conv.weight", kernel.clone()}, {"conv.bias", bias.clone()}, {"fc.weight", small.clone()}});
  const auto optimizer = wrapped("sgd:lr=0.1+spectral-cap:limit=1.5", space);
  const at::Tensor gradient = torch::ones({18}, torch::kDouble);
  optimizer->step({space.flat(), gradient, 1});
  const at::Tensor moved = (kernel - 0.1).reshape({2, 6});
  const double norm = torch::linalg_svdvals(moved)[0].item<double>();
  CHECK(norm > 1.5);
  CHECK(at::allclose(space.flat().narrow(0, 0, 12), (moved * (1.5 / norm)).flatten(), 1e-12, 0));
  CHECK(at::equal(space.flat().narrow(0, 12, 2), bias - 0.1));
  CHECK(at::equal(space.flat().narrow(0, 14, 4), (small - 0.1).flatten()));
}

TEST_CASE("the ghost cap stops where the logits of a sample have moved π apart", "[optim]") {
  // Logits z = Wx with W 2×1 and the samples x = 2 and x = −1. The step p = (−3, 3) moves the first
  // one's logits 12 apart, the second one's 6: it is cut by π/12, or by limit/12.
  const auto logits = [](const at::Tensor& theta) {
    return torch::tensor({2.0, -1.0}, torch::kDouble).outer(theta);
  };
  const auto moved = [&](const std::string& cap, double size) {
    ParameterSpace space = spaceAt(torch::tensor({{0.4}, {0.6}}, torch::kDouble));
    FormulaBatch batch(
        space, [=](const at::Tensor& theta) { return size * (theta[0] - theta[1]); }, logits);
    const at::Tensor before = space.flat().clone();
    stepOn(*wrapped("sgd:lr=1+ghost-cap" + cap, space), space, batch);
    return at::Tensor(space.flat() - before);
  };
  const at::Tensor unit = torch::tensor({-1.0, 1.0}, torch::kDouble);
  CHECK(at::allclose(moved("", 3), 3 * unit * std::numbers::pi / 12, 1e-12, 1e-14));
  CHECK(at::allclose(moved(":radius=1", 3), 3 * unit / 12, 1e-12, 1e-14));
  // 4·size = 3 < π: as it was.
  CHECK(at::allclose(moved("", 0.75), 0.75 * unit, 1e-14, 1e-15));
}

TEST_CASE("TempBalance scales each layer's step by its place among the exponents", "[optim]") {
  // Diagonal layers whose singular values fall by power laws of their own.
  const auto layer = [](double power) {
    return at::diag(torch::arange(1, 17, torch::kDouble).pow(-power)).contiguous();
  };
  const std::vector<double> powers = {0.2, 0.4, 1.0, 1.6, 3.0};
  std::vector<NamedTensor> parameters;
  std::vector<double> exponents;
  for (std::size_t i = 0; i < powers.size(); ++i) {
    const at::Tensor weight = layer(powers[i]);
    exponents.push_back(weightSpectrum(weight).alphaHill.value());
    parameters.emplace_back("l" + std::to_string(i) + ".weight", weight);
    parameters.emplace_back("l" + std::to_string(i) + ".bias", torch::zeros({16}, torch::kDouble));
  }
  ParameterSpace space(parameters);
  const auto optimizer = wrapped("sgd:lr=0.01+temp-balance:fewest=10", space);
  // A larger power has a heavier tail and a smaller exponent. First and last layer stand apart.
  REQUIRE(exponents[1] > exponents[2]);
  REQUIRE(exponents[2] > exponents[3]);
  const double middle = 0.5 + (exponents[2] - exponents[3]) / (exponents[1] - exponents[3]);
  const std::vector<double> factors = {1, 1.5, middle, 0.5, 1};
  const at::Tensor ones = torch::ones({space.size()}, torch::kDouble);
  for (int step = 0; step < 2; ++step) {
    const at::Tensor before = space.flat().clone();
    OptimizerStep one{space.flat(), ones, 1};
    one.startsEpoch = step == 0;  // the factors stay within an epoch
    optimizer->step(one);
    for (std::size_t i = 0; i < factors.size(); ++i) {
      const at::Tensor move =
          (space.flat() - before).narrow(0, static_cast<std::int64_t>(i) * 272, 272);
      CHECK(at::allclose(move, torch::full({272}, -0.01 * factors[i], torch::kDouble), 1e-10, 0));
    }
  }
}

TEST_CASE("a wrapper that can't be around an optimizer or a model says so", "[optim]") {
  const auto complaintOf = [](const std::string& spec) {
    const ParameterSpace space = spaceAt(optimStart());
    return complaint([&] { wrapped(spec, space); });
  };
  CHECK(contains(complaintOf("lbfgs+sam"), "takes its own"));
  CHECK(contains(complaintOf("gns-newton+average+sam"), "takes its own"));
  CHECK(contains(complaintOf("sven+temp-balance"), "proportional"));
  CHECK(contains(complaintOf("sgd+temp-balance"), "50 eigenvalues"));
  CHECK(contains(complaintOf("sgd+spectral-cap:limit=0"), "limit"));
  CHECK(contains(complaintOf("sgd+sam:rho=-1"), "rho must be"));
  CHECK(contains(complaintOf("sgd+samuel"), "ghost-cap"));
  CHECK(contains(complaintOf("sam"), "adamw+sam"));
  CHECK(complaintOf("adamw+ghost-cap+sam+average:decay=0.9") == "");
}

TEST_CASE("wrappers restored from their state go on bit for bit", "[optim]") {
  for (const std::string spec :
       {"adam:lr=0.05+sam", "sgd:lr=0.05,momentum=0.9+average", "adamw+average:decay=0.9+sam",
        "sgd:lr=0.1+spectral-cap:limit=1+average:start=4", "lbfgs:max_iter=2+spectral-cap"}) {
    INFO(spec);
    ParameterSpace through = spaceAt(optimStart());
    FormulaBatch batch(through, wavyLoss);
    const auto uninterrupted = wrapped(spec, through);
    for (int i = 0; i < 7; ++i) {
      stepOn(*uninterrupted, through, batch);
    }
    ParameterSpace resumed = spaceAt(through.flat().reshape({2, 3}));
    FormulaBatch again(resumed, wavyLoss);
    const auto restored = wrapped(spec, resumed);
    restoreState(*restored, saveState(*uninterrupted));
    for (int i = 0; i < 9; ++i) {
      stepOn(*uninterrupted, through, batch);
      stepOn(*restored, resumed, again);
    }
    CHECK(at::equal(through.flat(), resumed.flat()));
    CHECK((saveState(*restored) == saveState(*uninterrupted)));
  }
}

TEST_CASE("LBFGS begins anew where something else has moved θ", "[optim]") {
  // Its last step is then not what changed the gradient: it goes on as one that has just begun.
  ParameterSpace moved = spaceAt(optimStart());
  FormulaBatch batch(moved, wavyLoss);
  const auto used = wrapped("lbfgs:max_iter=3", moved);
  stepOn(*used, moved, batch);
  moved.set(optimStart().flatten() + 0.3);
  stepOn(*used, moved, batch);
  ParameterSpace fresh = spaceAt(optimStart() + 0.3);
  FormulaBatch same(fresh, wavyLoss);
  stepOn(*wrapped("lbfgs:max_iter=3", fresh), fresh, same);
  CHECK(at::equal(moved.flat(), fresh.flat()));
}

TEST_CASE("wrappers are written after a +", "[optim]") {
  const OptimizerSpec spec = parseOptimizerSpec("sgd:lr=1e+2,momentum=0.9+sam:rho=5e+1+average");
  CHECK(spec.name == "sgd");
  CHECK(spec.options == nlohmann::json{{"lr", 1e2}, {"momentum", 0.9}});
  REQUIRE(spec.wrappers.size() == 2);
  CHECK(spec.wrappers[0] == NamedOptions{"sam", {{"rho", 50.0}}});
  CHECK(spec.wrappers[1] == NamedOptions{"average", nlohmann::json::object()});
  CHECK(shortName(spec) == "sgd+sam+average");
  CHECK(optimizerSpecFromJson(toJson(spec)) == spec);
  // Without wrappers the map is as it was before there were any.
  CHECK_FALSE(toJson(parseOptimizerSpec("sgd")).contains("wrappers"));
  const OptimizerSpec full = withDefaults(spec);
  CHECK(full.wrappers[0].options == nlohmann::json{{"rho", 50.0}, {"adaptive", false}});
  for (const std::string bad :
       {"+sam", "sgd+", "sgd++sam", "sgd+sam:", "sgd:lr=1+sam+", "sgd + sam", "sgd:+sam"}) {
    INFO(bad);
    CHECK(contains(complaint([&] { parseOptimizerSpec(bad); }), "usage"));
  }
  for (const nlohmann::json& bad :
       {nlohmann::json{{"name", "sgd"}, {"wrappers", 3}},
        nlohmann::json{{"name", "sgd"}, {"wrappers", {3}}},
        nlohmann::json{{"name", "sgd"}, {"wrappers", {{{"options", {}}}}}}}) {
    INFO(bad.dump());
    CHECK(contains(complaint([&] { optimizerSpecFromJson(bad); }), "usage"));
  }
}
