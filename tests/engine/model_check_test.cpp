// Models that are no landscape's, and what is said of them.

#include "engine/data/model_check.h"

#include "engine/curvature/hessian.h"
#include "engine/data/experiment.h"
#include "engine/handlers/handlers.h"
#include "engine/protocol/sha256.h"
#include "support.h"
#include "topology/io/npz.h"
#include "torch_catch.h"

using namespace tarn;
using test::contains;

namespace {

struct ScriptedSetting {
  test::TemporaryFolder folder;
  std::string data = (folder / "data.npz").string();
  std::string model = (folder / "model.pt").string();

  ScriptedSetting() {
    writeNpz(data, {{"inputs", NdArray::fromDoubles({3, 2}, std::vector<double>{1, 2, 3, 4, 5, 6})},
                    {"targets", NdArray::fromDoubles({3, 2}, std::vector<double>(6, 0.5))}});
  }
  nlohmann::json experiment(const std::string& source, const test::NamedTensors& parameters,
                            const test::NamedTensors& buffers = {}) const {
    test::script(source, parameters, buffers).save(model);
    return {{"model", {{"spec", model}, {"sha256", sha256OfFile(model)}}},
            {"data", {{"path", data}}},
            {"loss", "mse"}};
  }
  std::string complaint(const std::string& source, const test::NamedTensors& parameters,
                        const test::NamedTensors& buffers = {}) const {
    const auto map = experiment(source, parameters, buffers);
    return test::complaint([&] { engine::referenceEvaluation(engine::openExperiment(map, {})); });
  }
};

const at::Tensor kTwo = torch::tensor({1., 2.}, at::kDouble);

}  // namespace

TEST_CASE("a model that changes its own parameters is refused, and which is said", "[check]") {
  const ScriptedSetting setting;
  const auto said = setting.complaint(
      "def forward(self, x):\n"
      "  self.w.add_(1)\n"
      "  return x * self.v * self.w\n",
      {{"v", kTwo}, {"w", kTwo}});
  CHECK(contains(said, "changes its own parameter 'w'"));
}

TEST_CASE("a model that draws random numbers or remembers is refused", "[check]") {
  const ScriptedSetting setting;
  CHECK(contains(setting.complaint("def forward(self, x):\n"
                                   "  return torch.dropout(x * self.w, 0.5, True)\n",
                                   {{"w", kTwo}}),
                 "different outputs"));
  const std::string counting =
      "def forward(self, x):\n"
      "  self.calls.add_(1)\n"
      "  return x * self.w";
  CHECK(contains(setting.complaint(counting + " * self.calls\n", {{"w", kTwo}},
                                   {{"calls", at::zeros({1}, at::kDouble)}}),
                 "remembers"));
  // Counting without using the count is harmless.
  CHECK(setting.complaint(counting + "\n", {{"w", kTwo}}, {{"calls", at::zeros({1}, at::kDouble)}})
            .empty());
}

TEST_CASE("the operator at which gradients end is named", "[check]") {
  const ScriptedSetting setting;
  const auto about = [&](const std::string& expression) {
    auto experiment = engine::openExperiment(
        setting.experiment("def forward(self, x):\n  return " + expression + "\n", {{"w", kTwo}}),
        {});
    auto hessian = test::hessianOf(experiment);
    return test::complaint([&] { hessian.product(at::ones({2}, at::kDouble)); });
  };
  CHECK(contains(about("x + 0 * (x * self.w).argmax(1, True).double()"), "aten::argmax"));
  CHECK(contains(about("(x * self.w).detach()"), "aten::detach"));
  CHECK(contains(about("(x * self.w > 3).double()"), "aten::gt"));
  CHECK(contains(about("x * 2"), "none of them reaches"));
}

TEST_CASE("parameters that the loss does not depend on are told", "[check]") {
  const ScriptedSetting setting;
  test::RecordedJob job(
      {{"experiment",
        setting.experiment("def forward(self, x):\n  return x * self.w + 0 * self.z\n",
                           {{"w", kTwo}, {"unused", kTwo}, {"z", kTwo}})}});
  test::handled(engine::handleDescribe, job);
  const auto described = job.events("described").at(0);
  // z has a gradient, which is 0: it is part of the loss.
  CHECK(described["unused"] == nlohmann::json{"unused"});
  CHECK(contains(job.events("log").at(0)["text"], "depend on unused"));
}

TEST_CASE("a loss that is NaN is told with its parameter or its sample", "[check]") {
  const ScriptedSetting setting;
  const auto nan = torch::tensor({1., std::nan("")}, at::kDouble);
  CHECK(contains(setting.complaint("def forward(self, x):\n  return x * self.w * self.v\n",
                                   {{"w", kTwo}, {"v", nan}}),
                 "NaN, so there is no landscape around it: the parameter 'v'"));
  // √(4 − x) is NaN from x = 5 on: the third sample.
  CHECK(contains(
      setting.complaint("def forward(self, x):\n  return (4 - x).sqrt() * self.w\n", {{"w", kTwo}}),
      "output for sample 2 "));
}
