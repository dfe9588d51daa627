#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>

#include "engine/tasks/experiment_task.h"
#include "topology/grid/scalar_grid.h"

namespace tarn {

/// The names under which a run's metrics keep what the landscape around a snapshot is like.
inline constexpr const char* kSmad = "smad";
inline constexpr const char* kSmadNormalized = "smad_normalized";
inline constexpr const char* kSmadMinima = "smad_minima";

/// The key of a run's settings that says of which snapshots SMAD is measured.
inline constexpr const char* kSmadSettings = "smad";

/// Of which snapshots of a run SMAD is measured while it is trained, and on which landscape: the
/// loss of all samples on the plane of two random directions with filter normalization, from
/// −range to range in units of ‖θ‖/‖d‖ along both. The directions are of the seed 0 whatever the
/// run's is, and the points are evaluated by the reference plan, so that snapshots, runs and
/// machines can be compared. It is the landscape of
///
///     tarn sample --at NAME.tarn#run/ID --directions random:2 --normalize filter
///         --steps 11 --range rel:1 --plan reference
///
/// of the same snapshot, analysed with the connectivity 2n.
struct SmadWish {
  std::uint64_t every = 10;  ///< every so many snapshots, from the first on, and the last
  std::uint64_t steps = 11;  ///< along either axis
  double range = 1;

  bool operator==(const SmadWish&) const = default;
};

/// "10" or "10,steps=21,range=0.5". Throws Error(usage).
SmadWish smadFromText(const std::string& text);
/// {every, steps, range}, as it is kept in a run's settings.
nlohmann::json toJson(const SmadWish& wish);
/// What a run's settings say; none when they say nothing. Throws Error(badInput) for what is no
/// such map.
std::optional<SmadWish> smadOf(const nlohmann::json& settings);

/// The landscape around a snapshot of the project. Nothing is written to the project. Throws the
/// engine's errors, and Error(notFound) without such a snapshot.
ScalarGrid smadLandscape(EngineClient& client, Project& project, std::int64_t run,
                         std::int64_t step, const SmadWish& wish, const TrustQuestion& ask,
                         const std::stop_token& stop);

/// What is kept of it: numbers by the names above, null where they are undefined.
nlohmann::json smadNumbers(const ScalarGrid& grid, const std::stop_token& stop);

}  // namespace tarn
