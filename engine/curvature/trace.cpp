#include "engine/curvature/trace.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include <torch/torch.h>

#include "engine/curvature/krylov_basis.h"
#include "engine/curvature/random_vector.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// Products that are counted and reported.
class CountedProducts {
 public:
  CountedProducts(const SymmetricOperator& matrix, const ProductsMade& made)
      : matrix_(matrix), made_(made) {}

  at::Tensor operator()(const at::Tensor& v) {
    if (made_) {
      made_(count_);
    }
    auto product = matrix_.apply(v);
    ++count_;
    return product;
  }
  std::int64_t count() const { return count_; }

 private:
  const SymmetricOperator& matrix_;
  const ProductsMade& made_;
  std::int64_t count_ = 0;
};

double partOf(const at::Tensor& a, const at::Tensor& b, const ParameterRange& block) {
  return a.narrow(0, block.offset, block.size)
      .dot(b.narrow(0, block.offset, block.size))
      .item<double>();
}

}  // namespace

Estimate meanOf(const std::vector<double>& samples) {
  const auto count = static_cast<double>(samples.size());
  double sum = 0;
  for (const auto sample : samples) {
    sum += sample;
  }
  const double mean = sum / count;
  double squares = 0;
  for (const auto sample : samples) {
    squares += (sample - mean) * (sample - mean);
  }
  return {mean, samples.size() < 2 ? std::numeric_limits<double>::quiet_NaN()
                                   : std::sqrt(squares / (count - 1) / count)};
}

TraceEstimate hutchinsonTrace(const SymmetricOperator& matrix, std::int64_t probes,
                              std::uint64_t seed, const std::vector<ParameterRange>& blocks,
                              const ProductsMade& made) {
  if (probes < 2) {
    throw Error(ErrorCode::usage, "A trace needs at least two probes to have a standard error.");
  }
  const at::NoGradGuard noGrad;
  CountedProducts product(matrix, made);
  std::vector<double> whole;
  std::vector<std::vector<double>> parts(blocks.size());
  for (std::int64_t i = 0; i < probes; ++i) {
    const auto z = signVector(
        matrix.size, drawSeed(seed, Draw::trace, static_cast<std::uint64_t>(i)), matrix.device);
    const auto hz = product(z);
    whole.push_back(z.dot(hz).item<double>());
    for (std::size_t b = 0; b < blocks.size(); ++b) {
      parts[b].push_back(partOf(z, hz, blocks[b]));
    }
  }
  TraceEstimate result{meanOf(whole), probes, product.count(), {}};
  for (const auto& part : parts) {
    result.parts.push_back(meanOf(part));
  }
  return result;
}

TraceEstimate hutchPlusPlusTrace(const SymmetricOperator& matrix, std::int64_t products,
                                 std::uint64_t seed, const ProductsMade& made) {
  if (products < 6) {
    throw Error(ErrorCode::usage, "Hutch++ needs at least six products.");
  }
  const at::NoGradGuard noGrad;
  CountedProducts product(matrix, made);
  const auto third = products / 3;
  KrylovBasis basis(matrix.size, std::min(third, matrix.size), matrix.device);
  const auto draw = [&](std::int64_t i) {
    return signVector(matrix.size, drawSeed(seed, Draw::trace, static_cast<std::uint64_t>(i)),
                      matrix.device);
  };
  for (std::int64_t i = 0; i < third && !basis.full(); ++i) {
    auto column = product(draw(i));
    const auto length = column.norm().item<double>();
    basis.orthogonalize(column);
    const auto rest = column.norm().item<double>();
    if (rest > 1e-10 * length) {
      basis.append(column.div_(rest));
    }
  }
  double inside = 0;
  for (std::int64_t i = 0; i < basis.size(); ++i) {
    inside += basis[i].dot(product(basis[i])).item<double>();
  }
  std::vector<double> rests;
  for (std::int64_t i = 0; i < third; ++i) {
    auto g = draw(third + i);
    basis.orthogonalize(g);
    rests.push_back(g.dot(product(g)).item<double>());
  }
  auto outside = meanOf(rests);
  return {{inside + outside.value, outside.standardError}, third, product.count(), {}};
}

}  // namespace tarn::engine
