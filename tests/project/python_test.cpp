#include <catch2/catch_test_macros.hpp>
#include <cstdio>
#include <fstream>
#include <memory>

#include "engine/protocol/tile_order.h"
#include "project/support.h"
#include "support/paths.h"

using namespace tarn;
using namespace tarn::test;

namespace {

std::string output(const std::string& command) {
  std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  for (int c = fgetc(pipe.get()); c != EOF; c = fgetc(pipe.get())) {
    text += static_cast<char>(c);
  }
  return text;
}

bool pythonWithNumpy() {
  return std::system("python3 -c 'import numpy' 2>/dev/null") == 0;
}

std::string quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

}  // namespace

// An independent program, Python's sqlite3 and NumPy, reads what the published page describes.
TEST_CASE("examples/read_project.py reads the values and arrays that Tarn wrote") {
  if (!pythonWithNumpy()) {
    SKIP("there is no python3 with numpy here");
  }
  const TemporaryFolder folder;
  const auto path = folder / "for python.tarn";
  std::string expected;
  {
    const auto project = Project::create(path);
    StoredSpectrum spectrum;
    spectrum.experiment = project->addExperiment({});
    spectrum.eigenvectors = {
        arrayOf(DType::float32, {2, 3}, std::vector<float>{1.5F, 2, 3, 4, 5, -0.1F})};
    project->addSpectrum(spectrum);
    for (const auto& [ny, nx] : {std::pair{5, 7}, {41, 17}, {1, 1}, {2, 100}}) {
      const auto id = project->addLandscape(
          plainLandscape(static_cast<std::size_t>(ny), static_cast<std::size_t>(nx), 6));
      const std::uint64_t tiles = project->landscape(id).tiles;
      const auto points = static_cast<std::uint64_t>(ny * nx);
      for (std::uint64_t tile = 0; tile < tiles; ++tile) {
        project->commitTiles(
            id, std::vector{numberedTile(tile, std::min<std::uint64_t>(6, points - 6 * tile))});
      }
      const auto landscape = project->landscapeGrid(id, "accuracy");
      const auto values = landscape.grid.values();
      expected += nlohmann::json(std::vector<double>(values.begin(), values.end())).dump() + "\n";
    }
  }
  const auto script = folder / "check.py";
  std::ofstream(script) << R"py(
import json, sys
sys.path.insert(0, sys.argv[2])
import read_project as project
db = project.open_project(sys.argv[1])
for landscape in range(1, 5):
    print(json.dumps(project.read_landscape(db, landscape, "accuracy")[1].ravel().tolist(),
                     separators=(",", ":")))
print(project.read_array(db, 1).tolist() == [[1.5, 2, 3], [4, 5, -0.10000000149011612]])
)py";
  const auto examples = std::filesystem::path(sourceFile("examples"));
  const auto text =
      output("python3 -B " + quoted(script) + " " + quoted(path) + " " + quoted(examples));
  REQUIRE(text == expected + "True\n");

  const auto listed =
      output("python3 -B " + quoted(examples / "read_project.py") + " " + quoted(path));
  REQUIRE(listed.find("landscapes: [1, 2, 3, 4]") != std::string::npos);
  REQUIRE(listed.find("landscape 4: (2, 100), 200 of 200 values") != std::string::npos);
}

TEST_CASE("the lines of Python in docs/project-file.md run") {
  if (!pythonWithNumpy()) {
    SKIP("there is no python3 with numpy here");
  }
  std::ifstream page(sourceFile("docs/project-file.md"));
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  const auto begin = text.find("```python\n") + 10;
  const auto end = text.find("```", begin);
  REQUIRE(end != std::string::npos);
  const TemporaryFolder folder;
  std::ofstream(folder / "lines.py") << text.substr(begin, end - begin);
  {
    const auto project = Project::create(folder / "NAME.tarn");
    StoredRun run;
    run.experiment = project->addExperiment({});
    run.name = "first";
    run.optimizer = {{"name", "muon"}};
    project->addRun(run);
    const std::vector<StoredMetric> rows{{0, 0, 2.5, {}, {}, {}, {}, {}},
                                         {1, 0, 0.75, {}, {}, {}, {}, {}}};
    project->addMetrics(1, rows);
  }
  REQUIRE(output("cd " + quoted(folder.path()) + " && python3 lines.py") == "first muon 0.75\n");
}
