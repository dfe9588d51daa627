// Networks, data and losses through the command line, from end to end.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <thread>

#include "engine/client/engine_client.h"
#include "engine/project/project.h"
#include "engine/protocol/sha256.h"
#include "support/paths.h"
#include "support/program.h"
#include "support/python.h"
#include "topology/io/safetensors.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinRel;

namespace {

const std::string kDigitImages = sourceFile("resources/digits/digits.npz");

nlohmann::json succeeding(const std::vector<std::string>& words) {
  const auto result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return nlohmann::json::parse(result.out);
}

std::vector<std::string> spectrumOf(const std::string& model, const std::string& data,
                                    const std::vector<std::string>& more) {
  std::vector<std::string> words{"tarn",  "spectrum", "--model", model,     "--data", data,
                                 "--top", "1",        "--trust", "--quiet", "--json"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("a network's weights go out to a file and come back as the same network") {
  const TemporaryFolder folder;
  const std::string out = folder / "w.safetensors";
  const auto told = succeeding(
      {"tarn", "tool", "weights", "--model", "mlp:64-8-10@init:5", "--out", out, "--json"});
  CHECK(told.at("numbers") == 64 * 8 + 8 + 8 * 10 + 10);
  CHECK(SafetensorsReader(out).names().size() == 4);
  const std::vector<std::string> how{"--subset", "50", "--transform", "layout=nchw,scale=1/16"};
  const auto made = succeeding(spectrumOf("mlp:64-8-10@init:5", kDigitImages, how));
  const auto loaded = succeeding(spectrumOf("mlp:64-8-10@" + out, kDigitImages, how));
  CHECK(made.at("eigenvalues") == loaded.at("eigenvalues"));
  const auto wrong = run(spectrumOf("mlp:64-9-10@" + out, kDigitImages, how));
  CHECK(wrong.exitCode == 1);
  CHECK_THAT(wrong.err, ContainsSubstring("layer1.weight"));
}

TEST_CASE("a choice of parameters reaches the engine and the project") {
  const TemporaryFolder folder;
  const std::string project = folder / "p.tarn";
  const auto found = succeeding(spectrumOf(
      "mlp:64-8-10", kDigitImages,
      {"--subset", "50", "--transform", "layout=nchw,scale=1/16", "--parameters",
       "layer2,!layer2.bias", "--loss", "cross-entropy:smoothing=0.1", "--out", project}));
  CHECK(found.at("parameters") == 80);
  const auto experiment = Project::open(project, Access::read)->experiments().back().experiment;
  CHECK(experiment.at("model").at("parameters") == nlohmann::json{"layer2", "!layer2.bias"});
  CHECK(experiment.at("loss") == "cross-entropy:smoothing=0.1");
  const auto wrong = run(spectrumOf("mlp:64-8-10", kDigitImages,
                                    {"--transform", "layout=nchw", "--parameters", "layer3"}));
  CHECK(wrong.exitCode == 2);
  CHECK_THAT(wrong.err, ContainsSubstring("layer3"));
}

TEST_CASE("the convection network has a landscape of its own loss") {
  const TemporaryFolder folder;
  const auto result = succeeding(
      {"tarn", "sample", "--model", "pinn-convection:beta=1,width=6,depth=2,dtype=f64", "--data",
       "pinn-convection:x=8,t=4", "--loss", "model", "--directions", "hessian:1,random:1",
       "--steps", "5", "--out", folder / "p.tarn", "--quiet", "--json"});
  CHECK(result.at("status") == "complete");
  CHECK(result.at("minimum").get<double>() > 0);
}

TEST_CASE("a model that prints does not get into the results, one that writes files can't") {
  const TemporaryFolder folder;
  if (!runPython(folder, {"torch", "numpy"}, R"(
class Printing(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.ones(2))
    def forward(self, x):
        print("printed by the model")
        return x * self.w
class Writing(Printing):
    def forward(self, x):
        torch.save(x, "stolen.pt")
        return x * self.w
torch.jit.script(Printing().eval()).save("printing.pt")
try:
    torch.jit.script(Writing().eval()).save("writing.pt")
except Exception:
    pass
numpy.savez("data.npz", inputs=numpy.ones((3, 2), dtype="f4"), targets=numpy.zeros((3, 2), dtype="f4"))
)")) {
    SKIP("Python has no torch or numpy");
  }
  const std::string data = folder / "data.npz";
  // The loss is (w₁² + w₂²)/2: its Hessian is I.
  const auto found = succeeding(spectrumOf(folder / "printing.pt", data, {"--loss", "mse"}));
  CHECK_THAT(found.at("eigenvalues").at(0).get<double>(), WithinRel(1.0, 1e-6));
  if (std::filesystem::exists(folder / "writing.pt")) {
    run(spectrumOf(folder / "writing.pt", data, {"--loss", "mse"}));
    CHECK_FALSE(std::filesystem::exists(folder / "stolen.pt"));
    CHECK_FALSE(std::filesystem::exists("stolen.pt"));
  }
}

TEST_CASE("a model that never returns is left behind when the user stops") {
  using namespace std::chrono_literals;
  const TemporaryFolder folder;
  if (!runPython(folder, {"torch", "numpy"}, R"(
class Endless(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.w = torch.nn.Parameter(torch.ones(2))
    def forward(self, x):
        while bool((x == x).all()):
            x = x * self.w
        return x
torch.jit.script(Endless().eval()).save("endless.pt")
numpy.savez("data.npz", inputs=numpy.ones((3, 2), dtype="f4"), targets=numpy.zeros((3, 2), dtype="f4"))
)")) {
    SKIP("Python has no torch or numpy");
  }
  const std::string model = folder / "endless.pt";
  EngineCommand command;
  command.program = builtProgram("tarn-engine");
  command.cancelPatience = 500ms;
  const auto client = EngineClient::start(command);
  std::stop_source stop;
  const std::jthread user([&] {
    while (client->alive() && client->health().running == 0) {
      std::this_thread::sleep_for(10ms);
    }
    stop.request_stop();
  });
  const nlohmann::json experiment{{"model", {{"spec", model}, {"sha256", sha256OfFile(model)}}},
                                  {"data", {{"path", std::string(folder / "data.npz")}}},
                                  {"loss", "mse"}};
  try {
    client->call({{"type", "describe"}, {"experiment", experiment}}, {}, stop.get_token());
    FAIL("the model returned");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::cancelled);
  }
  CHECK_FALSE(client->alive());
}
