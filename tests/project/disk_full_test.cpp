#include <catch2/catch_test_macros.hpp>

#include "engine/project/arrays.h"
#include "engine/project/schema.h"
#include "project/privileges.h"
#include "project/support.h"

using namespace tarn;
using namespace tarn::test;

TEST_CASE("on a full disk a commit fails with a remedy, and what was committed stays") {
  const TemporaryFolder folder;
  constexpr int kCannotMount = 77;
  const int result = inChild([&] {
    if (!mountSmallDisk(folder.path(), "2m")) {
      return kCannotMount;
    }
    const auto path = folder / "full.tarn";
    std::uint64_t committed = 0;
    {
      const auto project = Project::create(path);
      const auto id = project->addLandscape(plainLandscape(1000, 1000, 1000));
      try {
        for (; committed < 1000; ++committed) {
          project->commitTiles(id, std::vector{numberedTile(committed, 1000)});
        }
        return 1;
      } catch (const Error& error) {
        if (error.code() != ErrorCode::io || error.remedy().empty() ||
            std::string(error.what()).find("full") == std::string::npos) {
          return 2;
        }
      }
      if (project->presentTiles(id).size() != committed) {
        return 3;
      }
    }
    const auto project = Project::open(path, Access::read);
    for (std::uint64_t tile = 0; tile < committed; ++tile) {
      if (project->tile(1, tile).values != numberedTile(tile, 1000).values) {
        return 4;
      }
    }
    return committed > 10 && project->presentTiles(1).size() == committed ? 0 : 5;
  });
  if (result == kCannotMount) {
    SKIP("no small disk can be mounted here");
  }
  REQUIRE(result == 0);
}

TEST_CASE("when the database may not grow, the error is that of a full disk") {
  const TemporaryFolder folder;
  const auto path = folder / "limited.tarn";
  Project::create(path)->close();
  db::Database database(path, db::Mode::write);
  db::Statement(database, "PRAGMA max_page_count = 100").next();
  const NdArray array =
      arrayOf(DType::uint8, {std::size_t{1} << 20U}, std::vector<char>(std::size_t{1} << 20U, 'x'));
  REQUIRE(errorOf([&] {
            db::Transaction transaction(database, db::Transaction::Kind::write);
            db::saveArray(database, array);
            transaction.commit();
          }) == ErrorCode::io);
  db::Statement count(database, "SELECT count(*) FROM arrays");
  REQUIRE(count.next());
  REQUIRE(count.integer(0) == 0);
}
