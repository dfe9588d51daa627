#include "engine/model/builtin.h"

#include <cmath>
#include <string>

#include "support.h"
#include "topology/base/error.h"
#include "torch_catch.h"

using namespace tarn;
using namespace tarn::engine;

namespace {

using test::contains;

std::string complaintAbout(const std::string& spec) {
  return test::complaint([&] { makeBuiltin(spec); });
}

/// The squared output summed, differentiated twice: (∇(v·∇L))·w must equal (∇(w·∇L))·v, because
/// the Hessian is symmetric.
void expectSymmetricHessian(Model& model, const at::Tensor& inputs) {
  const auto& space = model.parameters();
  torch::manual_seed(3);
  const at::Tensor v = torch::randn({space.size()}, torch::kDouble);
  const at::Tensor w = torch::randn({space.size()}, torch::kDouble);
  const auto product = [&](const at::Tensor& direction) {
    const at::Tensor loss = model.forward(inputs).square().mean();
    const auto gradient = torch::autograd::grad({loss}, space.leaves(), {}, true, true);
    at::Tensor along = torch::zeros({}, torch::kDouble);
    const auto parts = space.unflatten(direction);
    for (std::size_t i = 0; i < gradient.size(); ++i) {
      along = along + (gradient[i] * parts[i]).sum();
    }
    return space.flatten(torch::autograd::grad({along}, space.leaves(), {}, false, false, true));
  };
  const double vHw = v.dot(product(w)).item<double>();
  const double wHv = w.dot(product(v)).item<double>();
  CHECK(std::abs(vHw) > 1e-6);
  CHECK(std::abs(vHw - wHv) <= 1e-10 * std::abs(vHw));
}

}  // namespace

TEST_CASE("an MLP has Σ in·out + out parameters", "[builtin]") {
  // 64·32+32 + 32·32+32 + 32·10+10
  CHECK(makeBuiltin("mlp:64-32-32-10")->parameters().size() == 3466);
  CHECK(makeBuiltin("mlp:64-10")->parameters().size() == 650);
}

TEST_CASE("a ConvNet has 9·in·out + out parameters a convolution and a linear head", "[builtin]") {
  // 9·1·16+16 + 9·16·32+32 + 32·10+10
  CHECK(makeBuiltin("convnet:1x8x8-16-32-10")->parameters().size() == 5130);
  // BatchNorm: no bias in the convolutions, two numbers a channel, and running statistics.
  const auto normalized = makeBuiltin("convnet:1x8x8-16-32-10,bn=on");
  CHECK(normalized->parameters().size() == 5130 + 16 + 32);
  CHECK(normalized->batchNormLayers() == 2);
  CHECK(normalized->bufferCount() == 2 * (16 + 32) + 2);
}

TEST_CASE("the start is that of PyTorch's own layers", "[builtin]") {
  // LibTorch's nn::Linear and nn::Conv2d, made in the same order from the same seed.
  torch::manual_seed(7);
  const torch::nn::Linear first(64, 32);
  const torch::nn::Linear second(32, 10);
  const auto mlp = makeBuiltin("mlp:64-32-10@init:7");
  const auto& leaves = mlp->parameters().leaves();
  CHECK(torch::allclose(leaves[0], first->weight, 1e-6, 0));
  CHECK(torch::allclose(leaves[1], first->bias, 1e-6, 0));
  CHECK(torch::allclose(leaves[2], second->weight, 1e-6, 0));
  CHECK(torch::allclose(leaves[3], second->bias, 1e-6, 0));

  torch::manual_seed(7);
  const torch::nn::Conv2d convolution(torch::nn::Conv2dOptions(3, 5, 3));
  const auto convnet = makeBuiltin("convnet:3x8x8-5-2@init:7");
  CHECK(torch::allclose(convnet->parameters().leaves()[0], convolution->weight, 1e-6, 0));
  CHECK(torch::allclose(convnet->parameters().leaves()[1], convolution->bias, 1e-6, 0));
}

TEST_CASE("a seed fixes the network, whatever was drawn before", "[builtin]") {
  const auto once = makeBuiltin("mlp:8-4-2@init:5");
  torch::randn({17});
  const auto again = makeBuiltin("mlp:8-4-2@init:5");
  const auto other = makeBuiltin("mlp:8-4-2@init:6");
  CHECK(torch::equal(once->parameters().flat(), again->parameters().flat()));
  CHECK_FALSE(torch::equal(once->parameters().flat(), other->parameters().flat()));
  CHECK(makeBuiltin("mlp:8-4-2")
            ->parameters()
            .flat()
            .equal(makeBuiltin("mlp:8-4-2@init:0")->parameters().flat()));
}

TEST_CASE("an MLP is its layers with activations between them", "[builtin]") {
  // Against torch::nn::functional on the same weights.
  const auto model = makeBuiltin("mlp:6-5-3,act=tanh,dtype=f64");
  const auto& leaves = model->parameters().leaves();
  const at::Tensor inputs = torch::randn({4, 1, 2, 3}, torch::kDouble);
  const at::Tensor hidden =
      torch::tanh(torch::matmul(inputs.flatten(1), leaves[0].t()) + leaves[1]);
  const at::Tensor expected = torch::matmul(hidden, leaves[2].t()) + leaves[3];
  CHECK(torch::allclose(model->forward(inputs), expected, 1e-12, 1e-12));
}

TEST_CASE("images of 8x8 fit the MLP and the ConvNet, flat or not", "[builtin]") {
  const at::Tensor images = torch::rand({3, 1, 8, 8});
  CHECK(makeBuiltin("mlp:64-32-10")->forward(images).sizes() == at::IntArrayRef({3, 10}));
  const auto convnet = makeBuiltin("convnet:1x8x8-16-32-10");
  const at::Tensor output = convnet->forward(images);
  CHECK(output.sizes() == at::IntArrayRef({3, 10}));
  CHECK(torch::equal(output, convnet->forward(images.flatten(1))));
  CHECK(torch::equal(output, convnet->forward(images.squeeze(1))));
  CHECK_THROWS_AS(convnet->forward(torch::rand({3, 8, 8, 3})), Error);
  CHECK_THROWS_AS(makeBuiltin("mlp:63-10")->forward(images), Error);
}

TEST_CASE("the Hessian of every built-in network is symmetric", "[builtin]") {
  torch::manual_seed(1);
  const at::Tensor images = torch::randn({5, 1, 6, 6}, torch::kDouble);
  for (const std::string spec :
       {"mlp:36-7-3,dtype=f64", "mlp:36-7-3,act=tanh,dtype=f64", "convnet:1x6x6-4-5-3,dtype=f64",
        "convnet:1x6x6-4-5-3,act=tanh,dtype=f64", "convnet:1x6x6-4-5-3,pool=max,dtype=f64",
        "convnet:1x6x6-4-5-3,bn=on,dtype=f64"}) {
    INFO(spec);
    const auto model = makeBuiltin(spec);
    expectSymmetricHessian(*model, images);
  }
}

TEST_CASE("BatchNorm normalizes by the batch in training and by its statistics after",
          "[builtin]") {
  const auto model = makeBuiltin("convnet:1x4x4-3-2,bn=on,dtype=f64");
  const at::Tensor images = torch::randn({16, 1, 4, 4}, torch::kDouble) * 3 + 1;
  const at::Tensor start = model->buffers().clone();
  const at::Tensor frozen = model->forward(images);
  CHECK(torch::equal(model->buffers(), start));
  model->setTraining(true);
  const at::Tensor training = model->forward(images);
  CHECK_FALSE(torch::equal(model->buffers(), start));
  CHECK_FALSE(torch::allclose(training, frozen));

  // A clone keeps the statistics and shares nothing.
  const auto copy = model->clone();
  CHECK(torch::equal(copy->buffers(), model->buffers()));
  copy->forward(images);
  CHECK_FALSE(torch::equal(copy->buffers(), model->buffers()));
  copy->parameters().set(torch::zeros_like(copy->parameters().flat()));
  CHECK(model->parameters().flat().abs().sum().item<double>() > 0);
}

TEST_CASE("a specification that can't be read is refused by the piece that is wrong", "[builtin]") {
  CHECK(contains(complaintAbout("mlp:64-x-10"), "usage"));
  CHECK(contains(complaintAbout("mlp:64-x-10"), "'x'"));
  CHECK(contains(complaintAbout("mlp:64-x-10"), "mlp:IN-HIDDEN"));
  CHECK(contains(complaintAbout("mlp:64"), "usage"));
  CHECK(contains(complaintAbout("mlp"), "usage"));
  CHECK(contains(complaintAbout("mlp:64-0-10"), "'0'"));
  CHECK(contains(complaintAbout("mlp:64-10,act=sine"), "act=sine"));
  CHECK(contains(complaintAbout("mlp:64-10,bn=on"), "'bn'"));
  CHECK(contains(complaintAbout("mlp:64-10,act=relu,act=tanh"), "twice"));
  CHECK(contains(complaintAbout("mlp:64-10@init:x"), "init:x"));
  CHECK(contains(complaintAbout("mlp:64-10@init:-1"), "init:-1"));
  CHECK(contains(complaintAbout("mlp:64-10@weights.npz"), "neither init:SEED nor"));
  CHECK(contains(complaintAbout("mlp:64-10@missing.safetensors"), "missing.safetensors"));
  CHECK(contains(complaintAbout("mlp:1000000-1000000-10"), "parameters"));
  CHECK(contains(complaintAbout("mlp:64-99999999999999999999-10"), "usage"));
  CHECK(contains(complaintAbout("convnet:8x8-16-10"), "8x8"));
  CHECK(contains(complaintAbout("convnet:1x8x8-10"), "no convolutions"));
  CHECK(contains(complaintAbout("convnet:1x8x8-4-4-4-4-4-10"), "too small"));
  CHECK(contains(complaintAbout("network.pt"), "not a built-in"));
  CHECK(isBuiltin("mlp:64-10"));
  CHECK_FALSE(isBuiltin("mlp.pt"));
  CHECK_FALSE(isBuiltin("folder/convnet:1"));
}
