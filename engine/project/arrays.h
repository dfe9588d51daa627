#pragma once

#include <cstdint>

#include "engine/project/database.h"
#include "topology/io/nd_array.h"

/// Arrays in the project file: a row with type and shape, and the bytes in pieces.
namespace tarn::db {

/// Largest piece of an array; a row stays below kMaxRowBytes.
inline constexpr std::size_t kArrayPieceBytes = std::size_t{8} << 20U;

/// Gives the array's id. Error(usage) for an unknown dtype or a shape that does not fit the
/// bytes.
std::int64_t saveArray(Database& database, const NdArray& array);
/// Error(notFound), Error(badInput) when the pieces are not what type and shape say: found out
/// before memory is taken.
NdArray loadArray(Database& database, std::int64_t id);
void removeArray(Database& database, std::int64_t id);

/// Little-endian doubles; `what` names them in an Error(badInput).
std::vector<double> doublesOf(const Database& database, std::span<const std::byte> bytes,
                              const std::string& what);

}  // namespace tarn::db
