// M-FAC and Sven beside a second implementation of their rules, of other hands and without LibTorch
// (tests/support/reference_second_order.h).
#include "optim_support.h"
#include "reference_support.h"
#include "support/reference_second_order.h"

namespace tarn::test {

namespace {

using reference::Matrix;
using reference::Vector;

/// Losses log(1 + e^{aᵢ·θ}) of six samples, aᵢ the rows of A.
Matrix sampleRowsOf(Eigen::Index parameters) {
  return reference::gaussian(6, parameters, 40) / std::sqrt(static_cast<double>(parameters));
}

Vector softplusOf(const Matrix& A, const Vector& theta) {
  return (A * theta).array().exp().log1p();
}

Matrix softplusSlopes(const Matrix& A, const Vector& theta) {
  const Vector logistic = 1 / (1 + (-(A * theta)).array().exp());
  return logistic.asDiagonal() * A;
}

/// The largest share of the way after any of 20 steps of Sven.
double svenAway(const std::string& spec, const reference::SvenOptions& options,
                const std::vector<std::int64_t>& shape) {
  const Matrix first = referenceStart(shape);
  const Matrix A = sampleRowsOf(first.size());
  engine::ParameterSpace space = spaceAt(flatOf(first).reshape(shape));
  const at::Tensor rows = flatOf(A).reshape({A.rows(), A.cols()});
  FormulaBatch batch(space, [&](const at::Tensor& theta) { return rows.mv(theta).exp().log1p(); });
  const auto sven = engine::makeOptimizer(parseOptimizerSpec(spec), space);
  const Vector start = matrixFrom(space.flat(), first.size());
  Vector theta = start;
  double most = 0;
  for (int t = 0; t < 20; ++t) {
    stepOn(*sven, space, batch);
    theta += reference::svenStep(
        reference::svenResiduals(softplusOf(A, theta), softplusSlopes(A, theta), options.kappa),
        options);
    most = worse(most, shareOfWay(matrixFrom(space.flat(), first.size()), theta, start));
  }
  return most;
}

void checkSven(const std::string& spec, const reference::SvenOptions& options) {
  for (const auto& shape : referenceShapes()) {
    INFO(spec << " on " << at::IntArrayRef(shape));
    CHECK(svenAway(spec, options, shape) < kReferenceTolerance);
  }
}

}  // namespace

TEST_CASE("M-FAC goes where the reference goes while its buffer fills and after",
          "[optim][references]") {
  reference::Mfac rule;
  rule.options.lr = .1;
  rule.options.lambda = .01;
  rule.options.weightDecay = .5;
  rule.options.m = 6;
  checkWalks(rule, "mfac:lr=0.1,damping=0.01,weight_decay=0.5,m=6,warm_up=off");
  rule.options.warmUp = true;
  checkWalks(rule, "mfac:lr=0.1,damping=0.01,weight_decay=0.5,m=6");
  rule.options.momentum = .8;
  checkWalks(rule, "mfac:lr=0.1,damping=0.01,weight_decay=0.5,m=6,momentum=0.8");
  rule.options.m = 1;
  checkWalks(rule, "mfac:lr=0.1,damping=0.01,weight_decay=0.5,m=1,momentum=0.8");
}

TEST_CASE("Sven goes where the reference goes", "[optim][references]") {
  reference::SvenOptions options;
  checkSven("sven", options);
  options.rank = 6;
  checkSven("sven:k=6", options);
  options.kappa = 1;
  checkSven("sven:k=6,kappa=1", options);
  options.kappa = 3;
  options.rank = 4;
  options.lr = .3;
  checkSven("sven:k=4,kappa=3,lr=0.3", options);
  options.rank = 6;
  options.rtol = .5;
  checkSven("sven:k=6,kappa=3,lr=0.3,rtol=0.5", options);
}

}  // namespace tarn::test
