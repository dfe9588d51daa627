#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

namespace tarn::engine {

/// How the learning rate changes over a run: a factor on the optimizer's own rate.
///
/// With w warm-up steps out of T, the first w steps t = 0 … w−1 rise as (t + 1)/w. After them, with
/// u = (t − w)/(T − w):
///   constant  1
///   cosine    final + (1 − final)·(1 + cos πu)/2      (Loshchilov and Hutter, arXiv 1608.03983)
///   step      gamma^⌊(t − w)/(every·batches per epoch)⌋
struct Schedule {
  enum class Kind { constant, cosine, step };

  Kind kind = Kind::constant;
  std::int64_t warmup = 0;  ///< steps
  double final = 0;         ///< cosine: the factor at the end
  std::int64_t every = 30;  ///< step: epochs between two drops
  double gamma = 0.1;       ///< step: the factor of a drop

  bool operator==(const Schedule&) const = default;
};

/// The factor for the step that starts from θ_t, t = 0 … steps − 1.
double rateFactor(const Schedule& schedule, std::int64_t t, std::int64_t steps,
                  std::int64_t batchesPerEpoch);

/// Reads {"kind": "constant|cosine|step", "warmup", "final", "every", "gamma"}, all optional but
/// the kind, or the same as text: `cosine:warmup=50,final=0.01`. Null is a constant rate. Throws
/// Error(usage).
Schedule scheduleFromJson(const nlohmann::json& value);
nlohmann::json toJson(const Schedule& schedule);

}  // namespace tarn::engine
