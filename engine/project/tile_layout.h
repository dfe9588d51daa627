#pragma once

#include <cstdint>
#include <string>

#include "engine/project/records.h"
#include "engine/protocol/tile_order.h"

namespace tarn {

/// A tile's values of one quantity must fit one row.
inline constexpr std::uint64_t kMaxTilePoints = std::uint64_t{1} << 20U;

/// How many points the axes span; none when they are more than TileOrder::maximumPoints.
std::optional<std::uint64_t> pointCount(const std::vector<Axis>& axes);

/// Why a landscape cannot have these axes, quantities and tiles, or an empty text.
std::string faultOf(const StoredLandscape& landscape);

/// Which points are in which tile of a landscape without fault.
TileOrder orderOf(const StoredLandscape& landscape);

/// For a landscape without fault: how many tiles there are, and how many points one of them has.
std::uint64_t tileCount(const StoredLandscape& landscape);
std::uint64_t pointsInTile(const StoredLandscape& landscape, std::uint64_t tile);

}  // namespace tarn
