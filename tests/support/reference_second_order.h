#pragma once

#include <vector>

#include "support/reference_matrix.h"

/// Steps from the gradients of single samples, or of past batches, on small models.
namespace tarn::test::reference {

/// Sven (arXiv 2604.01279): a Gauss–Newton step from the losses of B samples.
struct SvenOptions {
  double lr = .1;
  double kappa = 2;
  double rtol = 1e-3;
  Eigen::Index rank = 0;  ///< 0: B/2, rounded down, at least 1
};

/// R_i = ℓ_i^{κ/2} and its Jacobian ∂R/∂θ (B×d), from the losses and their gradients (one a row).
struct SvenResiduals {
  Vector R;
  Matrix J;
};
SvenResiduals svenResiduals(const Vector& losses, const Matrix& gradients, double kappa);

/// δ = −lr·V_k·S_k⁻¹·U_kᵀ·R of J = USVᵀ: the largest k singular values that are at least rtol of
/// the greatest.
Vector svenStep(const SvenResiduals& at, const SvenOptions& options);

/// The same from K = JJᵀ alone: w = U_k·S_k⁻²·U_kᵀ·R with K = US²Uᵀ, δ = −lr·Jᵀw.
Vector svenStepByGram(const SvenResiduals& at, const SvenOptions& options);

/// F⁻¹x for F = λI + (1/m)·Σ gᵢgᵢᵀ, the rows of G being the gᵢ (at most m; those that are not there
/// yet count as zero): from the d×d matrix, from the closed form (1/λ)·[x − Gᵀ(mλI + GGᵀ)⁻¹Gx], and
/// by taking the gᵢ in one after the other (Sherman–Morrison).
Vector mfacDense(const Matrix& G, double m, double lambda, const Vector& x);
Vector mfacClosed(const Matrix& G, double m, double lambda, const Vector& x);
Vector mfacRecursive(const Matrix& G, double m, double lambda, const Vector& x);

/// M-FAC (IST-DASLab/M-FAC): the gradient goes into the buffer of the last m, then V ← momentum·V +
/// (1 − momentum)·F⁻¹G and W −= lr·V. No warm-up and no clipping: the very first steps are about
/// lr·m·G/‖G‖². With `warmUp` F is the mean over the j ≤ m gradients that are there, and the step t
/// is about lr·t·G/‖G‖² until the buffer is full.
struct Mfac {
  struct Options {
    double lr = 1e-3;
    double lambda = 1e-5;
    double momentum = 0;
    double weightDecay = 0;
    std::size_t m = 32;
    bool warmUp = false;
  };
  Options options = {};
  std::vector<Vector> buffer = {};
  Matrix V = {};
  Matrix step(const Matrix& W, const Matrix& G);
};

}  // namespace tarn::test::reference
