#pragma once

#include <vector>

#include "support/reference_matrix.h"

/// The orthogonal polar factor UVᵀ of A = USVᵀ, and what approximates it. It is determined when A
/// has full rank min(m, n).
namespace tarn::test::reference {

/// The odd polynomial ax + bx³ + cx⁵.
struct Quintic {
  double a;
  double b;
  double c;
};

/// Muon's (Jordan et al., KellerJordan/Muon): five of it take [.01, 1] into [.68, 1.13].
inline constexpr Quintic newtonSchulzQuintic{3.4445, -4.7750, 2.0315};

/// The polynomial of each singular value: aX + bXXᵀX + cXXᵀXXᵀX.
Matrix apply(const Quintic& p, const Matrix& X);

/// `steps` times the polynomial, from A/(‖A‖_F + 1e-7).
Matrix newtonSchulz(const Matrix& A, int steps = 5, const Quintic& p = newtonSchulzQuintic);

/// Polar Express (Amsel et al., arXiv 2505.16932): step by step the odd quintic that is nearest to
/// 1 on the interval [l, 2 − l] that the steps before have left of [1e-3, 1], found by Remez'
/// exchange. An interval lower than .02407 of its top counts as starting there, and the polynomial
/// is then scaled so that it is centred about 1 on the whole one. The first seven are made safe: x
/// is divided by `safety` in them. From the eighth on it is (15x − 10x³ + 3x⁵)/8.
std::vector<Quintic> polarExpressQuintics(int steps, double safety = 1.01);

/// These polynomials from A/(safety·‖A‖_F + 1e-7).
Matrix polarExpress(const Matrix& A, int steps = 8, double safety = 1.01);

/// The weights of one step of QDWH (Nakatsukasa, Bai, Gygi 2010) for singular values in [l, 1], and
/// the lower bound after it.
struct QdwhWeights {
  double a;
  double b;
  double c;
  double next;
};
QdwhWeights qdwhWeights(double l);

/// `steps` of QDWH from A/√(‖A‖₁‖A‖_∞), whose singular values are taken to be at least `lower`.
Matrix qdwh(const Matrix& A, int steps = 6, double lower = 1e-8);

/// By the singular value decomposition.
Matrix svdPolar(const Matrix& A);

enum class PolarMethod { newtonSchulz, polarExpress, qdwh, svd };
/// `steps` is not used by `svd`.
Matrix polar(PolarMethod method, const Matrix& A, int steps);

}  // namespace tarn::test::reference
