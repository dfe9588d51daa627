#include <atomic>
#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>
#include <filesystem>
#include <thread>

#include <sys/stat.h>

#include "engine/project/writer_lock.h"
#include "project/privileges.h"
#include "project/support.h"

using namespace tarn;
using namespace tarn::test;

TEST_CASE("a second writer is refused, or becomes a reader that knows why") {
  const TemporaryFolder folder;
  const auto path = folder / "shared.tarn";
  auto first = Project::create(path);
  first->setViewState("a", 1);

  const auto inThisProcess = [&] { Project::open(path, Access::write); };
  REQUIRE(errorOf(inThisProcess) == ErrorCode::io);
  REQUIRE(sentenceOf(inThisProcess).find("process " + std::to_string(getpid())) !=
          std::string::npos);
  REQUIRE(inChild([&] {
            return errorOf([&] { Project::open(path, Access::write); }) == ErrorCode::io ? 0 : 1;
          }) == 0);

  const auto second = Project::open(path, Access::write, IfRefused::readOnly);
  REQUIRE_FALSE(second->writable());
  REQUIRE_FALSE(second->readOnlyReason().empty());
  REQUIRE(second->viewState("a") == nlohmann::json(1));
  REQUIRE(errorOf([&] { second->setViewState("a", 2); }) == ErrorCode::usage);

  first->setViewState("a", 3);
  REQUIRE(second->viewState("a") == nlohmann::json(3));
  first->close();
  REQUIRE(second->viewState("a") == nlohmann::json(3));
  REQUIRE(Project::open(path, Access::write)->writable());
}

TEST_CASE("a project that is reached through a link is known to be written") {
  const TemporaryFolder folder;
  const auto elsewhere = folder / "elsewhere";
  std::filesystem::create_directory(elsewhere);
  const auto link = folder / "link.tarn";
  auto project = Project::create(elsewhere / "real.tarn");
  std::filesystem::create_symlink(elsewhere / "real.tarn", link);
  CHECK(db::WriterLock::isHeld(link));
  project.reset();
  CHECK_FALSE(db::WriterLock::isHeld(link));
}

TEST_CASE("a closed project refuses every further use") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "closed.tarn");
  project->close();
  project->close();
  REQUIRE(errorOf([&] { project->landscapes(); }) == ErrorCode::usage);
  REQUIRE(errorOf([&] { project->setViewState("a", 1); }) == ErrorCode::usage);
}

TEST_CASE("a project can be read by another process while it is written") {
  const TemporaryFolder folder;
  const auto path = folder / "live.tarn";
  constexpr std::uint64_t tiles = 300;
  const auto writer = Project::create(path);
  const auto id = writer->addLandscape(plainLandscape(60, 50, 10));

  const pid_t reader = fork();
  if (reader == 0) {
    // Not the object of the parent, which does not survive a fork: one of its own.
    int code = 99;
    try {
      const auto project = Project::open(path, Access::read);
      std::uint64_t seen = 0;
      code = 0;
      while (seen < tiles && code == 0) {
        const auto values = project->landscapeGrid(id, "loss");
        std::uint64_t present = 0;
        for (const bool tile : values.tilePresent) {
          present += tile ? 1 : 0;
        }
        const bool whole = values.grid.size() - values.grid.maskedCount() == present * 10;
        code = present >= seen && whole ? 0 : 1;
        seen = present;
      }
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s\n", error.what());
    }
    _exit(code);
  }
  for (std::uint64_t tile = 0; tile < tiles; ++tile) {
    writer->commitTiles(id, std::vector{numberedTile(tile, 10)});
  }
  int status = 0;
  waitpid(reader, &status, 0);
  REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

TEST_CASE("one project is used from several threads") {
  const TemporaryFolder folder;
  const auto project = Project::create(folder / "threads.tarn");
  const auto id = project->addLandscape(plainLandscape(20, 20, 4));
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (std::uint64_t part = 0; part < 4; ++part) {
    threads.emplace_back([&, part] {
      for (std::uint64_t tile = part; tile < 100; tile += 4) {
        project->commitTiles(id, std::vector{numberedTile(tile, 4)});
        wrong += project->tile(id, tile).values == numberedTile(tile, 4).values ? 0 : 1;
      }
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  REQUIRE(wrong == 0);
  REQUIRE(project->landscape(id).status() == LandscapeStatus::complete);
}

TEST_CASE("a project on read-only media is read, and says why it cannot be written") {
  const TemporaryFolder folder;
  const auto inner = folder / "media";
  std::filesystem::create_directory(inner);
  const auto path = inner / "disc.tarn";
  Project::create(path)->setViewState("a", 1);
  // As an earlier crash may leave it: still in WAL mode, though without a log.
  const bool walMode = GENERATE(false, true);
  if (walMode) {
    REQUIRE(foreignSql(path, "PRAGMA journal_mode = WAL"));
  }
  chmod(path.c_str(), 0444);
  chmod(inner.c_str(), 0555);
  const int result = inChild([&] {
    dropPrivileges();
    const bool refused = errorOf([&] { Project::open(path, Access::write); }) == ErrorCode::io &&
                         errorOf([&] { Project::create(inner / "new.tarn"); }) == ErrorCode::io;
    const auto project = Project::open(path, Access::write, IfRefused::readOnly);
    const bool reads = project->viewState("a") == nlohmann::json(1);
    return refused && reads && !project->readOnlyReason().empty() ? 0 : 1;
  });
  chmod(inner.c_str(), 0755);
  REQUIRE(result == 0);
}

TEST_CASE("a project that is removed or replaced under its writer says so and can be saved") {
  const TemporaryFolder folder;
  const auto path = folder / "gone.tarn";
  const auto project = Project::create(path);
  const auto id = project->addLandscape(plainLandscape(4, 4, 4));
  project->commitTiles(id, std::vector{numberedTile(1, 4)});
  if (GENERATE(false, true)) {
    std::filesystem::rename(path, folder / "elsewhere.tarn");
  } else {
    std::filesystem::remove(path);
  }
  REQUIRE(errorOf([&] { project->commitTiles(id, std::vector{numberedTile(2, 4)}); }) ==
          ErrorCode::io);
  const auto copy = folder / "copy.tarn";
  project->saveCopy(copy);
  REQUIRE(errorOf([&] { project->saveCopy(copy); }) == ErrorCode::io);
  REQUIRE(Project::open(copy, Access::write)->presentTiles(id) == std::vector<std::uint64_t>{1});
}
