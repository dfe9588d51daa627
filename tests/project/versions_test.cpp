#include <catch2/catch_test_macros.hpp>

#include "engine/project/schema.h"
#include "project/support.h"

using namespace tarn;
using namespace tarn::test;

namespace {

std::int64_t numberOf(db::Database& database, const std::string& sql) {
  db::Statement statement(database, sql);
  REQUIRE(statement.next());
  return statement.integer(0);
}

}  // namespace

TEST_CASE("a project's file says what it is: application id TARN and its format version") {
  const TemporaryFolder folder;
  const auto path = folder / "a.tarn";
  Project::create(path)->close();
  db::Database database(path, db::Mode::read);
  REQUIRE(numberOf(database, "PRAGMA application_id") == 0x5441524E);
  REQUIRE(numberOf(database, "PRAGMA user_version") == 1);
}

TEST_CASE("a project of a newer Tarn is refused and left as it is") {
  const TemporaryFolder folder;
  const auto path = folder / "newer.tarn";
  Project::create(path)->setViewState("a", 1);
  REQUIRE(foreignSql(path, "PRAGMA user_version = 2; CREATE TABLE future (a)"));
  for (const Access access : {Access::read, Access::write}) {
    REQUIRE(errorOf([&] { Project::open(path, access); }) == ErrorCode::unsupported);
    REQUIRE(sentenceOf([&] { Project::open(path, access); }).find("newer Tarn") !=
            std::string::npos);
  }
  REQUIRE(foreignSql(path, "INSERT INTO future VALUES (1)"));
}

// Until there is a second version, the way from one to the next is tried with one made up here.
TEST_CASE("an older project is migrated whole or not at all") {
  const TemporaryFolder folder;
  const auto path = folder / "older.tarn";
  Project::create(path)->setViewState("a", 1);
  const char* const first = db::schemaMigrations()[0];
  const std::vector<const char*> broken{
      first, "ALTER TABLE runs ADD COLUMN note TEXT; INSERT INTO nowhere VALUES (1);"};
  const std::vector<const char*> good{
      first, "ALTER TABLE runs ADD COLUMN note TEXT;",
      "CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('moved');"};

  {
    db::Database database(path, db::Mode::read);
    REQUIRE(errorOf([&] { db::openSchema(database, good, false); }) == ErrorCode::unsupported);
  }
  {
    db::Database database(path, db::Mode::write);
    REQUIRE(errorOf([&] { db::openSchema(database, broken, true); }).has_value());
  }
  REQUIRE(Project::open(path, Access::read)->viewState("a") == nlohmann::json(1));

  {
    db::Database database(path, db::Mode::write);
    db::openSchema(database, good, true);
    REQUIRE(numberOf(database, "PRAGMA user_version") == 3);
    REQUIRE(numberOf(database, "SELECT count(*) FROM notes") == 1);
    REQUIRE(numberOf(database, "SELECT count(note) FROM runs") == 0);
    REQUIRE(numberOf(database, "SELECT count(*) FROM view_states") == 1);
  }
  db::Database database(path, db::Mode::read);
  db::openSchema(database, good, false);
  REQUIRE(errorOf([&] { Project::open(path, Access::write); }) == ErrorCode::unsupported);
}
