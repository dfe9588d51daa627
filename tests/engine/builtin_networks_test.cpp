// The built-in networks against other implementations: a pretrained TorchScript ResNet, PyTorch's
// transformer layers, closed-form spectra, finite differences.

#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "engine/curvature/hessian.h"
#include "engine/curvature/random_vector.h"
#include "engine/data/batch_loss.h"
#include "engine/model/builtin.h"
#include "engine/protocol/sha256.h"
#include "support.h"
#include "support/optional_data.h"
#include "support/python.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using engine::Loss;
using engine::makeBuiltin;

namespace {

/// The Hessian of an experiment as a matrix.
at::Tensor hessianMatrix(engine::Experiment& experiment) {
  auto hessian = test::hessianOf(experiment, 0, std::uint64_t{1} << 28U);
  std::vector<at::Tensor> columns;
  for (const auto& unit : at::eye(hessian.size(), at::kDouble).unbind(0)) {
    columns.push_back(hessian.product(unit));
  }
  return at::stack(columns, 1);
}

void expectSymmetric(engine::Experiment experiment) {
  auto hessian = test::hessianOf(experiment);
  const auto v = engine::gaussianVector(hessian.size(), 1);
  const auto w = engine::gaussianVector(hessian.size(), 2);
  const auto vHw = v.dot(hessian.product(w)).item<double>();
  CHECK(std::abs(vHw) > 1e-8);
  CHECK_THAT(w.dot(hessian.product(v)).item<double>(), WithinRel(vHw, 1e-8));
}

engine::Experiment convection(const std::string& model, const std::string& data) {
  engine::Experiment experiment;
  experiment.model = makeBuiltin(model);
  experiment.loss = Loss::model;
  experiment.data =
      engine::openDataset({{"path", data}}, experiment.loss, experiment.model->dtype());
  return experiment;
}

}  // namespace

TEST_CASE("the residual networks have their published sizes", "[builtin]") {
  // He et al. 2016, table 6: 0.27, 0.46 and 0.85 million; exactly, by counting: 432 + 32 for the
  // first layer, 9·in·out + 2·out for a convolution with BatchNorm, 650 for the head.
  CHECK(makeBuiltin("resnet20")->parameters().size() == 269722);
  CHECK(makeBuiltin("resnet32")->parameters().size() == 464154);
  CHECK(makeBuiltin("resnet56")->parameters().size() == 853018);
  CHECK(makeBuiltin("resnet20")->batchNormLayers() == 19);
  // A bias instead of a scale and a shift: one number less a channel.
  const std::int64_t channels = 16 + 6 * (16 + 32 + 64);
  CHECK(makeBuiltin("resnet20:bn=off")->parameters().size() == 269722 - channels);
  CHECK(makeBuiltin("resnet20:skip=off")->parameters().size() == 269722);
}

TEST_CASE("ResNet-20 computes what the pretrained TorchScript one does", "[builtin]") {
  const auto file = test::optionalData("data/resnet20.pt");
  if (!file) {
    SKIP("data/resnet20.pt is not there");
  }
  const auto trained = engine::loadTorchScript(*file, sha256OfFile(*file));
  const auto network = makeBuiltin("resnet20");
  const auto& groups = network->parameters().groups();
  REQUIRE(groups.size() == trained->parameters().groups().size());
  for (std::size_t i = 0; i < groups.size(); ++i) {
    CHECK(groups[i].name == trained->parameters().groups()[i].name);
    CHECK(groups[i].shape == trained->parameters().groups()[i].shape);
  }
  network->parameters().set(trained->parameters().flat());
  network->setBuffers(trained->buffers());
  torch::manual_seed(1);
  const auto images = torch::randn({4, 3, 32, 32});
  const at::NoGradGuard noGrad;
  const auto expected = trained->forward(images);
  CHECK(expected.abs().max().item<double>() > 1);
  CHECK(torch::allclose(network->forward(images), expected, 1e-4, 1e-4));
}

TEST_CASE("shortcuts and BatchNorm can be left out of a residual network", "[builtin]") {
  torch::manual_seed(2);
  const auto images = torch::randn({2, 3, 32, 32}, torch::kDouble);
  const auto plain = makeBuiltin("resnet20:skip=off,bn=off,dtype=f64");
  const auto skipping = makeBuiltin("resnet20:bn=off,dtype=f64");
  const at::NoGradGuard noGrad;
  // With all second convolutions at zero a network with shortcuts passes the image on, one without
  // passes nothing but the head's bias.
  for (const auto* model : {plain.get(), skipping.get()}) {
    for (const auto& group : model->parameters().groups()) {
      if (group.name.find("conv2") != std::string::npos) {
        model->parameters().view(model->parameters().flat(), group).zero_();
      }
    }
  }
  const auto bias = plain->parameters().leaves().back();
  CHECK(torch::allclose(plain->forward(images), bias.expand({2, 10})));
  CHECK_FALSE(torch::allclose(skipping->forward(images), bias.expand({2, 10}), 1e-3, 1e-3));
  // The variance neither vanishes nor explodes at the start.
  const auto size =
      makeBuiltin("resnet56:bn=off,dtype=f64")->forward(images).abs().mean().item<double>();
  CHECK((size > 0.01 && size < 100));
}

TEST_CASE("a deep linear network with aligned factors has its spectrum in closed form",
          "[builtin]") {
  // ½‖W₃W₂W₁ − T‖² at the minimum, 7-6-6-5, rank 3, m = 1.1: 3m⁴ nine times, m⁴ eighteen times
  // (r(d₀ + d_L − 2r)), 0 otherwise. The loss mse on the 7 unit vectors is that times 2/35.
  auto model = makeBuiltin(
      "deep-linear:L=3,width=6,in=7,out=5,start=aligned,rank=3,scale=1.1,dtype=f64@init:4");
  const auto inputs = at::eye(7, at::kDouble);
  const auto targets = model->forward(inputs).detach();
  auto experiment = test::experimentOf(std::move(model), inputs, targets, Loss::mse);
  const auto values = at::linalg_eigvalsh(hessianMatrix(experiment)).flip(0) * 35 / 2;
  const double bulk = std::pow(1.1, 4);
  CHECK(torch::allclose(values.narrow(0, 0, 9), at::full({9}, 3 * bulk, at::kDouble), 1e-10, 0));
  CHECK(torch::allclose(values.narrow(0, 9, 18), at::full({18}, bulk, at::kDouble), 1e-10, 0));
  CHECK(values.narrow(0, 27, values.numel() - 27).abs().max().item<double>() < 1e-10);
}

TEST_CASE("the transformer computes what PyTorch's own layers do", "[builtin]") {
  const test::TemporaryFolder folder;
  const std::string script = R"(
torch.manual_seed(5)
V, T, D, H, L = 11, 6, 8, 2, 2
state = {'tokens.weight': torch.randn(V, D), 'positions.weight': torch.randn(T, D)}
mask = torch.triu(torch.full((T, T), float('-inf')), 1)
tokens = torch.randint(V, (3, T))
x = state['tokens.weight'][tokens] + state['positions.weight']
for i in range(1, L + 1):
    layer = torch.nn.TransformerEncoderLayer(
        D, H, 4 * D, dropout=0, activation=lambda z: torch.nn.functional.gelu(z, approximate='tanh'),
        batch_first=True, norm_first=True).train()
    for p in layer.parameters():
        torch.nn.init.normal_(p, std=0.5)
    names = {'norm1': 'norm1', 'norm2': 'norm2', 'self_attn.out_proj': 'projection',
             'linear1': 'mlp1', 'linear2': 'mlp2'}
    for theirs, ours in names.items():
        for part in ('weight', 'bias'):
            state[f'block{i}.{ours}.{part}'] = layer.state_dict()[f'{theirs}.{part}']
    for part in ('weight', 'bias'):
        state[f'block{i}.qkv.{part}'] = layer.state_dict()[f'self_attn.in_proj_{part}']
    x = layer(x, src_mask=mask)
norm = torch.nn.LayerNorm(D)
torch.nn.init.normal_(norm.weight)
torch.nn.init.normal_(norm.bias)
state['norm.weight'], state['norm.bias'] = norm.weight, norm.bias
state['head.weight'] = torch.randn(V, D)
y = norm(x) @ state['head.weight'].T
import safetensors.torch
safetensors.torch.save_file({k: v.detach().contiguous() for k, v in state.items()},
                            'weights.safetensors')
numpy.savez('data.npz', inputs=tokens.numpy(), targets=y.detach().numpy())
)";
  if (!test::runPython(folder, {"torch", "numpy", "safetensors"}, script)) {
    SKIP("Python has no torch, numpy or safetensors");
  }
  const auto model = makeBuiltin("char-transformer:vocab=11,context=6,width=8,heads=2,depth=2@" +
                                 (folder / "weights.safetensors").string());
  const auto data =
      engine::openDataset({{"path", (folder / "data.npz").string()}}, Loss::mse, at::kFloat);
  const auto output = model->forward(data.inputs);
  CHECK(torch::allclose(output, data.targets, 1e-4, 1e-4));
}

TEST_CASE("a transformer does not look ahead, nor at padding", "[builtin]") {
  const auto model = makeBuiltin("char-transformer:vocab=7,context=5,width=8,heads=2,dtype=f64");
  const auto first = torch::tensor({{1, 2, 3, 4, 5}}, at::kLong);
  const auto second = torch::tensor({{1, 2, 3, 6, 0}}, at::kLong);
  const auto a = model->forward(first);
  const auto b = model->forward(second);
  CHECK(torch::allclose(a.narrow(1, 0, 3), b.narrow(1, 0, 3), 1e-13, 1e-13));
  CHECK_FALSE(torch::allclose(a.narrow(1, 3, 2), b.narrow(1, 3, 2)));
  // With the first two tokens masked, what comes after does not depend on them.
  const auto mask = torch::tensor({{0, 0, 1, 1, 1}}, at::kLong).to(at::kBool);
  const auto changed = torch::tensor({{6, 0, 3, 4, 5}}, at::kLong);
  const auto c = model->forward(std::vector<at::Tensor>{first, mask}).narrow(1, 2, 3);
  const auto d = model->forward(std::vector<at::Tensor>{changed, mask}).narrow(1, 2, 3);
  CHECK(torch::allclose(c, d, 1e-13, 1e-13));
  CHECK(c.isfinite().all().item<bool>());
  CHECK(test::contains(test::complaint([&] { model->forward(first + 3); }), "token 8"));
  CHECK(test::contains(test::complaint([&] { model->forward(first.to(at::kDouble)); }), "Double"));
  // Tied, the token table is the head as well.
  const auto tied = makeBuiltin("char-transformer:vocab=7,context=5,width=8,tied=on,heads=2");
  const auto untied = makeBuiltin("char-transformer:vocab=7,context=5,width=8,heads=2");
  CHECK(untied->parameters().size() - tied->parameters().size() == std::int64_t{7} * 8);
}

TEST_CASE("the Hessians of transformer, residual network and PINN are symmetric", "[builtin]") {
  torch::manual_seed(4);
  const auto tokens = torch::randint(7, {3, 5}, torch::kLong);
  expectSymmetric(test::experimentOf(
      makeBuiltin("char-transformer:vocab=7,context=5,width=8,heads=2,tied=on,dtype=f64"), tokens,
      tokens.roll(-1, 1), Loss::crossEntropy));
  expectSymmetric(test::experimentOf(makeBuiltin("resnet20:dtype=f64"),
                                     torch::randn({2, 3, 32, 32}, torch::kDouble),
                                     torch::tensor({3, 1}, at::kLong), Loss::crossEntropy));
  expectSymmetric(
      convection("pinn-convection:beta=2,width=5,depth=2,dtype=f64", "pinn-convection:x=4,t=3"));
}

TEST_CASE("the convection network's loss is its three terms, by finite differences", "[builtin]") {
  const double beta = 3;
  auto experiment = convection("pinn-convection:beta=3,width=8,depth=2,dtype=f64@init:2",
                               "pinn-convection:x=6,t=4");
  auto& model = *experiment.model;
  const at::NoGradGuard noGrad;
  const auto u = [&](double x, double t) {
    return model.forward(torch::tensor({{x, t}}, at::kDouble)).item<double>();
  };
  const double pi = std::acos(-1.0);
  const double h = 1e-5;
  double equation = 0;
  double initial = 0;
  double boundary = 0;
  for (int i = 0; i < 6; ++i) {
    const double x = 2 * pi * i / 6;
    initial += std::pow(u(x, 0) - std::sin(x), 2) / 6;
    for (int j = 1; j <= 4; ++j) {
      const double t = j / 4.;
      const double ut = (u(x, t + h) - u(x, t - h)) / (2 * h);
      const double ux = (u(x + h, t) - u(x - h, t)) / (2 * h);
      equation += std::pow(ut + beta * ux, 2) / 24;
    }
  }
  for (int j = 0; j <= 4; ++j) {
    boundary += std::pow(u(0, j / 4.) - u(2 * pi, j / 4.), 2) / 5;
  }
  CHECK(experiment.data.samples() == 24 + 6 + 5);
  const double expected = equation + initial + boundary;
  CHECK_THAT(engine::referenceEvaluation(experiment).loss, WithinRel(expected, 1e-7));
  // A sum over points: however they are cut.
  CHECK_THAT(
      engine::evaluate(model, engine::makeBatches(experiment.data, {4, false}), Loss::model).loss,
      WithinRel(expected, 1e-7));
}

TEST_CASE("specifications of the other networks are refused by what is wrong", "[builtin]") {
  const auto about = [](const std::string& spec) {
    return test::complaint([&] { makeBuiltin(spec); });
  };
  CHECK(test::contains(about("resnet20:64"), "no shape"));
  CHECK(test::contains(about("resnet20:skip=maybe"), "skip=maybe"));
  CHECK(test::contains(about("resnet44"), "not a built-in"));
  CHECK(test::contains(about("deep-linear:L=0"), "L=0"));
  CHECK(test::contains(about("deep-linear:rank=2"), "no option 'rank'"));
  CHECK(test::contains(about("deep-linear:start=aligned,rank=9"), "rank=9"));
  CHECK(test::contains(about("char-transformer:width=8"), "vocabulary"));
  CHECK(test::contains(about("char-transformer:vocab=5,width=9"), "divide"));
  CHECK(test::contains(about("pinn-convection:beta=fast"), "beta=fast"));
  CHECK(test::contains(test::complaint([] {
                         engine::openDataset({{"path", "pinn-convection:x=1"}}, Loss::model,
                                             at::kFloat);
                       }),
                       "grid of collocation points"));
}
