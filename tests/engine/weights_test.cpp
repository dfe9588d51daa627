#include "engine/handlers/handlers.h"
#include "engine/model/builtin.h"
#include "engine/model/tensor_bytes.h"
#include "engine/model/weights_file.h"
#include "support.h"
#include "topology/base/error.h"
#include "topology/io/safetensors.h"
#include "torch_catch.h"

using namespace tarn;
using engine::makeBuiltin;
using test::contains;

namespace {

NdArray arrayOf(const at::Tensor& tensor) {
  const auto values = tensor.detach().to(at::kDouble).contiguous();
  const std::vector<std::size_t> shape(values.sizes().begin(), values.sizes().end());
  return NdArray::fromDoubles(
      shape, {values.const_data_ptr<double>(), static_cast<std::size_t>(values.numel())});
}

std::map<std::string, NdArray> tensorsOf(const engine::Model& model) {
  std::map<std::string, NdArray> tensors;
  const auto& space = model.parameters();
  for (const auto& group : space.groups()) {
    tensors[group.name] = arrayOf(space.view(space.flat(), group));
  }
  for (const auto& [name, buffer] : model.namedBuffers()) {
    tensors[name] = arrayOf(buffer);
  }
  return tensors;
}

struct WeightsFile {
  test::TemporaryFolder folder;
  std::string path = (folder / "w.safetensors").string();

  std::string complaint(const std::map<std::string, NdArray>& tensors, const std::string& network) {
    writeSafetensors(path, tensors);
    return test::complaint([&] { makeBuiltin(network + "@" + path); });
  }
};

}  // namespace

TEST_CASE("a built-in network takes its parameters and buffers from a file", "[weights]") {
  const std::string network = "convnet:1x4x4-3-2,bn=on";
  const auto trained = makeBuiltin(network + "@init:9");
  trained->setTraining(true);
  torch::manual_seed(1);
  trained->forward(torch::randn({8, 1, 4, 4}));
  trained->setTraining(false);
  WeightsFile saved;
  REQUIRE(saved.complaint(tensorsOf(*trained), network).empty());
  const auto loaded = makeBuiltin(network + "@" + saved.path);
  CHECK(torch::equal(loaded->parameters().flat(), trained->parameters().flat()));
  CHECK(torch::equal(loaded->buffers(), trained->buffers()));
  // What the network is does not depend on where the file lies.
  const auto elsewhere = (saved.folder / "copy.safetensors").string();
  std::filesystem::copy_file(saved.path, elsewhere);
  CHECK(makeBuiltin(network + "@" + elsewhere)->sha256() == loaded->sha256());
  CHECK(loaded->sha256() != trained->sha256());
  CHECK(loaded->clone()->sha256() == loaded->sha256());
}

TEST_CASE("weights that do not fit are refused by all that is wrong", "[weights]") {
  const std::string network = "convnet:1x4x4-3-2,bn=on";
  const auto tensors = tensorsOf(*makeBuiltin(network));
  WeightsFile saved;
  auto lacking = tensors;
  lacking.erase("head.bias");
  lacking.erase("bn1.running_var");
  CHECK(contains(saved.complaint(lacking, network), "no 'head.bias'"));
  CHECK(contains(saved.complaint(lacking, network), "no 'bn1.running_var'"));
  auto more = tensors;
  more["head2.weight"] = arrayOf(torch::zeros({1}));
  CHECK(contains(saved.complaint(more, network), "the network has no 'head2.weight'"));
  auto wide = tensors;
  wide["head.weight"] = arrayOf(torch::zeros({3, 2}));
  CHECK(contains(saved.complaint(wide, network), "'head.weight' is 3×2 instead of 2×3"));
}

TEST_CASE("a model's weights are sent by name", "[weights]") {
  const std::string network = "convnet:1x4x4-3-2,bn=on@init:3";
  test::RecordedJob job({{"model", {{"spec", network}}}});
  engine::handleWeights(job);
  const auto model = makeBuiltin(network);
  CHECK(job.events("weights").at(0)["parameters"] == model->parameters().size());
  const auto weight = engine::tensorFromBytes(job.array("tensor/conv1.weight"));
  CHECK(torch::equal(weight, model->parameters().leaves()[0]));
  CHECK(job.array("tensor/bn1.num_batches_tracked").dtype == "i64");
  CHECK(job.array("tensor/bn1.running_var").shape == std::vector<std::int64_t>{3});
}
