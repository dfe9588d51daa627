#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace tarn::ui {

/// The pictures that a spectrum has.
enum class SpectrumPart { eigenvalues, density, layers, weights, batches };

/// "eigenvalues", "density", "layers", "weights", "batches": the words of `--part`.
std::string toString(SpectrumPart part);
/// Throws Error(usage) for another word.
SpectrumPart spectrumPartFromString(const std::string& word);

// In what follows a number that is not known, or that was not computed, is NaN.

/// A Ritz value: an eigenvalue of the operator lies no further from it than the residual.
struct RitzValue {
  double value;
  double residual;  ///< ‖Hv − λv‖ for the unit vector v
  bool converged;   ///< to the tolerance that was asked for
};

/// The curvature of one layer's own block of the operator.
struct LayerCurvature {
  std::string layer;
  double parameters;
  double trace;
  double traceError;     ///< standard error of the trace
  double meanCurvature;  ///< trace / parameters
  double eigenvalue;     ///< the largest
  double residual;       ///< its residual
};

/// The density of all eigenvalues by stochastic Lanczos quadrature; its integral is 1.
struct SpectralDensity {
  std::vector<double> values;         ///< eigenvalues, ascending
  std::vector<double> density;        ///< at each of them
  std::vector<double> standardError;  ///< over the probes; as many, or none
  double width;                       ///< standard deviation of the Gaussian at each node
  double steps;
  double probes;
};

/// The eigenvalues of WᵀW of one weight matrix, and what is fitted to them.
struct WeightSpectrum {
  std::string layer;
  std::string name;  ///< of the tensor
  std::string note;  ///< what has to be said of it; may be empty
  double rows;
  double columns;
  std::vector<double> eigenvalues;  ///< squared singular values, ascending
  double alphaHill;                 ///< exponents of the density's power-law tail
  double alphaKs;
  double ksDistance;
  double ksMinimum;  ///< where that tail begins
  double alphaHat;
  double stableRank;
  double spectralNorm;
  double farmsAlpha;
  double sigma;  ///< standard deviation of the matrix's entries
  /// Edges that the same matrix with independent entries would have.
  std::optional<double> lowEdge;
  std::optional<double> highEdge;

  /// "layer name", or the one of the two that there is.
  std::string title() const;
};

/// How the operators of two random halves of the data agree.
struct HalvesAgreement {
  double differenceNorm;  ///< ‖H_a − H_b‖₂
  double overlap;         ///< of the spaces of so many leading eigenvectors: 1 when they are one
  double vectors;
  double gradientSpread;      ///< mean over both of ‖H_e g_e − mean‖²
  std::vector<double> first;  ///< leading eigenvalues of each, descending
  std::vector<double> second;
};

/// The largest eigenvalue of the operators of random batches of one size.
struct BatchEigenvalue {
  double batch;  ///< samples
  double eigenvalue;
  double standardError;
  double ratio;  ///< to that of all data
};

/// Everything that is drawn of a spectrum. A plain value.
struct SpectrumData {
  std::string operatorName;  ///< "Hessian", "Gauss–Newton matrix"
  double parameters;
  double samples;
  double loss;
  double products;
  double seconds;
  std::vector<RitzValue> eigenvalues;  ///< descending
  double trace;
  double traceError;
  std::vector<LayerCurvature> layers;  ///< as in the network, from its input on
  std::optional<SpectralDensity> density;
  std::optional<std::size_t> outliers;  ///< how many eigenvalues stand out of the bulk
  std::optional<double> bulkEdge;
  double bifurcationRatio;  ///< mean of the outliers over mean of the bulk
  double negativeRatio;     ///< |smallest / largest eigenvalue|, by the density
  double negativeShare;     ///< of the density's mass, weighted as in the LLA criterion
  std::optional<HalvesAgreement> halves;
  std::vector<BatchEigenvalue> batches;  ///< by ascending size
  std::vector<WeightSpectrum> weights;

  bool has(SpectrumPart part) const;
  /// What of it there is, in the order of SpectrumPart.
  std::vector<SpectrumPart> parts() const;
  /// The weights of a layer, by its name, the tensor's name or both; none when there are none.
  std::optional<std::size_t> weightsOf(const std::string& layer) const;
};

/// What a list says of a spectrum in a few words: "λ₁ 271.4; density, layers".
std::string summaryOf(const SpectrumData& data);

/// Reads the `result` of a stored spectrum (docs/project-file.md): what is missing, null or of
/// another type was not computed. Throws Error(badInput) for lists that contradict each other.
SpectrumData spectrumDataOf(const nlohmann::json& result);

}  // namespace tarn::ui
