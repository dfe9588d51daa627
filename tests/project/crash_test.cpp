#include <catch2/catch_test_macros.hpp>
#include <random>

#include <fcntl.h>
#include <signal.h>

#include "project/support.h"

using namespace tarn;
using namespace tarn::test;

namespace {

constexpr std::uint64_t kTilePoints = 5;
constexpr std::uint64_t kTiles = 2000;

StoredLandscape sampled() {
  return plainLandscape(100, 100, kTilePoints);
}

/// Commits the tiles that are not there yet; says so on the pipe after each commit.
int writeTiles(const std::filesystem::path& path, int pipe) {
  const auto project = Project::openOrCreate(path);
  if (project->landscapes().empty()) {
    project->addLandscape(sampled());
  }
  std::vector<bool> present(kTiles, false);
  for (const auto tile : project->presentTiles(1)) {
    present[tile] = true;
  }
  for (std::uint64_t tile = 0; tile < kTiles; ++tile) {
    if (!present[tile]) {
      project->commitTiles(1, std::vector{numberedTile(tile, kTilePoints)});
      if (write(pipe, &tile, sizeof tile) != sizeof tile) {
        return 1;
      }
    }
  }
  project->close();
  return 0;
}

/// Lets a process write until it has said so many commits and a moment more, kills it, and gives
/// the tiles it said were committed.
std::vector<std::uint64_t> writeAndKill(const std::filesystem::path& path, std::size_t commits,
                                        useconds_t moment) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  REQUIRE(fcntl(ends[1], F_SETPIPE_SZ, 1 << 16) >= 0);
  const pid_t child = fork();
  if (child == 0) {
    int code = 1;
    try {
      code = writeTiles(path, ends[1]);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    _exit(code);
  }
  close(ends[1]);
  std::vector<std::uint64_t> committed;
  std::uint64_t tile = 0;
  while (committed.size() < commits && read(ends[0], &tile, sizeof tile) == sizeof tile) {
    committed.push_back(tile);
  }
  usleep(moment);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE((WIFSIGNALED(status) || WEXITSTATUS(status) == 0));
  while (read(ends[0], &tile, sizeof tile) == sizeof tile) {
    committed.push_back(tile);
  }
  close(ends[0]);
  return committed;
}

}  // namespace

TEST_CASE("kill -9 at any moment loses no committed tile, and the project opens clean") {
  const TemporaryFolder folder;
  const auto path = folder / "killed.tarn";
  std::mt19937 generator(20250131);
  std::uniform_int_distribution<std::size_t> commits(0, 25);
  std::uniform_int_distribution<useconds_t> moment(0, 3000);
  std::size_t committed = 0;
  for (int round = 0; round < 40; ++round) {
    const auto said = writeAndKill(path, commits(generator), moment(generator));
    committed += said.size();
    if (!std::filesystem::exists(path)) {
      continue;
    }
    const auto project = Project::openOrCreate(path);
    if (project->landscapes().empty()) {
      REQUIRE(committed == 0);
      project->addLandscape(sampled());
    }
    for (const auto tile : said) {
      REQUIRE(project->tile(1, tile).values == numberedTile(tile, kTilePoints).values);
    }
    // A tile may have been committed just before the process could say so, never half of one.
    for (const auto tile : project->presentTiles(1)) {
      REQUIRE(project->tile(1, tile).values == numberedTile(tile, kTilePoints).values);
    }
    REQUIRE(project->landscape(1).tilesPresent >= committed);
    project->close();
    REQUIRE_FALSE(std::filesystem::exists(path.string() + "-wal"));
  }
  REQUIRE(committed > 0);
}

TEST_CASE("a project that was being made or closed when its process was killed is used again") {
  const TemporaryFolder folder;
  std::mt19937 generator(20250201);
  std::uniform_int_distribution<useconds_t> moment(0, 15000);
  for (int round = 0; round < 40; ++round) {
    const auto path = folder / ("made-" + std::to_string(round) + ".tarn");
    const pid_t child = fork();
    if (child == 0) {
      try {
        for (;;) {
          const auto project = Project::openOrCreate(path);
          project->setViewState("round", round);
        }
      } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
      }
      _exit(1);
    }
    usleep(moment(generator));
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    const auto project = Project::openOrCreate(path);
    const auto state = project->viewState("round");
    REQUIRE((!state || *state == round));
    project->setViewState("after", round);
    project->close();
    REQUIRE(Project::open(path, Access::read)->viewState("after") == nlohmann::json(round));
  }
}
