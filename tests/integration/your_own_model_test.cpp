// A user's PyTorch model by way of examples/tarn_export.py: what it writes is what PyTorch has, and
// the commands that it prints run. Expected losses are PyTorch's own.

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/paths.h"
#include "support/program.h"
#include "support/python.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::WithinRel;
using nlohmann::json;

namespace {

/// Runs a script that has `export` and the names below; what it leaves in `result` comes back.
json exported(const TemporaryFolder& folder, const std::string& script) {
  const std::string begin = "import sys\nsys.path.insert(0, '" + sourceFile("examples") + R"py(')
sys.dont_write_bytecode = True
from tarn_export import export, ExportError
from torch import nn
torch.manual_seed(0)
torch.set_num_threads(1)

class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(6, 12), nn.BatchNorm1d(12), nn.Tanh(), nn.Dropout(0.5),
                                  nn.Linear(12, 3))

    def forward(self, x):
        return self.body(x)

def loader(x, y, size):
    return torch.utils.data.DataLoader(torch.utils.data.TensorDataset(x, y), batch_size=size)

def refusal(*arguments, **named):
    try:
        export(os.path.join(os.getcwd(), "refused"), *arguments, quiet=True, **named)
    except ExportError as error:
        return str(error)
    return "not refused"

here = os.path.join(os.getcwd(), "net")
)py";
  if (!runPython(folder, {"numpy", "torch", "json"},
                 begin + script + "\njson.dump(result, open('result.json', 'w'))\n")) {
    SKIP("there is no python3 with numpy and torch here");
  }
  return json::parse(std::ifstream(folder / "result.json"));
}

json document(std::vector<std::string> words) {
  words.insert(words.end(), {"--trust", "--json", "--quiet", "--threads", "1"});
  const ProgramResult result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return json::parse(result.out);
}

}  // namespace

TEST_CASE("what export prints runs: spectrum, landscape, topology and figure of a user's model") {
  const TemporaryFolder folder;
  const json result = exported(folder, R"py(
import shlex
model = Network()
x, y = torch.randn(70, 6), torch.randint(0, 3, (70,))
model(x)  # moves BatchNorm's statistics
first = {key: value.clone() for key, value in model.state_dict().items()}
first["body.0.weight"] *= 2
torch.save({"state_dict": {"module." + key: value for key, value in model.state_dict().items()}},
           "last.ckpt")
done = export(here, model, loader(x, y, 16), samples=50, checkpoints=[first, "last.ckpt"])
still_training = all(module.training for module in model.modules())
def loss():
    return nn.functional.cross_entropy(model(x[:50]), y[:50]).item()
model.eval()
losses = [loss()]
model.load_state_dict(first)
losses.append(loss())
result = {"commands": [shlex.split(c) for c in done.commands], "losses": losses,
          "training": still_training, "checkpoints": done.checkpoints}
)py");
  CHECK(result.at("training") == true);
  std::vector<std::vector<std::string>> commands = result.at("commands");
  REQUIRE(commands.size() == 6);
  const json spectrum = document(commands[0]);
  CHECK(spectrum.at("samples") == 50);
  CHECK(spectrum.at("parameters") == 6 * 12 + 12 + 24 + 12 * 3 + 3);
  CHECK_THAT(spectrum.at("loss").get<double>(),
             WithinRel(result.at("losses")[0].get<double>(), 1e-5));
  REQUIRE(spectrum.at("weights").size() == 2);
  CHECK(spectrum.at("weights")[1].at("name") == "body.4.weight");
  commands[1].insert(commands[1].end(), {"--trust", "--quiet"});
  REQUIRE(run(commands[1]).exitCode == 0);
  CHECK(document(commands[2]).at("shape") == json{41, 41});
  REQUIRE(run(commands[3]).exitCode == 0);
  CHECK(std::filesystem::file_size(folder / "net.pdf") > 1000);
  CHECK_THAT(document(commands[4]).at("loss").get<double>(),
             WithinRel(result.at("losses")[1].get<double>(), 1e-5));
  CHECK_THAT(document(commands[5]).at("loss").get<double>(),
             WithinRel(result.at("losses")[0].get<double>(), 1e-5));
  CHECK(result.at("checkpoints")[1].get<std::string>().ends_with("net.checkpoints/0001-last.pt"));
}

TEST_CASE(
    "weights of half precision are written as float32, and a model that is compiled otherwise "
    "has the values it had") {
  const TemporaryFolder folder;
  const json result = exported(folder, R"py(
class Odd(Network):
    def forward(self, x, **unused):  # what torch.jit.script does not take
        return self.body(x)

import warnings
model = Odd().to(torch.bfloat16)
x, y = torch.randn(20, 6), torch.randn(20, 3)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    done = export(here, model, [(x[:9].bfloat16(), y[:9]), (x[9:].bfloat16(), y[9:])], loss="mse")
saved = torch.jit.load(done.model)
model.float().eval()
x = x.bfloat16().float()
result = {"same": torch.equal(model(x), saved(x)), "training": saved.training,
          "types": [str(p.dtype) for p in saved.parameters()],
          "warning": " ".join(str(w.message) for w in caught),
          "loss": nn.functional.mse_loss(model(x), y).item(), "model": done.model, "data": done.data}
)py");
  CHECK(result.at("same") == true);
  CHECK(result.at("training") == false);
  CHECK(result.at("types")[0] == "torch.float32");
  CHECK(result.at("warning").get<std::string>().find("is traced") != std::string::npos);
  const json spectrum = document({"tarn", "spectrum", "--model", result.at("model"), "--data",
                                  result.at("data"), "--loss", "mse", "--top", "1"});
  CHECK_THAT(spectrum.at("loss").get<double>(), WithinRel(result.at("loss").get<double>(), 1e-5));
}

TEST_CASE("images reach the network with the axes that they had") {
  const TemporaryFolder folder;
  const json result = exported(folder, R"py(
import shlex
model = nn.Sequential(nn.Conv2d(5, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 4 * 4, 3))
x, y = torch.randn(30, 5, 6, 6), torch.randint(0, 3, (30,))
done = export(here, model, loader(x, y, 30), quiet=True)
result = {"command": shlex.split(done.commands[0]),
          "loss": nn.functional.cross_entropy(model(x), y).item()}
)py");
  const json spectrum = document(result.at("command"));
  CHECK_THAT(spectrum.at("loss").get<double>(), WithinRel(result.at("loss").get<double>(), 1e-5));
  CHECK(spectrum.at("weights")[0].at("shape") == json{4, 5, 3, 3});
}

TEST_CASE("tokens, masks and several inputs are written in the order of the model's arguments") {
  const TemporaryFolder folder;
  const json result = exported(folder, R"py(
import shlex

class Language(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 8)
        self.head = nn.Linear(8, 11)

    def forward(self, tokens, mask):
        return self.head(self.embedding(tokens) * mask.unsqueeze(-1))

class WithLoss(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Language()

    def forward(self, tokens, mask, labels):
        logits = self.inner(tokens, mask)
        return nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten())

tokens = torch.randint(0, 11, (12, 5))
mask = torch.rand(12, 5) > 0.3
batches = [{"labels": tokens[i:i + 4].roll(-1, 1), "mask": mask[i:i + 4],
            "tokens": tokens[i:i + 4].int()} for i in [0, 4, 8]]
result = []
for name, model, loss in [("a", Language(), "cross-entropy"), ("b", WithLoss(), "model")]:
    done = export(os.path.join(os.getcwd(), name), model, batches, loss=loss, samples=10, quiet=True)
    data = numpy.load(done.data)
    first = tokens[:10].roll(-1, 1)
    with torch.no_grad():
        own = model(tokens[:10], mask[:10], first) if loss == "model" else \
            nn.functional.cross_entropy(model(tokens[:10], mask[:10]).flatten(0, 1), first.flatten())
    result.append({"command": shlex.split(done.commands[0]), "loss": own.item(), "keys": sorted(data.keys()), "types": [str(data[k].dtype) for k in sorted(data.keys())],
                   "same": bool((data["inputs.0"] == tokens[:10].numpy()).all()
                                and (data["inputs.1"] == mask[:10].numpy()).all()
                                and (data["targets"] == tokens[:10].roll(-1, 1).numpy()).all())})
)py");
  for (const json& written : result) {
    CHECK(written.at("keys") == json{"inputs.0", "inputs.1", "targets"});
    CHECK(written.at("types") == json{"int64", "bool", "int64"});
    CHECK(written.at("same") == true);
    CHECK_THAT(document(written.at("command")).at("loss").get<double>(),
               WithinRel(written.at("loss").get<double>(), 1e-5));
  }
}

TEST_CASE("a network that differentiates inside its own loss is exported without targets") {
  const TemporaryFolder folder;
  const json result = exported(folder, R"py(
import shlex

class Decay(nn.Module):
    """u' = −u, u(0) = 1"""
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 12), nn.Tanh(), nn.Linear(12, 1))

    def forward(self, t):
        t = t.detach().requires_grad_()
        u = self.net(t)
        slope = torch.autograd.grad([u.sum()], [t], create_graph=True)[0]
        assert slope is not None
        return (slope + u).square().mean() + (self.net(torch.zeros(1, 1)) - 1).square().mean()

model, t = Decay(), torch.linspace(0, 2, 40).reshape(-1, 1)
done = export(here, model, [t], loss="model", quiet=True)
result = {"command": shlex.split(done.commands[0]), "loss": model(t).item(),
          "keys": sorted(numpy.load(done.data).keys())}
)py");
  CHECK(result.at("keys") == json{"inputs"});
  CHECK_THAT(document(result.at("command")).at("loss").get<double>(),
             WithinRel(result.at("loss").get<double>(), 1e-5));
}

TEST_CASE("what cannot be exported is refused with what to do") {
  const TemporaryFolder folder;
  const json result = exported(folder, R"py(
class Tuple(Network):
    def forward(self, x):
        return self.body(x), x

class Counts(Network):
    def forward(self, x, **unused):
        return self.body(x) * len(x)  # traced, the number of samples is frozen

x, y = torch.randn(20, 6), torch.randint(0, 3, (20,))
import warnings
warnings.simplefilter("ignore")
result = {
    "a loss": refusal(Network(), [(x, y)], loss="hinge"),
    "no targets": refusal(Network(), [x]),
    "a tuple": refusal(Tuple(), [(x, y)]),
    "a label": refusal(Network(), [(x, y + 1)]),
    "a shape": refusal(Network(), [(x, y)], loss="mse"),
    "no numbers": refusal(Network(), [(x, ["cat"] * 20)]),
    "nothing": refusal(Network(), []),
    "a width": refusal(Network(), [(x[:, :5], y)]),
    "padding": refusal(Network(), [(x, y), (x[:, :5], y)]),
    "keys": refusal(Network(), [{"pixels": x, "labels": y}]),
    "frozen samples": refusal(Counts(), [(x, y)]),
    "no weights": refusal(nn.ReLU(), [(x, x)], loss="mse"),
    "another checkpoint": refusal(Network(), [(x, y)], checkpoints=[{"weight": x}]),
}
)py");
  const std::vector<std::pair<std::string, std::string>> expectations{
      {"a loss", "choose one of cross-entropy"},
      {"no targets", "needs targets"},
      {"a tuple", "returns a tuple"},
      {"a label", "label 3, but the model has 3 outputs"},
      {"a shape", "have to be of one shape"},
      {"no numbers", "holds str"},
      {"nothing", "no samples"},
      {"a width", "cannot digest"},
      {"padding", "Pad them"},
      {"keys", "inputs=["},
      {"frozen samples", "does not do what the original does"},
      {"no weights", "no parameters"},
      {"another checkpoint", "lacks"},
  };
  for (const auto& [what, words] : expectations) {
    INFO(what << ": " << result.at(what));
    CHECK(result.at(what).get<std::string>().find(words) != std::string::npos);
  }
}
