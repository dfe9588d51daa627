#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tarn {

/// Which loss, with its options. Outputs are z, targets t; a sample's loss is the mean over the
/// sample's positions (tokens) or outputs, the data's loss the mean over the samples.
struct Loss {
  enum class Kind : std::uint8_t {
    crossEntropy,  ///< logsumexp(z) − z_t; classes on the last axis
    mse,           ///< (z − t)²
    bceLogits,     ///< log(1 + eᶻ) − z·t, t from 0 to 1
    l1,            ///< |z − t|
    huber,         ///< e²/2 where |e| = |z − t| ≤ δ, else δ(|e| − δ/2)
    nll,           ///< −z_t; z are log-probabilities, classes on the last axis
    model,         ///< the model's own: forward(inputs…, targets) returns the mean over its batch
  };
  using enum Kind;

  Kind kind = crossEntropy;
  double smoothing = 0;  ///< cross-entropy: this share of the target's weight goes to all classes
  double delta = 1;      ///< huber's δ
  double decay = 0;      ///< adds decay/2·‖θ‖² to the data's loss

  Loss() = default;
  Loss(Kind chosen) : kind(chosen) {}

  /// Whether targets are classes, so that there is an accuracy.
  bool classifies() const { return kind == crossEntropy || kind == nll; }
};

/// Reads `KIND` or `KIND:OPTION=VALUE,…`, for example `cross-entropy:smoothing=0.1,decay=5e-4`.
/// Throws Error(usage) for another kind, and for options it has not or that are out
/// of range.
Loss parseLoss(std::string_view text);

/// The shortest text that parseLoss reads as this.
std::string toString(const Loss& loss);

}  // namespace tarn
