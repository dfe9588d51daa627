// The requests of the pipe, run without a pipe: what a job sends for what it was asked.

#include <bit>
#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstring>
#include <map>

#include "engine/curvature/random_vector.h"
#include "engine/handlers/handlers.h"
#include "engine/model/tensor_bytes.h"
#include "engine/protocol/sha256.h"
#include "engine/protocol/tile_order.h"
#include "support.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"
#include "torch_catch.h"

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using nlohmann::json;

namespace {

/// Gaussian points in three classes, and a built-in network.
struct Setting {
  test::TemporaryFolder folder;
  json experiment;

  Setting() {
    const auto inputs = (engine::gaussianVector(300, 1)).to(at::kFloat);
    const std::vector<float> values(inputs.data_ptr<float>(), inputs.data_ptr<float>() + 300);
    std::vector<std::int64_t> labels;
    labels.reserve(60);
    for (std::size_t i = 0; i < 60; ++i) {
      labels.push_back(values[5 * i] > .3 ? 2 : values[5 * i + 1] > 0 ? 1 : 0);
    }
    writeNpz((folder / "data.npz").string(), {{"inputs", NdArray::fromFloats({60, 5}, values)},
                                              {"targets", NdArray::fromInt64({60}, labels)}});
    experiment = {{"model", {{"spec", "mlp:5-8-3,act=tanh@init:3"}}},
                  {"data", {{"path", (folder / "data.npz").string()}}},
                  {"loss", "cross-entropy"},
                  {"threads", 2U},
                  {"seed", 4U}};
  }
};

at::Tensor tensorOf(const test::RecordedJob& job, const std::string& name) {
  return engine::tensorFromBytes(job.array(name)).to(at::kDouble);
}

std::vector<double> doublesOf(const json& value) {
  const auto& bytes = value.get_binary();
  std::vector<double> result(bytes.size() / sizeof(double));
  std::memcpy(result.data(), bytes.data(), bytes.size());
  return result;
}

using TileEvents = std::map<std::uint64_t, json>;

TileEvents tilesOf(const test::RecordedJob& job) {
  TileEvents result;
  for (const auto& event : job.events("tile")) {
    REQUIRE(result.emplace(event["index"].get<std::uint64_t>(), event["values"]).second);
  }
  return result;
}

json sampleRequest(test::RecordedJob& job, const json& experiment) {
  test::RecordedJob directions({{"experiment", experiment}, {"spec", {"hessian:1", "random:1"}}});
  test::handled(engine::handleDirections, directions);
  std::vector<double> axis;
  for (int i = -5; i <= 5; ++i) {
    axis.push_back(.1 * i);
  }
  return {{"experiment", experiment},
          {"directions",
           {job.put(directions.array("direction/0")), job.put(directions.array("direction/1"))}},
          {"coordinates", {axis, axis}},
          {"quantities", {"loss", "accuracy"}},
          {"tile_points", 16U}};
}

}  // namespace

TEST_CASE("describe tells what an experiment is, and sends θ when asked") {
  const Setting setting;
  test::RecordedJob job({{"experiment", setting.experiment}, {"parameters", true}});
  test::handled(engine::handleDescribe, job);
  const auto described = job.events("described").at(0);
  CHECK(described["parameters"] == 5 * 8 + 8 + 8 * 3 + 3);
  CHECK(described["samples"] == 60);
  CHECK(described["inputs"] == json::parse("[[60,5]]"));
  CHECK(described["output"] == json::parse("[60,3]"));
  CHECK(described["dtype"] == "f32");
  CHECK(described["groups"].size() == 4);
  CHECK(described["loss"].get<double>() > 0);
  CHECK(described["data_sha256"].get<std::string>().size() == 64);
  CHECK(job.array("parameters").shape == std::vector<std::int64_t>{75});
  CHECK(job.array("buffers").shape == std::vector<std::int64_t>{0});
}

TEST_CASE("the directions of the Hessian are unit eigenvectors: curvature is the eigenvalue") {
  const Setting setting;
  test::RecordedJob job({{"experiment", setting.experiment},
                         {"spec", {"hessian:2", "hessian:-1", "random:2"}},
                         {"tolerance", 1e-5}});
  test::handled(engine::handleDirections, job);
  const auto directions = job.events("direction");
  REQUIRE(directions.size() == 5);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto& d = directions[i];
    CHECK(d["kind"] == "hessian");
    CHECK_THAT(d["norm"].get<double>(), WithinAbs(1, 1e-6));
    CHECK_THAT(d["curvature"].get<double>(), WithinRel(d["eigenvalue"].get<double>(), 1e-4));
    CHECK(d["defect"].get<double>() < 1e-3);
  }
  CHECK(directions[0]["name"] == "hessian:1");
  CHECK(directions[2]["name"] == "hessian:-1");
  CHECK(directions[2]["eigenvalue"].get<double>() < directions[1]["eigenvalue"].get<double>());
  CHECK(directions[3]["eigenvalue"].is_null());
  CHECK(directions[3]["defect"].get<double>() > .1);
  const auto gram = job.events("gram").at(0)["matrix"];
  CHECK_THAT(gram[3][4].get<double>(), WithinAbs(0, 1e-6));
  CHECK_THAT(gram[0][1].get<double>(), WithinAbs(0, 1e-5));
  CHECK_THAT(gram[4][4].get<double>(), WithinAbs(1, 1e-6));
  CHECK(job.array("center").shape == std::vector<std::int64_t>{75});
  CHECK(job.events("spectrum").size() == 1);
}

TEST_CASE("random directions need no Hessian spectrum and repeat with their seed") {
  const Setting setting;
  const auto make = [&](std::uint64_t seed) {
    auto experiment = setting.experiment;
    experiment["seed"] = seed;
    test::RecordedJob job(
        {{"experiment", experiment}, {"spec", {"random:2"}}, {"normalize", "filter"}});
    test::handled(engine::handleDirections, job);
    CHECK(job.events("spectrum").empty());
    return tensorOf(job, "direction/1");
  };
  CHECK(at::equal(make(1), make(1)));
  CHECK_FALSE(at::equal(make(1), make(2)));
}

TEST_CASE("directions without their curvatures are the same directions") {
  const Setting setting;
  test::RecordedJob job({{"experiment", setting.experiment}, {"spec", {"random:2", "gradient"}}});
  test::handled(engine::handleDirections, job);
  const auto direction = tensorOf(job, "direction/1");
  CHECK(job.events("direction").at(1)["curvature"].is_number());
  test::RecordedJob quick({{"experiment", setting.experiment},
                           {"spec", {"random:2", "gradient"}},
                           {"curvatures", false}});
  test::handled(engine::handleDirections, quick);
  CHECK(at::equal(tensorOf(quick, "direction/1"), direction));
  CHECK(quick.events("direction").at(1)["curvature"].is_null());
  CHECK(quick.events("direction").at(1)["defect"].is_null());
}

TEST_CASE("a model without second derivatives still has random directions") {
  const Setting setting;
  const auto path = (setting.folder / "model.pt").string();
  // The derivative of √w at 0 is infinite, its value is not.
  test::script("def forward(self, x):\n  return x[:, :3] * self.w.sqrt()\n",
               {{"w", at::zeros({3})}})
      .save(path);
  auto experiment = setting.experiment;
  experiment["model"] = {{"spec", path}, {"sha256", sha256OfFile(path)}};
  test::RecordedJob job({{"experiment", experiment}, {"spec", {"random:1"}}});
  test::handled(engine::handleDirections, job);
  CHECK(job.events("direction").at(0)["curvature"].is_null());
  job.setRequest({{"experiment", experiment}, {"spec", {"hessian:1"}}});
  REQUIRE_THROWS_WITH(test::handled(engine::handleDirections, job),
                      ContainsSubstring("not finite"));
}

TEST_CASE("a sampling sends every tile once, and its plan repeats it bit for bit") {
  const Setting setting;
  test::RecordedJob job(json::object());
  auto request = sampleRequest(job, setting.experiment);
  job.setRequest(request);
  test::handled(engine::handleSample, job);
  const auto plan = job.events("plan").at(0);
  CHECK(plan["tiles"] == 8);
  CHECK(plan["points"] == 121);
  const auto whole = tilesOf(job);
  REQUIRE(whole.size() == 8);

  const TileOrder order({11, 11}, 16);
  for (const auto& [index, values] : whole) {
    CHECK(doublesOf(values["loss"]).size() == order.tile(index).size());
    for (const auto accuracy : doublesOf(values["accuracy"])) {
      CHECK((accuracy >= 0 && accuracy <= 1));
    }
  }

  SECTION("continued after some tiles, with another number of workers") {
    request["plan"] = plan["plan"];
    request["plan"]["workers"] = 1U;
    request["have"] = json::array({{0U, 2U}, {5U, 5U}});
    test::RecordedJob again(json::object());
    sampleRequest(again, setting.experiment);  // puts the same directions
    again.setRequest(request);
    test::handled(engine::handleSample, again);
    const auto rest = tilesOf(again);
    CHECK(again.events("plan").at(0)["plan"] == request["plan"]);
    REQUIRE(rest.size() == 4);
    for (const std::uint64_t index : {3U, 4U, 6U, 7U}) {
      CHECK(rest.at(index)["loss"].get_binary() == whole.at(index)["loss"].get_binary());
      CHECK(rest.at(index)["accuracy"].get_binary() == whole.at(index)["accuracy"].get_binary());
    }
  }
}

TEST_CASE("a cancelled sampling stops within the tiles under way and keeps what it sent") {
  const Setting setting;
  test::RecordedJob job(json::object());
  job.setRequest(sampleRequest(job, setting.experiment));
  int tiles = 0;
  job.onEvent = [&](const json& event) {
    if (event["type"] == "tile" && ++tiles == 2) {
      job.cancel();
    }
  };
  try {
    test::handled(engine::handleSample, job);
    FAIL("not cancelled");
  } catch (const Error& error) {
    CHECK(error.code() == ErrorCode::cancelled);
  }
  CHECK(job.events("tile").size() >= 2);
  CHECK(job.events("tile").size() <= 3);
}

TEST_CASE("requests that cannot be meant are refused") {
  const Setting setting;
  test::RecordedJob job(json::object());
  const auto good = sampleRequest(job, setting.experiment);
  const auto refused = [&](const json& change) {
    auto request = good;
    request.update(change);
    job.setRequest(request);
    REQUIRE_THROWS_AS(test::handled(engine::handleSample, job), Error);
  };
  refused({{"coordinates", json::array({{0, 1}})}});
  refused({{"coordinates", {{0, 1}, {0, nullptr}}}});
  refused({{"coordinates", {json::array(), {0}}}});
  refused({{"directions", json::array()}});
  refused({{"directions", {"unknown", "unknown"}}});
  refused({{"quantities", {"entropy"}}});
  refused({{"have", {{1}}}});
  refused({{"plan", {{"workers", 1U}}}});
  refused({{"tile_points", 0U}});
  job.setRequest({{"experiment", setting.experiment},
                  {"range", {"auto"}},
                  {"directions", good["directions"]}});
  REQUIRE_THROWS_AS(test::handled(engine::handleRange, job), Error);
}

TEST_CASE("range answers one half width per direction") {
  const Setting setting;
  test::RecordedJob job(json::object());
  const auto directions = sampleRequest(job, setting.experiment)["directions"];
  job.setRequest({{"experiment", setting.experiment},
                  {"directions", directions},
                  {"range", {"abs:2", "auto"}},
                  {"curvatures", {nullptr, nullptr}}});
  test::handled(engine::handleRange, job);
  const auto widths = job.events("range").at(0)["half_widths"];
  REQUIRE(widths.size() == 2);
  CHECK(widths[0] == 2.0);
  CHECK(widths[1].get<double>() > 0);
}
