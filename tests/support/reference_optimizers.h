#pragma once

#include "support/reference_matrix.h"
#include "support/reference_polar.h"

/// Optimizers that shape the momentum alone. Each is a value with options and state whose `step`
/// gives the weights after one gradient; `weightsAfterEach` runs it along a list of them.
/// Unless it says otherwise, the weights decay first: W ← (1 − lr·weightDecay)·W.
namespace tarn::test::reference {

/// W −= lr · factor · NewtonSchulz(U), U the Nesterov average of the gradients (KellerJordan/Muon).
struct Muon {
  struct Options {
    double lr = .02;
    double momentum = .95;
    double weightDecay = 0;
    int newtonSchulzSteps = 5;
    Shape shape = Shape::orig;
  };
  Options options = {};
  Matrix M = {};
  Matrix step(const Matrix& W, const Matrix& G);
};

/// b ← μb + G, u = G + μb, and each row of u divided by its norm (at least 1e-12); never transposed
/// (arXiv 2603.20527).
struct Rmnp {
  struct Options {
    double lr = .02;
    double momentum = .95;
    double weightDecay = 0;
    Shape shape = Shape::orig;
  };
  Options options = {};
  Matrix b = {};
  Matrix step(const Matrix& W, const Matrix& G);
};

/// The singular values of Muon's U to the power p, U = PSQᵀ (TDCSZ327/HTmuon). No renormalization.
struct HtMuon {
  enum class Variant {
    exact,        ///< P·S^p·Qᵀ
    rankBased,    ///< P·diag(k^−p)·Qᵀ, k = 1 for the largest singular value
    everyFifth,   ///< `exact` at the steps `phase`, `phase` + 5, …, else NewtonSchulz(U)
    squareRoots,  ///< NewtonSchulz(U)·(UᵀU)^{p/2}, the power by the eigenvalues
    streaming,    ///< S and Q by one step of orthogonal iteration: see below
  };
  /// `streaming`, on Uᵀ when m < n: V ← QR(UᵀU·V), V = I at first; s the norms of the columns of
  /// UV; the update is UV·diag(s^{p−1})·Vᵀ.
  struct Options {
    double lr = .03;
    double power = .125;
    double momentum = .95;
    double weightDecay = .1;
    Variant variant = Variant::exact;
    int phase = 5;  ///< steps count from 1
    int newtonSchulzSteps = 5;
    Shape shape = Shape::orig;
  };
  Options options = {};
  Matrix M = {};
  Matrix V = {};
  int t = 0;
  Matrix step(const Matrix& W, const Matrix& G);

 private:
  Matrix update(const Matrix& U);
  Matrix streamed(const Matrix& U);
};

/// U the Nesterov average, or with `newtonSchulzSteps` > 0 (the hybrids: 1 in the paper, 5 in the
/// repository) NewtonSchulz of it (arXiv 2509.24320, ryyzn9/AuON). No shape factor.
struct Auon {
  enum class Rule {
    paper,       ///< X = U/(‖U‖_F + 1e-7), update X/(√mean cosh²X + 1e-8)
    repository,  ///< update U/(√mean cosh²(γU/(‖U‖_F + 1e-7)) + 1e-8)
  };
  struct Options {
    double lr = .055;
    double momentum = .95;
    double weightDecay = .01;
    double gamma = 1.5;
    int newtonSchulzSteps = 0;
    Rule rule = Rule::paper;
  };
  Options options = {};
  Matrix M = {};
  Matrix step(const Matrix& W, const Matrix& G);
};

/// Steps along the polar factor, scaled by the nuclear norm (arXiv 2505.21799). No shape factor.
struct PolarGrad {
  enum class Order {
    momentumFirst,  ///< M the average of G, U = polar(M), W −= lr·⟨M, U⟩·U
    polarFirst,     ///< U = polar(G), M the average of U, W −= lr·⟨G, U⟩·M
  };
  struct Options {
    double lr = 2e-3;
    double momentum = .95;
    double weightDecay = 0;
    Order order = Order::momentumFirst;
    PolarMethod method = PolarMethod::qdwh;
    int innerSteps = 6;
  };
  Options options = {};
  Matrix M = {};
  Matrix step(const Matrix& W, const Matrix& G);
};

}  // namespace tarn::test::reference
