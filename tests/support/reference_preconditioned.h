#pragma once

#include <optional>
#include <vector>

#include "support/reference_matrix.h"

/// Optimizers with a preconditioner or a basis of their own for each weight matrix, or with a rate
/// of its own for each layer. As in reference_optimizers.h: values whose `step` gives the weights
/// after one gradient, and steps that count from 1.
namespace tarn::test::reference {

/// m the average of G; at t = 1, 1 + interval, … the singular vectors of m are taken anew: proj(X)
/// = XV when m ≥ n, else UᵀX; v the average of proj(G)² (kept as it is when the vectors change); N
/// = proj(m)/(√v + eps); W −= lr·√(1 − β₂^t)/(1 − β₁^t)·scale·back(N). W decays after the step
/// (jie040109/Conda, arXiv 2509.24218).
struct Conda {
  struct Options {
    double lr = .01;
    double beta1 = .9;
    double beta2 = .99;
    double eps = 1e-8;
    double weightDecay = 0;
    double scale = .25;
    int interval = 2000;
  };
  Options options = {};
  Matrix m = {};
  Matrix v = {};
  Matrix basis = {};
  int t = 0;
  Matrix step(const Matrix& W, const Matrix& G);
};

/// Fisher factors P (m×m) and Q (n×n) that start as identities (arXiv 2601.21750). At t = 1, 1 +
/// interval, …:
///     P̃ = γP + (1 − γ)·[GQ⁻¹Gᵀ/n + μ·(tr P/m)·I],   P ← m·P̃/tr P̃, symmetrized,
///     Q̃ = γQ + (1 − γ)·[GᵀP⁻¹G/m + μ·(tr Q/n)·I],   Q ← n·Q̃/tr Q̃, symmetrized, with the new P;
/// between them P and Q stay as they are, or with `factorsEveryStep` they follow every gradient and
/// only their powers, P^−½ and Q^−½ as well as the P⁻¹ and Q⁻¹ above, wait for the interval. Then M
/// is the average of P^−½GQ^−½ and W −= lr·P^−½·polar(M)·Q^−½. Powers by eigenvalues of at least
/// floor·largest. At an interval of 1, the paper's own rule, both are the same.
struct Fismo {
  struct Options {
    double lr = .02;
    double momentum = .95;
    double gamma = .95;
    double mu = 1e-3;
    double weightDecay = 0;
    double floor = 1e-8;
    int interval = 10;
    bool factorsEveryStep = false;
  };
  Options options = {};
  Matrix P = {};
  Matrix Q = {};
  Matrix inverseP = {};
  Matrix inverseQ = {};
  Matrix rootP = {};  ///< P^−½
  Matrix rootQ = {};
  Matrix M = {};
  int t = 0;
  Matrix step(const Matrix& W, const Matrix& G);

 private:
  void updateFactors(const Matrix& G, bool powersToo);
};

/// Alternately every row to norm √n and every column to norm √m, `rounds` times.
Matrix sinkhorn(Matrix X, int rounds = 5);

/// M the average of G; f = sinkhorn; R ← Q factor of M·f(RᵀM)ᵀ, R = I at first; U = R·f(RᵀM) with
/// the new R; W −= lr·0.2·U/(‖U‖_F/√(mn)) (arXiv 2602.09006).
/// Done on Wᵀ when m > n: with m > n the rotation would be m×m of a matrix of rank n, its last
/// columns undetermined, and the last rows of RᵀM zero but for rounding, which f would blow up.
struct Aro {
  struct Options {
    double lr = 3e-3;
    double momentum = .95;
    double weightDecay = 0;
    int rounds = 5;
  };
  Options options = {};
  Matrix M = {};
  Matrix R = {};
  Matrix step(const Matrix& W, const Matrix& G);
};

/// Layers together: B the average of G; O = polar(B) for hidden layers, sign(B) for the others; H ←
/// β₂H + (1 − β₂)·‖G − G_prev‖² in the dual norm (nuclear, or the sum of absolute values); a =
/// α/√(α² + H); W −= lr·√(a/max a)·O, the greatest a among the layers of the same kind (arXiv
/// 2510.14009). At the first step, which has no gradient before it, H stays 0, or with
/// `firstAgainstZero` the gradient before it counts as 0.
struct Lanton {
  enum class Kind { hidden, other };
  struct Options {
    std::vector<Kind> kinds;  ///< one for each layer
    double lr = .02;
    double alpha = 1;
    double beta1 = .95;
    double beta2 = .9;
    double weightDecay = 0;
    bool firstAgainstZero = false;
  };
  using Layers = std::vector<Matrix>;
  Options options = {};
  Layers B = {};
  Layers previous = {};
  std::vector<double> H = {};
  Layers step(const Layers& W, const Layers& G);
};

/// Adam in the eigenbases of L and R, the averages of GGᵀ and GᵀG (nikhilvyas/SOAP). The first
/// gradient only makes L, R and the bases, largest eigenvalue first. Each later one: G' = QₗᵀGQᵣ;
/// Adam's moments of G', bias-corrected by the number of Adam steps k; W −= lr·Qₗ·(adam)·Qᵣᵀ; decay
/// after the step; L and R take G in; where k is a multiple of the interval, the columns of each
/// basis are put in falling order of diag(QᵀLQ), v with them, and Q ← QR(LQ). The first moment
/// is turned along with the bases, v is not.
///
/// The first GGᵀ has the rank of G. If that is less than m, the basis of the rest is open and the
/// weights depend on it: then give `left` (likewise `right`), or leave the side out of it by
/// `maxDimension`, a greater side keeping the identity as its basis.
struct Soap {
  struct Options {
    double lr = 3e-3;
    double beta1 = .95;
    double beta2 = .95;  ///< of v, L and R
    double eps = 1e-8;
    double weightDecay = .01;
    int interval = 10;
    Eigen::Index maxDimension = 10000;
    std::optional<Matrix> left = {};   ///< the first basis, instead of the eigenvectors of L
    std::optional<Matrix> right = {};  ///< of R
  };
  Options options = {};
  Matrix L = {};
  Matrix R = {};
  Matrix leftBasis = {};
  Matrix rightBasis = {};
  Matrix m = {};
  Matrix v = {};
  int k = -1;  ///< Adam steps done; −1 before the first gradient
  Matrix step(const Matrix& W, const Matrix& G);

 private:
  void initialize(const Matrix& G);
  void refreshBases();
};

/// W −= lr·(L + eps·I)^−¼·G·(R + eps·I)^−¼. L and R are the sums of GGᵀ and GᵀG (Gupta, Koren,
/// Singer 2018), or with `statisticsDecay` β < 1 their averages; the roots are taken at t = 1, 1 +
/// interval, …, after G was taken in. With `momentum` the bias-corrected average of the gradients
/// stands in G's place (Shi et al., arXiv 2309.06497). With grafting the step keeps its direction
/// and gets the Frobenius norm of the step that Adam (bias-corrected) would do.
/// While L or R is singular, the roots along its null space are eps^−¼, known only to
/// eps_machine·‖L‖/eps: compare such cases with a larger eps.
struct Shampoo {
  struct Options {
    double lr = 1e-3;
    double eps = 1e-12;
    double weightDecay = 0;
    double statisticsDecay = 1;  ///< 1: sums
    int interval = 10;
    double momentum = 0;
    bool grafting = true;
    double beta1 = .9;
    double beta2 = .999;
    double adamEps = 1e-8;
  };
  Options options = {};
  Matrix L = {};
  Matrix R = {};
  Matrix rootL = {};
  Matrix rootR = {};
  Matrix M = {};
  Matrix m = {};
  Matrix v = {};
  int t = 0;
  Matrix step(const Matrix& W, const Matrix& G);
};

}  // namespace tarn::test::reference
