#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/curvature/bulk.h"
#include "engine/curvature/hessian.h"
#include "engine/curvature/lanczos.h"
#include "engine/data/experiment.h"
#include "engine/server/job.h"

namespace tarn::engine {

/// What a `spectrum` request asks for besides eigenpairs.
struct CurvatureWishes {
  struct Trace {
    bool hutchPlusPlus = false;
    std::int64_t products = 0;
  };
  struct Layers {
    std::int64_t probes = 0;
    bool eigenvalues = false;
  };
  struct Density {
    std::int64_t steps = 0;
    std::int64_t probes = 0;
  };
  struct Inflation {
    std::vector<std::int64_t> batches;
    std::int64_t repeats = 0;
  };
  CurvatureMatrix matrix = CurvatureMatrix::hessian;
  std::optional<Trace> trace;
  std::optional<Layers> layers;
  std::optional<Density> density;
  std::optional<BulkMethod> bulk;
  std::int64_t splits = 0;  ///< eigenvectors of each half that are compared; 0: no halves
  std::optional<Inflation> inflation;

  /// Eigenpairs are all that is left to ask for.
  bool none() const { return !trace && !layers && !density && splits == 0 && !inflation; }
};

/// Throws Error(usage).
CurvatureWishes curvatureWishes(const nlohmann::json& request);

/// Computes what was wished, with progress, and puts it into words (engine/protocol/README.md).
class CurvatureReport {
 public:
  CurvatureReport(JobContext& job, Experiment& experiment, Hessian& hessian,
                  const CurvatureWishes& wishes)
      : job_(job), experiment_(experiment), hessian_(hessian), wishes_(wishes) {}

  /// Tells the client how many products and how much memory it may take at most, and what it has to
  /// know of how products are made.
  void announce(const LanczosOptions& options);
  /// `options` are those that the pairs were computed with.
  void compute(const Eigenpairs& pairs, const LanczosOptions& options);
  /// What has been computed so far: a part of the `spectrum` event.
  const nlohmann::json& results() const { return results_; }

 private:
  void say(const std::string& text);
  void progress(std::int64_t done, std::int64_t total, const std::string& stage);
  void addTrace();
  void addLayers(const LanczosOptions& options);
  void addDensity();
  void addBulk(const Eigenpairs& pairs, std::int64_t top);
  void addSplits(const LanczosOptions& options);
  void addInflation(const Eigenpairs& pairs, const LanczosOptions& options);

  JobContext& job_;
  Experiment& experiment_;
  Hessian& hessian_;
  const CurvatureWishes& wishes_;
  nlohmann::json results_ = nlohmann::json::object();
};

}  // namespace tarn::engine
