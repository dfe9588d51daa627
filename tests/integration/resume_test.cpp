#include <catch2/catch_test_macros.hpp>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <random>
#include <thread>

#include "engine/project/project.h"
#include "support/paths.h"
#include "support/program.h"

using namespace tarn;
using namespace tarn::test;

namespace {

std::vector<std::string> sampleInto(const std::string& project, const std::string& directions,
                                    const std::string& steps,
                                    const std::vector<std::string>& more = {}) {
  std::vector<std::string> words{"tarn",         "sample",
                                 "--model",      "mlp:64-32-32-10@init:1",
                                 "--data",       sourceFile("resources/digits/digits.npz"),
                                 "--transform",  "layout=nchw,scale=1/16",
                                 "--directions", directions,
                                 "--steps",      steps,
                                 "--range",      "abs:2",
                                 "--tile",       "4",
                                 "--out",        project};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

// How many tiles the latest landscape has committed; 0 when there is none.
std::uint64_t committedTiles(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    return 0;
  }
  const auto landscapes = Project::open(path, Access::read)->landscapes();
  return landscapes.empty() ? 0 : landscapes.back().tilesPresent;
}

bool complete(const std::string& path) {
  if (!std::filesystem::exists(path)) {
    return false;
  }
  const auto landscapes = Project::open(path, Access::read)->landscapes();
  return !landscapes.empty() && landscapes.back().status() == LandscapeStatus::complete;
}

std::vector<double> values(const std::string& path, const std::string& quantity) {
  const auto project = Project::open(path, Access::read);
  const auto grid =
      project->landscapeGrid(project->resolve(ResultKind::landscape, 0), quantity).grid;
  return {grid.values().begin(), grid.values().end()};
}

bool sameBits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

}  // namespace

TEST_CASE("a sampling that is killed again and again ends as one that ran through, bit for bit") {
  const TemporaryFolder folder;
  const std::string through = folder / "through.tarn";
  const std::string killed = folder / "killed.tarn";
  const auto first = run(sampleInto(through, "hessian:2", "61"));
  INFO(first.err);
  REQUIRE(first.exitCode == 0);

  std::mt19937 random(20);
  std::uint64_t before = 0;
  int kills = 0;
  for (int round = 0; round < 40 && !complete(killed); ++round) {
    Program sampling(sampleInto(killed, "hessian:2", "61", {"--plan-of", through, "--resume"}));
    // The engine in even rounds, tarn itself in odd ones, each at a random moment.
    const std::chrono::milliseconds moment(std::uniform_int_distribution<int>(150, 1200)(random));
    std::this_thread::sleep_for(moment);
    const auto engines = childrenNamed(sampling.pid(), "tarn-engine");
    const bool killEngine = round % 2 == 0 && !engines.empty();
    if (killEngine) {
      ::kill(engines.front(), SIGKILL);
    } else {
      sampling.signal(SIGKILL);
    }
    const auto result = sampling.wait();
    INFO(result.err);
    if (result.exitCode != 0) {
      ++kills;
      CHECK(result.exitCode == (killEngine ? 1 : 128 + SIGKILL));
    }
    const std::uint64_t now = committedTiles(killed);
    CHECK(now >= before);
    before = now;
  }
  CHECK(kills >= 2);

  const auto last = run(sampleInto(killed, "hessian:2", "61", {"--plan-of", through, "--resume"}));
  INFO(last.err);
  REQUIRE((complete(killed) || last.exitCode == 0));
  CHECK(sameBits(values(through, "loss"), values(killed, "loss")));
  CHECK(sameBits(values(through, "accuracy"), values(killed, "accuracy")));
}

namespace {

/// A landscape that is sampled, extended and refined: the words of each step after the first.
const std::vector<std::vector<std::string>> kGrowth{{"--extend", "2"}, {"--refine", "2"}};

std::size_t landscapesIn(const std::string& path) {
  return std::filesystem::exists(path) ? Project::open(path, Access::read)->landscapes().size() : 0;
}

/// What has to be run next for a project to have this many landscapes, all complete.
std::vector<std::string> nextStep(const std::string& path, std::size_t wanted,
                                  const std::string& planOf) {
  if (landscapesIn(path) == wanted) {
    return {"tarn", "sample", "--resume", "--out", path};
  }
  if (wanted == 1) {
    return sampleInto(path, "hessian:2", "21", {"--plan-of", planOf});
  }
  std::vector<std::string> words{"tarn", "sample", "--out", path, "--tile", "4"};
  words.insert(words.end(), kGrowth[wanted - 2].begin(), kGrowth[wanted - 2].end());
  return words;
}

/// The tiles of the landscape that is being made, 0 before it is begun.
std::uint64_t tilesOf(const std::string& path, std::size_t wanted) {
  return landscapesIn(path) == wanted ? committedTiles(path) : 0;
}

enum class Interruption { killTarn, killEngine, pause };

}  // namespace

TEST_CASE(
    "fifty kills and some pauses while a landscape is made, extended and refined lose nothing") {
  constexpr int kWanted = 50;
  const TemporaryFolder folder;
  const std::string through = folder / "through.tarn";
  REQUIRE(run(sampleInto(through, "hessian:2", "21")).exitCode == 0);
  for (std::size_t wanted = 2; wanted <= kGrowth.size() + 1; ++wanted) {
    const auto grown = run(nextStep(through, wanted, through));
    INFO(grown.err);
    REQUIRE(grown.exitCode == 0);
  }

  std::mt19937 random(50);
  const auto uniform = [&random](int from, int to) {
    return std::uniform_int_distribution<int>(from, to)(random);
  };
  int kills = 0;
  int pauses = 0;
  int amidst = 0;
  for (int project = 0; kills < kWanted; ++project) {
    const std::string path = folder / ("killed" + std::to_string(project) + ".tarn");
    for (std::size_t wanted = 1; wanted <= kGrowth.size() + 1; ++wanted) {
      std::uint64_t before = 0;
      while (landscapesIn(path) < wanted || !complete(path)) {
        Program sampling(nextStep(path, wanted, through));
        if (kills < kWanted) {
          // Any moment from the start on, or one while tiles are being written.
          if (uniform(0, 1) == 0) {
            std::this_thread::sleep_for(std::chrono::milliseconds(uniform(0, 900)));
          } else {
            for (int wait = 0; wait < 1000 && tilesOf(path, wanted) <= before; ++wait) {
              std::this_thread::sleep_for(std::chrono::milliseconds(uniform(10, 30)));
            }
          }
          const auto engines = childrenNamed(sampling.pid(), "tarn-engine");
          const auto kind = static_cast<Interruption>(uniform(0, 2));
          if (kind == Interruption::killEngine && !engines.empty()) {
            ::kill(engines.front(), SIGKILL);
          } else {
            sampling.signal(kind == Interruption::pause ? SIGINT : SIGKILL);
          }
          const auto result = sampling.wait();
          INFO(result.err);
          kills += result.exitCode == 1 || result.exitCode == 128 + SIGKILL ? 1 : 0;
          pauses += result.exitCode == 130 || result.exitCode == 128 + SIGINT ? 1 : 0;
        } else {
          const auto result = sampling.wait();
          INFO(result.err);
          REQUIRE(result.exitCode == 0);
        }
        const std::uint64_t now = tilesOf(path, wanted);
        CHECK(now >= before);
        amidst += now > before && !complete(path) ? 1 : 0;
        before = now;
      }
    }
    CHECK(sameBits(values(through, "loss"), values(path, "loss")));
    CHECK(sameBits(values(through, "accuracy"), values(path, "accuracy")));
    CHECK(sameBits(values(through, "standard_error"), values(path, "standard_error")));
  }
  CHECK(pauses > 0);
  CHECK(amidst > 10);
}

TEST_CASE("Ctrl-C ends a sampling with 130 and keeps what was computed") {
  const TemporaryFolder folder;
  const std::string path = folder / "interrupted.tarn";
  Program sampling(sampleInto(path, "random:2", "201"));
  while (committedTiles(path) == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  sampling.signal(SIGINT);
  const auto result = sampling.wait();
  INFO(result.err);
  CHECK(result.exitCode == 130);
  CHECK(committedTiles(path) > 0);
  CHECK_FALSE(complete(path));
  // Nothing but the project itself is left beside it.
  CHECK_FALSE(std::filesystem::exists(path + "-wal"));
}
