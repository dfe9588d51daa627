#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/project/project.h"
#include "support/paths.h"
#include "support/program.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;

namespace {

const std::string kDigits = sourceFile("resources/digits/digits.npz");

// The command line says what is wrong on stderr, prints nothing on stdout, and exits with this
// code.
void requireComplaint(const std::vector<std::string>& words, int exitCode,
                      const std::vector<std::string>& said) {
  const ProgramResult result = run(words);
  INFO(result.err);
  CHECK(result.exitCode == exitCode);
  CHECK(result.out.empty());
  CHECK_THAT(result.err, ContainsSubstring("tarn"));
  for (const std::string& part : said) {
    CHECK_THAT(result.err, ContainsSubstring(part));
  }
}

std::vector<std::string> spectrum(const std::string& model, const std::string& data,
                                  const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"tarn", "spectrum", "--model", model,    "--data",
                                 data,   "--top",    "1",       "--trust"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

std::string writeData(const TemporaryFolder& folder, const NdArray& inputs,
                      const NdArray& targets) {
  const std::string path = folder / "data.npz";
  writeNpz(path, {{"inputs", inputs}, {"targets", targets}});
  return path;
}

NdArray inputs(std::size_t count) {
  return NdArray::fromDoubles({count, 64}, std::vector<double>(count * 64, 0.5));
}

NdArray targets(const std::vector<std::int64_t>& labels) {
  return NdArray::fromInt64({labels.size()}, labels);
}

void writeText(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace

TEST_CASE("a missing model is named") {
  requireComplaint(spectrum("nowhere.pt", kDigits), 1, {"nowhere.pt"});
}

TEST_CASE("a command that fails before it has a result leaves no project behind") {
  const TemporaryFolder folder;
  const std::string path = folder / "p.tarn";
  const auto fails = [&](std::vector<std::string> words) {
    words.insert(words.end(), {"--data", kDigits, "--transform", "layout=nchw", "--out", path});
    CHECK(run(words).exitCode != 0);
    CHECK(std::filesystem::is_empty(folder.path()));
  };
  fails({"tarn", "sample", "--model", "mlp:63-10"});
  fails({"tarn", "sample", "--model", "mlp:64-10", "--at", path + "#run/1"});
  fails({"tarn", "train", "--model", "mlp:64", "--optimizer", "sgd"});
  fails({"tarn", "spectrum", "--model", "nowhere.pt"});
}

TEST_CASE("a project that was there stays there, and an empty one is said to be empty") {
  const TemporaryFolder folder;
  const std::string path = folder / "p.tarn";
  Project::create(path)->close();
  requireComplaint({"tarn", "sample", "--model", "nowhere.pt", "--data", kDigits, "--out", path}, 1,
                   {"nowhere.pt"});
  const ProgramResult info = run({"tarn", "info", path});
  CHECK(info.exitCode == 0);
  CHECK_THAT(info.out, ContainsSubstring("nothing is stored in it yet"));
}

TEST_CASE("a file that is no TorchScript model is named") {
  const TemporaryFolder folder;
  writeText(folder / "noise.pt", "this is not a model");
  requireComplaint(spectrum(folder / "noise.pt", kDigits), 1, {"noise.pt"});
  // An npz is a zip file too, as TorchScript files are.
  requireComplaint(spectrum(kDigits, kDigits), 1, {"digits.npz", "TorchScript"});
}

TEST_CASE("a model file is not run without the user's word") {
  const TemporaryFolder folder;
  writeText(folder / "model.pt", "whatever");
  requireComplaint({"tarn", "spectrum", "--model", folder / "model.pt", "--data", kDigits}, 1,
                   {"not trusted", "--trust"});
}

TEST_CASE("missing, foreign and cut-off data are named") {
  const TemporaryFolder folder;
  requireComplaint(spectrum("mlp:64-10", "nowhere.npz"), 1, {"nowhere.npz"});
  writeText(folder / "text.npz", "inputs, targets");
  requireComplaint(spectrum("mlp:64-10", folder / "text.npz"), 1, {"text.npz"});
  std::ifstream whole(kDigits, std::ios::binary);
  std::string half(20000, '\0');
  whole.read(half.data(), static_cast<std::streamsize>(half.size()));
  writeText(folder / "half.npz", half);
  requireComplaint(spectrum("mlp:64-10", folder / "half.npz"), 1, {"half.npz"});
}

TEST_CASE("a label beyond the model's classes is said with its value and place") {
  const TemporaryFolder folder;
  const auto path = writeData(folder, inputs(4), targets({0, 3, 12, 1}));
  requireComplaint(spectrum("mlp:64-10", path), 1, {"12", "10"});
}

TEST_CASE("inputs and targets of different counts are refused") {
  const TemporaryFolder folder;
  const auto path = writeData(folder, inputs(4), targets({0, 1}));
  requireComplaint(spectrum("mlp:64-10", path), 1, {"4", "2"});
}

TEST_CASE("inputs of another shape than the model's are refused") {
  const TemporaryFolder folder;
  const auto path = writeData(folder, NdArray::fromDoubles({2, 7}, std::vector<double>(14, 1.0)),
                              targets({0, 1}));
  requireComplaint(spectrum("mlp:64-10", path), 1, {"7"});
}

TEST_CASE("an output that does not fit the loss is refused") {
  const TemporaryFolder folder;
  const auto path = writeData(folder, inputs(2), targets({0, 1}));
  requireComplaint(spectrum("mlp:64-10", path, {"--loss", "mse"}), 1, {"mse"});
}

TEST_CASE("a loss that is no number at the model itself is an error, not a spectrum") {
  const TemporaryFolder folder;
  const auto path = writeData(
      folder, NdArray::fromDoubles({1, 64}, std::vector<double>(64, 1e308 * 10)), targets({0}));
  requireComplaint(spectrum("mlp:64-10", path), 1, {"NaN"});
}

TEST_CASE("an absurd grid is refused with its number of points") {
  const TemporaryFolder folder;
  const std::string project = folder / "p.tarn";
  requireComplaint({"tarn", "sample", "--model", "mlp:64-10", "--data", kDigits, "--transform",
                    "layout=nchw", "--directions", "random:6", "--steps", "41", "--out", project},
                   2, {"4.75e+09"});
}

TEST_CASE("a built-in that can't be read shows its grammar") {
  requireComplaint(spectrum("mlp:64", kDigits), 2, {"mlp:"});
}

TEST_CASE("a folder that can't be written is said before anything is computed") {
  requireComplaint({"tarn", "sample", "--model", "mlp:64-10", "--data", kDigits, "--out",
                    "/proc/nowhere/p.tarn"},
                   1, {"/proc/nowhere"});
}

TEST_CASE("an unknown option is wrong usage") {
  const auto result = run({"tarn", "analyze", "--sideways", "x.npy"});
  CHECK(result.exitCode == 2);
  CHECK_THAT(result.err, ContainsSubstring("--sideways"));
}

TEST_CASE("what an earlier command computed survives a failing one") {
  const TemporaryFolder folder;
  const std::string project = folder / "p.tarn";
  const std::vector<std::string> good{
      "tarn", "spectrum", "--model", "mlp:64-10@init:0", "--data", kDigits,       "--top",
      "1",    "--out",    project,   "--subset",         "100",    "--transform", "layout=nchw"};
  const auto first = run(good);
  INFO(first.err);
  REQUIRE(first.exitCode == 0);
  run({"tarn", "spectrum", "--model", "mlp:3-10", "--data", kDigits, "--out", project});
  const auto spectra = Project::open(project, Access::read)->spectra();
  CHECK(spectra.size() == 1);
}
