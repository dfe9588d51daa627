#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "topology/grid/scalar_grid.h"
#include "topology/io/nd_array.h"

namespace tarn {

// Arrays are NdArray of float32, float64, int64 or uint8; other element types are Error(usage).

// In every record, `id` and `created` (UTC, "2025-01-31T12:00:00Z") are given by the project when
// the record is added, and ids are never used twice. `provenance` says what made the result:
// versions, seed, device, dtype, hashes of model and data, the request, the engine's plan.

/// What is computed on.
struct StoredExperiment {
  std::int64_t id = 0;
  std::string created;
  nlohmann::json experiment;  ///< the map of engine/protocol/README.md
  nlohmann::json described;   ///< the engine's `described` event
  std::string modelHash;      ///< SHA-256 of the model's file; empty where there is none
  std::string dataHash;       ///< SHA-256 of the data's file
  nlohmann::json provenance;
};

/// One axis's direction in parameter space.
struct StoredDirection {
  std::string name;  ///< "hessian:1", …
  std::string kind;  ///< "hessian", "random", …
  std::optional<double> eigenvalue;
  std::optional<double> residual;   ///< ‖Hv − λv‖
  std::optional<double> curvature;  ///< dᵀHd
  std::optional<double> defect;     ///< ‖Hd − (dᵀHd)d‖ / |dᵀHd|
  double norm = 0;
  std::string hash;  ///< SHA-256 of the array's bytes
  NdArray values;    ///< float32 or float64, one number a parameter
};

/// The directions of a landscape's axes, in the axes' order.
struct StoredDirections {
  std::int64_t id = 0;
  std::string created;
  std::int64_t experiment = 0;
  std::string normalize;  ///< none, layer, filter or model
  nlohmann::json gram;    ///< the matrix of inner products
  std::vector<StoredDirection> axes;
  std::optional<NdArray> center;  ///< θ, which every snapshot is projected from
  nlohmann::json provenance;
};

/// Eigenvalues of the Hessian, and the eigenvectors when they were kept.
struct StoredSpectrum {
  std::int64_t id = 0;
  std::string created;
  std::int64_t experiment = 0;
  nlohmann::json result;  ///< the engine's `spectrum` event
  std::vector<NdArray> eigenvectors;
  nlohmann::json provenance;
};

enum class LandscapeStatus { partial, complete };
std::string_view toString(LandscapeStatus status);

/// A sampled landscape, without its values.
struct StoredLandscape {
  std::int64_t id = 0;
  std::string created;
  std::string name;
  std::optional<std::int64_t> experiment;  ///< none for values that came from elsewhere
  std::optional<std::int64_t> directions;
  std::vector<Axis> axes;               ///< slowest axis first
  std::vector<std::string> quantities;  ///< "loss", "accuracy", …
  std::uint64_t tilePoints = 0;         ///< at most this many points a tile
  nlohmann::json request;               ///< the `sample` request
  nlohmann::json plan;                  ///< the engine's plan; null until it is set
  nlohmann::json provenance;
  std::uint64_t tiles = 0;         ///< all of them; filled in by the project
  std::uint64_t tilesPresent = 0;  ///< filled in by the project
  LandscapeStatus status() const {
    return tiles > 0 && tilesPresent == tiles ? LandscapeStatus::complete
                                              : LandscapeStatus::partial;
  }
  std::vector<std::size_t> shape() const;
};

/// The values of one tile: for every quantity of the landscape, one number a point, in the order
/// of TileOrder::tile (engine/protocol/tile_order.h).
struct StoredTile {
  std::uint64_t index = 0;
  std::map<std::string, std::vector<double>> values;
};

/// One quantity of a landscape on its grid. Where no tile has come yet the value is NaN; a NaN in
/// a tile that is present was computed so.
struct LandscapeValues {
  ScalarGrid grid;
  std::vector<bool> tilePresent;
};

/// The state of one optimizer's walk.
struct StoredRun {
  std::int64_t id = 0;
  std::string created;
  std::int64_t experiment = 0;
  std::string name;
  nlohmann::json optimizer;  ///< {name, options}
  nlohmann::json settings;   ///< the run settings of the `train` request
  nlohmann::json facts;      ///< the engine's `run` event; null until it is set
  /// running, complete, stopped (by the user, or by the end of its process) or failed.
  std::string status = "running";
  nlohmann::json provenance;
};

/// One row of a run's metrics. Undefined numbers are NaN (NULL in the file).
struct StoredMetric {
  std::int64_t step = 0;
  double epoch = 0;
  double loss = 0;
  std::optional<double> accuracy;
  std::optional<double> gradientNorm;
  std::optional<double> stepNorm;
  std::optional<double> rate;
  nlohmann::json probes;  ///< further numbers by name; null when there are none
};

/// A point of a run in parameter space.
struct StoredSnapshot {
  std::int64_t step = 0;
  double epoch = 0;
  double loss = 0;  ///< exact, over all samples; NaN (NULL in the file) where it was not measured
  std::optional<double> accuracy;
  NdArray parameters;
  std::optional<NdArray> buffers;
};

/// A snapshot without its arrays.
struct SnapshotInfo {
  std::int64_t step = 0;
  double epoch = 0;
  double loss = 0;  ///< likewise
  std::optional<double> accuracy;
};

/// What a run continues from.
struct StoredCheckpoint {
  std::int64_t step = 0;
  NdArray state;
};

/// What a run has to tell, to be committed together.
struct RunRecords {
  std::vector<StoredMetric> metrics;
  std::vector<StoredSnapshot> snapshots;
  std::optional<StoredCheckpoint> checkpoint;
};

/// Something computed from a landscape.
struct StoredAnalysis {
  std::int64_t id = 0;
  std::string created;
  std::int64_t landscape = 0;
  std::string quantity = "loss";
  std::string connectivity;  ///< 2n, freudenthal, full
  nlohmann::json result;
  nlohmann::json provenance;
};

}  // namespace tarn
