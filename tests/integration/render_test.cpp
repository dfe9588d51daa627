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
