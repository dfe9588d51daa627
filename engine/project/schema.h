#pragma once

#include <cstdint>
#include <span>

#include "engine/project/database.h"

/// The tables of a project file. The schema is published in docs/project-file.md: what is here is
/// never changed, only followed by a further migration.
namespace tarn::db {

/// "TARN", at offset 68 of the file.
inline constexpr std::int64_t kApplicationId = 0x5441524E;

/// Migration i takes a file from version i to version i + 1 (PRAGMA user_version).
std::span<const char* const> schemaMigrations();

/// An empty file becomes a project of the newest version, in one transaction.
void createSchema(Database& database, std::span<const char* const> migrations);

/// Checks that this is a project whose tables are exactly the ones of its version; `mayWrite`
/// takes an older version to the newest one, in one transaction.
///
/// Throws Error(badInput): no project, or objects that no Tarn puts there; Error(unsupported): made
/// by a newer Tarn, or an older one that may not be written; and as Database::fail.
void openSchema(Database& database, std::span<const char* const> migrations, bool mayWrite);

}  // namespace tarn::db
