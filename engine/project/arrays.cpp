#include "engine/project/arrays.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "topology/base/error.h"

namespace tarn::db {

static_assert(std::endian::native == std::endian::little, "blobs are little-endian");

namespace {

struct TypeName {
  DType dtype;
  std::string_view text;
};
constexpr std::array<TypeName, 4> kTypeNames{{{DType::float32, "f32"},
                                              {DType::float64, "f64"},
                                              {DType::int64, "i64"},
                                              {DType::uint8, "u8"}}};
constexpr std::size_t kMaxDimensions = 32;

std::string_view nameOf(DType dtype) {
  for (const TypeName& name : kTypeNames) {
    if (name.dtype == dtype) {
      return name.text;
    }
  }
  throw Error(ErrorCode::usage, "A project keeps no arrays of " + std::string(toString(dtype)) +
                                    ", only float32, float64, int64 and uint8.");
}

DType typeOf(const Database& database, const std::string& text) {
  for (const TypeName& name : kTypeNames) {
    if (name.text == text) {
      return name.dtype;
    }
  }
  database.damaged("there is no element type '" + text + "'");
}

/// Product of the shape and the element's size; none when it exceeds `limit`.
std::optional<std::uint64_t> byteCount(const std::vector<std::size_t>& shape, DType dtype,
                                       std::uint64_t limit) {
  if (std::find(shape.begin(), shape.end(), std::size_t{0}) != shape.end()) {
    return 0;
  }
  std::uint64_t bytes = itemSize(dtype);
  for (const std::size_t length : shape) {
    if (length > limit / bytes) {
      return std::nullopt;
    }
    bytes *= length;
  }
  return bytes <= limit ? std::optional(bytes) : std::nullopt;
}

std::vector<std::size_t> shapeOf(const Database& database, const nlohmann::json& json) {
  const auto isLength = [](const nlohmann::json& n) { return n.is_number_unsigned(); };
  if (!json.is_array() || json.size() > kMaxDimensions ||
      !std::all_of(json.begin(), json.end(), isLength)) {
    database.damaged("an array's shape is not a list of lengths");
  }
  return json.get<std::vector<std::size_t>>();
}

}  // namespace

std::int64_t saveArray(Database& database, const NdArray& array) {
  const auto name = nameOf(array.dtype);
  if (array.shape.size() > kMaxDimensions ||
      byteCount(array.shape, array.dtype, array.bytes.size()) != array.bytes.size()) {
    throw Error(ErrorCode::usage, "An array's shape does not fit its " +
                                      std::to_string(array.bytes.size()) + " bytes.");
  }
  Statement row(database, "INSERT INTO arrays (dtype, shape, bytes) VALUES (?, ?, ?)");
  row.bind(name)
      .bind(nlohmann::json(array.shape))
      .bind(static_cast<std::int64_t>(array.bytes.size()))
      .run();
  const std::int64_t id = database.lastInsertId();
  Statement piece(database, "INSERT INTO array_pieces (array_id, piece, data) VALUES (?, ?, ?)");
  const std::span<const std::byte> bytes(array.bytes);
  std::int64_t index = 0;
  for (std::size_t offset = 0; offset < bytes.size(); offset += kArrayPieceBytes) {
    const auto length = std::min(kArrayPieceBytes, bytes.size() - offset);
    piece.bind(id).bind(index++).bind(bytes.subspan(offset, length)).run();
  }
  return id;
}

NdArray loadArray(Database& database, std::int64_t id) {
  Statement row(database, "SELECT dtype, shape, bytes FROM arrays WHERE id = ?");
  row.bind(id);
  if (!row.next()) {
    database.damaged("array " + std::to_string(id) + " is missing");
  }
  NdArray array;
  array.dtype = typeOf(database, row.text(0));
  array.shape = shapeOf(database, row.json(1));
  const auto declared = byteCount(array.shape, array.dtype, database.size());
  if (!declared || row.integer(2) != static_cast<std::int64_t>(*declared)) {
    database.damaged("array " + std::to_string(id) + " is not as long as its shape says");
  }
  const std::uint64_t expected = *declared;
  Statement lengths(database, "SELECT total(length(data)) FROM array_pieces WHERE array_id = ?");
  lengths.bind(id);
  if (!lengths.next() || lengths.number(0) != static_cast<double>(expected)) {
    database.damaged("pieces of array " + std::to_string(id) + " are missing");
  }
  array.bytes.reserve(expected);
  Statement pieces(database,
                   "SELECT piece, data FROM array_pieces WHERE array_id = ? ORDER BY piece");
  pieces.bind(id);
  for (std::int64_t index = 0; pieces.next(); ++index) {
    const auto data = pieces.blob(1);
    if (pieces.integer(0) != index || array.bytes.size() + data.size() > expected) {
      database.damaged("pieces of array " + std::to_string(id) + " are missing");
    }
    array.bytes.insert(array.bytes.end(), data.begin(), data.end());
  }
  if (array.bytes.size() != expected) {
    database.damaged("pieces of array " + std::to_string(id) + " are missing");
  }
  return array;
}

void removeArray(Database& database, std::int64_t id) {
  Statement(database, "DELETE FROM arrays WHERE id = ?").bind(id).run();
}

std::vector<double> doublesOf(const Database& database, std::span<const std::byte> bytes,
                              const std::string& what) {
  if (bytes.size() % sizeof(double) != 0) {
    database.damaged(what + " is not a list of doubles");
  }
  std::vector<double> values(bytes.size() / sizeof(double));
  if (!values.empty()) {
    std::memcpy(values.data(), bytes.data(), bytes.size());
  }
  return values;
}

}  // namespace tarn::db
