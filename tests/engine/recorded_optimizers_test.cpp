// Optimizers driven with recorded gradients: beside the authors' own programs, and with records
// that make no sense.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "engine/optim/registry.h"
#include "engine/optim/replay.h"
#include "support.h"
#include "support/optional_data.h"
#include "torch_catch.h"

using namespace tarn;
using nlohmann::json;
using test::complaint;
using test::contains;

namespace {

json replayed(const std::string& name, const json& course) {
  return engine::replay(name, course, [] {});
}

json smallCourse() {
  return {{"shape", {2, 2}}, {"w0", {1, 2, 3, 4}}, {"grads", {{.1, 0, .2, 1}, {0, 1, 0, 1}}}};
}

}  // namespace

TEST_CASE("the matrix optimizers go where their authors' programs go", "[optim][conformance]") {
  const auto file = test::optionalData("conformance/optimizers.json");
  if (!file) {
    SKIP("no optional test data");
  }
  const json courses = json::parse(std::ifstream(*file));
  int compared = 0;
  for (const auto& [entry, course] : courses.items()) {
    const std::string name = entry.substr(0, entry.find('/'));
    if (entry == "soap/tall") {
      continue;  // rounding decides on a part of it: see the test of what is determined
    }
    INFO(entry);
    // QDWH and SOAP take other roads to the same numbers.
    const bool looser = contains(name, "qdwh") || name == "soap";
    const json difference = replayed(name, course)["difference"];
    REQUIRE(difference.size() == 3);
    for (const json& value : difference) {
      CHECK(value.get<double>() < (looser ? 1e-6 : 1e-8));
    }
    ++compared;
  }
  CHECK(compared >= 21);
}

TEST_CASE("a replay reports the weights after 1, 5 and 20 steps, as far as it goes", "[optim]") {
  json course = smallCourse();
  course["options"] = {{"lr", .01}};
  const json result = replayed("sgd", course);
  REQUIRE(result["weights"].size() == 1);
  const auto weights = result["weights"]["w1"].get<std::vector<double>>();
  CHECK(weights == std::vector<double>{1 - .01 * .1, 2, 3 - .01 * .2, 4 - .01});
  CHECK(result["difference"].empty());
  for (int i = 0; i < 18; ++i) {
    course["grads"].push_back({0, 0, 0, 0});
  }
  course["w5"] = {0, 0, 0, 8};
  const json longer = replayed("sgd", course);
  CHECK(longer["weights"].size() == 3);
  // w5 is (0.999, 1.99, 2.998, 3.98).
  CHECK(std::abs(longer["difference"]["w5"].get<double>() - 4.02 / 8) < 1e-12);
}

TEST_CASE("one hidden matrix is replayed whatever its optimizer makes of first layers", "[optim]") {
  const auto weights = replayed("muon", smallCourse())["weights"]["w1"].get<std::vector<double>>();
  // AdamW would move by 3e-4 at most.
  CHECK(std::abs(weights[0] - 1) + std::abs(weights[1] - 2) > 3e-3);
}

TEST_CASE("a course that makes no sense is refused in words", "[optim]") {
  const auto refused = [](const std::string& key, const json& value) {
    json course = smallCourse();
    course[key] = value;
    return complaint([&] { replayed("muon", course); });
  };
  CHECK(contains(refused("shape", nullptr), "shape"));
  CHECK(contains(refused("shape", json::array()), "shape"));
  CHECK(contains(refused("shape", {1, 1, 1, 1, 1, 1, 1, 1, 1}), "shape"));
  CHECK(contains(refused("shape", {0, 4}), "extent"));
  CHECK(contains(refused("shape", {-2, -2}), "extent"));
  CHECK(contains(refused("shape", {2.0, 2.0}), "extent"));
  CHECK(contains(refused("shape", {4000000000U, 4000000000U}), "extent"));
  CHECK(contains(refused("shape", {2, 2048, 2048, 2048, 2048, 2048, 2048, 2048}), "columns"));
  CHECK(contains(refused("shape", {3, 2}), "w0 is not a list of 6 numbers"));
  CHECK(contains(refused("w0", {1, 2, 3}), "w0 is not a list of 4 numbers"));
  CHECK(contains(refused("w0", {1, 2, 3, "4"}), "no finite number"));
  CHECK(contains(refused("w0", {1, 2, 3, nullptr}), "no finite number"));
  CHECK(contains(refused("w0", {1, 2, 3, INFINITY}), "no finite number"));
  CHECK(contains(refused("grads", 3), "grads"));
  CHECK(contains(refused("grads", json::array()), "grads"));
  CHECK(contains(refused("grads", {{1, 2, 3, 4}, {1, 2, 3}}), "gradient 2"));
  CHECK(contains(refused("w1", {1, 2}), "w1 is not a list"));
  CHECK(contains(refused("options", 3), "options"));
  CHECK(contains(refused("options", {{"lr", -1}}), "lr must be"));
  CHECK(contains(refused("options", {{"speed", 1}}), "no option 'speed'"));
  CHECK(contains(complaint([] { replayed("mystery", smallCourse()); }), "no optimizer called"));
  CHECK(contains(complaint([] { replayed("muon", json::array()); }), "not a map"));
  CHECK(contains(complaint([] { replayed("lbfgs", smallCourse()); }), "more than gradients"));
}

TEST_CASE("the authors' names of PolarGrad and its options are understood", "[optim]") {
  json course = smallCourse();
  const auto plain = [&](const json& options) {
    json own = smallCourse();
    own["options"] = options;
    return replayed("polargrad", own);
  };
  course["options"] = {{"method", "ns"}, {"inner_steps", 4}, {"c", 2.0315}};
  CHECK(replayed("polargrad-polar-first-ns", course) ==
        plain({{"order", "polar-first"}, {"polar", "newton-schulz"}, {"polar_steps", 4}}));
  course["options"] = {{"method", "qdwh"}};
  CHECK(replayed("polargrad-momentum-first-qdwh", course) == plain({{"polar", "qdwh"}}));
  course["options"] = {{"c", 2.5}};
  CHECK(contains(complaint([&] { replayed("polargrad-polar-first-ns", course); }), "option 'c'"));
}
