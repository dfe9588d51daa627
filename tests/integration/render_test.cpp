// What `tarn render` says of a picture that does not show all there is.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.h"
#include "topology/io/npy.h"

using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;

namespace {

std::string gridFile(const TemporaryFolder& folder, const std::vector<double>& values) {
  const std::string path = folder / "grid.npy";
  tarn::writeNpy(path, tarn::NdArray::fromDoubles({3, values.size() / 3}, values));
  return path;
}

/// a² + 10 b² + 100 c at 5 points from −2 to 2 along each of three axes.
std::string volumeFile(const TemporaryFolder& folder) {
  std::vector<double> values;
  for (int a = -2; a <= 2; ++a) {
    for (int b = -2; b <= 2; ++b) {
      for (int c = -2; c <= 2; ++c) {
        values.push_back(a * a + 10 * b * b + 100 * c);
      }
    }
  }
  const std::string path = folder / "volume.npy";
  tarn::writeNpy(path, tarn::NdArray::fromDoubles({5, 5, 5}, values));
  return path;
}

bool isPng(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(8, '\0');
  file.read(start.data(), 8);
  return start == "\x89PNG\r\n\x1a\n";
}

std::string pictureText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE(
    "values that a logarithm cannot place are counted, on stderr, in JSON and in the legend") {
  const TemporaryFolder folder;
  const std::string path = gridFile(folder, {-1, 0, 1, 10, 100, 1000, 2, 3, 4});
  const std::string out = folder / "contour.svg";
  const auto result =
      run({"tarn", "render", path, "--view", "contour", "--log", "--json", "--out", out});
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  CHECK_THAT(result.err, ContainsSubstring("2 of 9 values are 0 or less"));
  CHECK(json::parse(result.out).at("warnings").size() == 1);
  CHECK_THAT(pictureText(out), ContainsSubstring("2 of 9 values are"));
  const auto linear = run({"tarn", "render", path, "--view", "contour", "--json", "--out", out});
  CHECK(linear.err.empty());
  CHECK(json::parse(linear.out).at("warnings").empty());
}

TEST_CASE("a constant landscape is called constant, not a minimum") {
  const TemporaryFolder folder;
  const std::string path = gridFile(folder, std::vector<double>(9, 0.5));
  const auto render =
      run({"tarn", "render", path, "--view", "contour", "--out", folder / "contour.svg"});
  CHECK(render.exitCode == 0);
  CHECK_THAT(render.err, ContainsSubstring("All values of the landscape are the same, 0.5"));
  CHECK_THAT(pictureText(folder / "contour.svg"),
             ContainsSubstring("all values are the same: 0.5") && !ContainsSubstring("minimum"));
  const auto analyze = run({"tarn", "analyze", path});
  CHECK_THAT(analyze.out, ContainsSubstring("constant") && !ContainsSubstring("SMAD"));
}

TEST_CASE("a logarithm of values that are all 0 or less is refused") {
  const TemporaryFolder folder;
  const std::string path = gridFile(folder, {-1, 0, -3, -2, -5, 0, -4, -1, -2});
  const std::string out = folder / "contour.svg";
  const auto result = run({"tarn", "render", path, "--view", "contour", "--log", "--out", out});
  CHECK(result.exitCode == 1);
  CHECK_THAT(result.err, ContainsSubstring("--log") && ContainsSubstring("Leave --log out"));
  CHECK_FALSE(std::filesystem::exists(out));
}

TEST_CASE("of a landscape of three axes a slice is drawn, which says where it lies") {
  const TemporaryFolder folder;
  const std::string path = volumeFile(folder);
  const std::string out = folder / "contour.svg";
  const auto first = run({"tarn", "render", path, "--view", "contour", "--out", out});
  INFO(first.err);
  REQUIRE(first.exitCode == 0);
  // Points of a bare array are counted from 0: the middle of 5 is 2.
  CHECK_THAT(pictureText(out), ContainsSubstring("axis 3 = 2"));
  const auto second = run({"tarn", "render", path, "--view", "contour", "--axes", "3,2", "--at",
                           "1=0.8", "--out", out});
  INFO(second.err);
  REQUIRE(second.exitCode == 0);
  CHECK_THAT(pictureText(out), ContainsSubstring("axis 1 = 1"));
}

TEST_CASE("a slice that the landscape does not have is refused") {
  const TemporaryFolder folder;
  const std::string path = volumeFile(folder);
  const auto refused = [&](std::vector<std::string> options, const std::string& file) {
    std::vector<std::string> line{"tarn", "render", file, "--out", folder / "x.svg"};
    line.insert(line.end(), options.begin(), options.end());
    const auto result = run(line);
    INFO(result.err);
    CHECK(result.exitCode == 2);
    return result.err;
  };
  CHECK_THAT(refused({"--view", "contour", "--axes", "1,4"}, path),
             ContainsSubstring("axis 4") && ContainsSubstring("counted from 1"));
  CHECK_THAT(refused({"--view", "contour", "--at", "3"}, path),
             ContainsSubstring("AXIS=COORDINATE"));
  CHECK_THAT(refused({"--view", "tree", "--at", "3=1"}, path), ContainsSubstring("--at"));
  CHECK_THAT(
      refused({"--view", "contour", "--at", "2=1"}, gridFile(folder, {1, 2, 3, 4, 5, 6, 7, 8, 9})),
      ContainsSubstring("three axes or more"));
}

TEST_CASE("a volume is drawn without a display") {
  const TemporaryFolder folder;
  const std::string path = volumeFile(folder);
  const std::string out = folder / "volume.png";
  const auto result =
      run({"tarn", "render", path, "--view", "volume", "--level", "50", "--surfaces", "2",
           "--slices", "1,3", "--at", "1=4", "--size", "320x240", "--json", "--out", out},
          {{"DISPLAY", ""}, {"WAYLAND_DISPLAY", ""}});
  INFO(result.err);
  REQUIRE(result.exitCode == 0);
  CHECK(isPng(out));
  CHECK(json::parse(result.out).at("shape") == json({5, 5, 5}));
}

TEST_CASE("a volume of other than three axes, or in an ending that it has not, is refused") {
  const TemporaryFolder folder;
  const auto plane = run({"tarn", "render", gridFile(folder, {1, 2, 3, 4, 5, 6, 7, 8, 9}), "--view",
                          "volume", "--out", folder / "volume.png"});
  CHECK(plane.exitCode == 1);
  CHECK_THAT(plane.err, ContainsSubstring("three axes"));
  const auto vectors = run(
      {"tarn", "render", volumeFile(folder), "--view", "volume", "--out", folder / "volume.svg"});
  CHECK(vectors.exitCode == 2);
  CHECK_THAT(vectors.err, ContainsSubstring(".png"));
}
