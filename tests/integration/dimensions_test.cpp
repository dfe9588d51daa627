// Landscapes of one to five dimensions on their way through the commands.
#include <array>
#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include "support/paths.h"
#include "support/program.h"
#include "support/python.h"

using namespace tarn::test;
using nlohmann::json;

namespace {

constexpr std::array<int, 6> kSteps{0, 21, 11, 7, 5, 3};

json jsonOf(std::vector<std::string> words) {
  words.insert(words.end(), {"--json", "--quiet"});
  const auto result = run(words);
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  return json::parse(result.out);
}

std::string sampled(const TemporaryFolder& folder, int dimensions) {
  const std::string n = std::to_string(dimensions);
  const std::string path = folder / ("d" + n + ".tarn");
  jsonOf({"tarn", "sample", "--model", "mlp:64-16-10@init:1", "--data",
          sourceFile("resources/digits/digits.npz"), "--subset", "200", "--transform",
          "layout=nchw,scale=1/16", "--directions", "random:" + n, "--steps",
          std::to_string(kSteps.at(static_cast<std::size_t>(dimensions))), "--range", "abs:2",
          "--out", path});
  return path;
}

}  // namespace

TEST_CASE("landscapes of one to five axes are sampled, analysed, drawn and given to NumPy") {
  const TemporaryFolder folder;
  json minima;
  for (int dimensions = 1; dimensions <= 5; ++dimensions) {
    const std::string path = sampled(folder, dimensions);
    const std::string n = std::to_string(dimensions);
    for (const std::string connectivity : {"2n", "freudenthal", "full"}) {
      minima[n][connectivity] =
          jsonOf({"tarn", "analyze", path, "--connectivity", connectivity}).at("minima");
    }
    for (const std::string view : {"tree", "barcode", "diagram", "profile"}) {
      jsonOf({"tarn", "render", path, "--view", view, "--out", folder / (view + n + ".svg")});
    }
    jsonOf({"tarn", "export", path, "--what", "landscape", "--out", folder / ("d" + n + ".npz")});
  }
  jsonOf({"tarn", "render", folder / "d1.tarn", "--view", "line", "--out", folder / "line.svg"});
  jsonOf(
      {"tarn", "render", folder / "d2.tarn", "--view", "contour", "--out", folder / "contour.svg"});

  // NumPy counts the vertices that are lower than all of their neighbours. Landscaper reads `loss`
  // and `coordinates` without pickles, wants two axes or more, and makes its points by
  // numpy.meshgrid(*coordinates), whose number has to be that of the values.
  const bool ran = runPython(folder, {"numpy"}, R"(
import itertools, json
import numpy as np

def neighbours(d, connectivity):
    for step in itertools.product((-1, 0, 1), repeat=d):
        if not any(step):
            continue
        if connectivity == '2n' and sum(map(abs, step)) != 1:
            continue
        mirrored = step[:-1] + (-step[-1],)  # along the last axis
        if connectivity == 'freudenthal' and 1 in mirrored and -1 in mirrored:
            continue
        yield step

wanted = json.loads(')" + minima.dump() + R"(')
for n, by in wanted.items():
    d = int(n)
    with np.load(f'd{d}.npz', allow_pickle=False) as file:
        loss, coordinates = file['loss'], file['coordinates']
    assert loss.ndim == d and coordinates.shape == (d, loss.shape[0]), n
    assert len(np.unique(loss)) == loss.size, 'values are not distinct'
    if d >= 2:
        points = np.array([axis.ravel() for axis in np.meshgrid(*coordinates)])
        assert points.shape == (d, loss.size), n
    padded = np.pad(loss, 1, constant_values=np.inf)
    for connectivity, minima in by.items():
        lowest = np.ones(loss.shape, bool)
        for step in neighbours(d, connectivity):
            there = tuple(slice(1 + s, 1 + s + length) for s, length in zip(step, loss.shape))
            lowest &= loss < padded[there]
        assert lowest.sum() == minima, (n, connectivity, int(lowest.sum()), minima)
)");
  if (!ran) {
    SKIP("there is no NumPy to count the minima with");
  }
}
