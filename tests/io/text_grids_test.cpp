// Grids as text: CSV tables and JSON documents.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_exception.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cmath>
#include <limits>
#include <random>

#include "temporary.h"
#include "topology/base/error.h"
#include "topology/io/csv_grid.h"
#include "topology/io/csv_table.h"
#include "topology/io/grid_io.h"
#include "topology/io/json_grid.h"

using namespace tarn;
using namespace tarn::test;
using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::MessageMatches;

namespace {

std::vector<double> valuesOf(const ScalarGrid& grid) {
  return {grid.values().begin(), grid.values().end()};
}

auto saysThat(const std::string& words) {
  return MessageMatches(ContainsSubstring(words));
}

}  // namespace

TEST_CASE("a table without a heading is the array") {
  const ScalarGrid grid = parseCsvGrid("# numpy.savetxt\n1,2.5,-3e2\n\n4, 5 ,6\n", "t");
  CHECK(grid.shape() == std::vector<std::size_t>{2, 3});
  CHECK(valuesOf(grid) == std::vector<double>{1, 2.5, -300, 4, 5, 6});
  CHECK(parseCsvGrid("1\t2\r\n3\t4\r\n", "t").shape() == std::vector<std::size_t>{2, 2});
  CHECK(valuesOf(parseCsvGrid("1;2\n3;4", "t")) == std::vector<double>{1, 2, 3, 4});
}

TEST_CASE("a table with a heading has one row a vertex, in any order") {
  const ScalarGrid grid = parseCsvGrid(
      "x,y,loss,acc\n"
      "2,0,20,0.1\n1,0,10,0.2\n1,5,15,0.3\n2,5,25,0.4\n3,5,35,0.5\n",
      "t");
  // x is the fastest axis; the vertex (3, 0) has no row.
  REQUIRE(grid.shape() == std::vector<std::size_t>{2, 3});
  CHECK(grid.axes()[0].label == "y");
  CHECK(grid.axes()[1].coordinates == std::vector<double>{1, 2, 3});
  CHECK(grid.maskedCount() == 1);
  CHECK(std::isnan(grid.value(2)));
  CHECK(grid.value(5) == 35);
  CHECK(parseCsvGrid("x,y,loss,acc\n1,0,10,0.2\n2,0,20,0.4\n", "t", "acc").value(1) == 0.4);
}

TEST_CASE("the columns of an exported landscape keep their order, and those of strangers theirs") {
  CHECK(parseCsvGrid("axis.0,axis.1,value\n0,0,1\n0,1,2\n0,2,3\n", "t").shape() ==
        std::vector<std::size_t>{1, 3});
  const ScalarGrid strange =
      parseCsvGrid("\"learning \"\"rate\"\"\",width,gain\n1,1,3\n2,1,4\n", "t");
  CHECK(strange.shape() == std::vector<std::size_t>{2, 1});
  CHECK(strange.axes()[0].label == "learning \"rate\"");
}

TEST_CASE("numbers of every size are read as strtod does") {
  const CsvTable table = parseCsv("1e400,-1e400,1e-400,-1e-400,+2,nan,,0x\n1,2,3,4,5,6,7,8\n", "t");
  CHECK(table.heading.size() == 8);  // 0x is no number: this line is the heading
  const CsvTable row = parseCsv("1e400,-1e400,1e-400,-1e-400,+2,nan,,inf\n", "t");
  CHECK(row.heading.empty());
  CHECK(row.cell(0, 0) == std::numeric_limits<double>::infinity());
  CHECK(row.cell(0, 1) == -std::numeric_limits<double>::infinity());
  CHECK(row.cell(0, 2) == 0.0);
  CHECK(std::signbit(row.cell(0, 3)));
  CHECK(row.cell(0, 4) == 2.0);
  CHECK(std::isnan(row.cell(0, 5)));
  CHECK(std::isnan(row.cell(0, 6)));
}

TEST_CASE("a heading may be a comment, as numpy.savetxt writes it") {
  const ScalarGrid grid = parseCsvGrid("# x,loss\n0,5\n1,6\n2,7\n", "t");
  CHECK(grid.shape() == std::vector<std::size_t>{3});
  CHECK(grid.value(2) == 7);
  // Other comments are none, however many words they have.
  CHECK(parseCsvGrid("# made today, by hand\n0,5\n1,6\n2,7\n", "t").shape() ==
        std::vector<std::size_t>{3, 2});
  CHECK(parseCsvGrid("# loss\n0\n5\n", "t").shape() == std::vector<std::size_t>{2, 1});
}

TEST_CASE("a row of empty cells between tabs is a row") {
  const ScalarGrid grid = parseCsvGrid("1\t2\n\t\n\n3\t4\n", "t");
  CHECK(grid.shape() == std::vector<std::size_t>{3, 2});
  CHECK(grid.maskedCount() == 2);
}

TEST_CASE("little text does not become much memory") {
  const std::string commas(std::size_t{3} << 20U, ',');
  CHECK_THROWS_MATCHES(parseCsv(commas, "t.csv"), Error, saysThat("more than 1048576 cells"));
  // A thousand values, and two hundred thousand axes of a length that fits.
  std::string json = R"({"values": [0)";
  for (int i = 1; i < 1000; ++i) {
    json += ",0";
  }
  json += R"(], "shape": [1000)";
  for (int i = 1; i < 200000; ++i) {
    json += ",1000";
  }
  CHECK_THROWS_MATCHES(parseJsonGrid(json + "]}", "t"), Error, saysThat("200000 axes"));
}

TEST_CASE("what is wrong with a table is said with its line") {
  CHECK_THROWS_MATCHES(parseCsv("", "t.csv"), Error, saysThat("t.csv has no rows"));
  CHECK_THROWS_MATCHES(parseCsv("a,b\n", "t.csv"), Error, saysThat("a heading and no rows"));
  CHECK_THROWS_MATCHES(parseCsv("1,2\n\n3\n", "t.csv"), Error, saysThat("t.csv, line 3: it has 1"));
  CHECK_THROWS_MATCHES(parseCsv("1,2\n3,four\n", "t.csv"), Error, saysThat("'four' is no number"));
  CHECK_THROWS_MATCHES(parseCsv("1,2\n3,\x1b[2J\xff\n", "t.csv"), Error,
                       saysThat("'?[2J?' is no number"));
  CHECK_THROWS_MATCHES(parseCsv("\"a\n1,2", "t.csv"), Error, saysThat("not closed"));
  CHECK_THROWS_MATCHES(parseCsvGrid("x,loss\n1,2\n1,3\n", "t"), Error, saysThat("an earlier one"));
  CHECK_THROWS_MATCHES(parseCsvGrid("x,loss\n,3\n", "t"), Error, saysThat("missing or not finite"));
  CHECK_THROWS_MATCHES(parseCsvGrid("x,y,loss\n1,1,3\n2,2,3\n3,3,3\n4,4,4\n5,5,5\n", "t"), Error,
                       saysThat("fewer than half"));
  CHECK_THROWS_MATCHES(parseCsvGrid("loss\n1\n", "t"), Error,
                       saysThat("no column for coordinates"));
  CHECK_THROWS_MATCHES(parseCsvGrid("x,loss\n1,2\n", "t", "acc"), Error,
                       saysThat("no column 'acc'"));
}

TEST_CASE("JSON grids: exported ones, nested lists and flat ones with a shape") {
  const ScalarGrid grid = parseJsonGrid(
      R"({"axes": [{"coordinates": [0, 2], "label": "a", "unit": "m"}, {"coordinates": [1, 2, 4]}],
          "values": [1, 2, 3, null, 5, 6]})",
      "t");
  CHECK(grid.shape() == std::vector<std::size_t>{2, 3});
  CHECK(grid.axes()[0].unit == "m");
  CHECK(grid.axes()[1].coordinates == std::vector<double>{1, 2, 4});
  CHECK(grid.maskedCount() == 1);
  CHECK(parseJsonGrid("[[1,2],[3,4],[5,6]]", "t").shape() == std::vector<std::size_t>{3, 2});
  CHECK(parseJsonGrid(R"({"loss": [1,2,3,4], "shape": [2,2]})", "t").shape() ==
        std::vector<std::size_t>{2, 2});
  CHECK(parseJsonGrid(R"({"loss": [1,2], "acc": [3,4]})", "t", "acc").value(1) == 4);
}

TEST_CASE("what is wrong with a JSON grid is said") {
  CHECK_THROWS_MATCHES(parseJsonGrid(R"({"values": [[1,2,3],[4,5,6]],
                        "axes": [{"coordinates": [0,1,2]}, {"coordinates": [0,1]}]})",
                                     "t"),
                       Error, saysThat("other lengths than its lists"));
  CHECK_THROWS_MATCHES(parseJsonGrid(R"({"values": [[1,2,3],[4,5,6]], "shape": [3,2]})", "t"),
                       Error, saysThat("other lengths than its lists"));
  CHECK_THROWS_MATCHES(parseJsonGrid("[1,", "t"), Error, saysThat("t is not JSON"));
  CHECK_THROWS_MATCHES(parseJsonGrid("[[1,2],[3]]", "t"), Error, saysThat("differ in length"));
  CHECK_THROWS_MATCHES(parseJsonGrid("[[1,2],3]", "t"), Error, saysThat("nested equally deep"));
  CHECK_THROWS_MATCHES(parseJsonGrid("[1,\"a\"]", "t"), Error, saysThat("numbers or null"));
  CHECK_THROWS_MATCHES(parseJsonGrid("[]", "t"), Error, saysThat("an empty list"));
  CHECK_THROWS_MATCHES(parseJsonGrid("{}", "t"), Error, saysThat("neither `values` nor `loss`"));
  CHECK_THROWS_MATCHES(parseJsonGrid(std::string(100'000, '['), "t"), Error, saysThat("deep"));
  CHECK_THROWS_AS(parseJsonGrid(R"({"values":[1,2],"shape":[1000000000000,1000000000000]})", "t"),
                  Error);
  CHECK_THROWS_AS(parseJsonGrid(R"({"values":[1,2],"shape":[-1,2]})", "t"), Error);
  CHECK_THROWS_AS(parseJsonGrid(R"({"values":[1,2],"axes":[{"coordinates":[1]}]})", "t"), Error);
}

TEST_CASE("damaged text never does worse than an error") {
  const std::string csv = "x,y,loss\n1,1,2\n2,1,3\n1,2,4\n2,2,5\n";
  const std::string document =
      R"({"axes":[{"coordinates":[0,2]},{"coordinates":[1,2]}],"values":[1,2,3,4]})";
  std::mt19937 random(7);
  int refused = 0;
  for (int attempt = 0; attempt < 4000; ++attempt) {
    std::string text = attempt % 2 == 0 ? csv : document;
    for (int hit = 0; hit < 1 + attempt % 3; ++hit) {
      text[random() % text.size()] = static_cast<char>(random() & 0xFFU);
    }
    try {
      attempt % 2 == 0 ? parseCsvGrid(text, "t") : parseJsonGrid(text, "t");
    } catch (const Error&) {
      ++refused;  // anything but an Error fails the test
    }
  }
  CHECK(refused > 500);
}

TEST_CASE("text grids are read by the ending of their names") {
  const TemporaryFolder folder;
  writeBytes(folder / "t.csv", "\xEF\xBB\xBFx,loss\n1,2\n2,3\n");
  CHECK(readGrid(folder / "t.csv").axes()[0].coordinates == std::vector<double>{1, 2});
  writeBytes(folder / "t.tsv", "x\tloss\tacc\n1\t2\t0.5\n");
  CHECK(readGrid(folder / "t.tsv", "acc").value(0) == 0.5);
  writeBytes(folder / "t.JSON", "[[1,2]]");
  CHECK(readGrid(folder / "t.JSON").size() == 2);
}
