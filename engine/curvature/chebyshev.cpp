#include "engine/curvature/chebyshev.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <torch/torch.h>

#include "engine/curvature/density.h"
#include "engine/curvature/random_vector.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t boundSteps = 20;
constexpr std::int64_t highestDegree = 40;
constexpr std::int64_t blocksInMemory = 6;

std::int64_t spareVectors(std::int64_t pairs) {
  return std::max<std::int64_t>(4, pairs / 4);
}

/// The part of the spectrum that the filter makes small.
struct Interval {
  double low = 0;
  double high = 0;

  double centre() const { return (low + high) / 2; }
  double half() const { return (high - low) / 2; }
  /// log of |T_m| at x is m times this (for large m): 0 inside.
  double growth(double x) const {
    return std::acosh(std::max(1.0, std::abs(x - centre()) / half()));
  }
};

class FilteredSubspace {
 public:
  FilteredSubspace(const SymmetricOperator& matrix, const LanczosOptions& options)
      : matrix_(matrix), options_(options) {
    requireSomePairs(matrix, options);
    const auto wanted = options.top + options.bottom;
    auto spare = spareVectors(wanted);
    if (options.memoryBytes > 0) {
      const auto vectors =
          static_cast<std::int64_t>(options.memoryBytes / sizeof(double)) / matrix.size;
      const auto most = (vectors - wanted) / blocksInMemory;
      if (most < std::min(wanted + 1, matrix.size)) {
        throwNoRoom(matrix, options, (wanted + 1) * blocksInMemory + wanted);
      }
      spare = std::min(spare, most - wanted);
    }
    size_ = std::min(wanted + spare, matrix.size);
    // Both ends get of the spare vectors by what is wanted there.
    top_ = options.bottom == 0 ? size_
           : options.top == 0  ? 0
                               : options.top + (size_ - wanted) * options.top / wanted;
  }

  Eigenpairs run() {
    try {
      begin();
      while (!finished() && sweep()) {
      }
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled || !options_.keepInterrupted || !values_.defined()) {
        throw;
      }
      auto result = pairs();
      result.interrupted = true;
      return result;
    }
    return pairs();
  }

 private:
  /// A block that is random but for pairs to start from, filtered by what a few Lanczos steps say
  /// of the spectrum.
  void begin() {
    auto random = gaussianVector(size_ * matrix_.size, options_.seed, matrix_.device)
                      .view({size_, matrix_.size});
    const auto quadrature = lanczosQuadrature(matrix_, random[0], boundSteps, [this] { tell(); });
    products_ = static_cast<std::int64_t>(quadrature.nodes.size());
    // A multiple of the identity still gets an interval.
    const auto largest = std::max(std::abs(quadrature.nodes.front()), quadrature.nodes.back());
    const auto beyond = std::max(quadrature.beyond, largest > 0 ? 1e-9 * largest : 1);
    low_ = quadrature.nodes.front() - beyond;
    high_ = quadrature.nodes.back() + beyond;
    interval_ = unwanted(quadrature);
    if (options_.start != nullptr) {
      for (std::size_t i = 0;
           i < options_.start->vectors.size() && static_cast<std::int64_t>(i) < size_; ++i) {
        random[static_cast<std::int64_t>(i)].copy_(options_.start->vectors[i]);
      }
    }
    for (std::int64_t i = 0; i < size_; ++i) {
      random[i].div_(random[i].norm());
    }
    const auto steepest = std::max(interval_.growth(low_), interval_.growth(high_));
    const auto degree = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(std::log(rangeOfDoubles) / steepest), 1, boundSteps);
    rotate({}, filtered(random, {}, degree, {}));
  }

  /// From below the innermost node that leaves about as many eigenvalues beyond it as the block has
  /// vectors: a Gaussian probe's weights are, on average, the shares of eigenvalues.
  Interval unwanted(const Quadrature& quadrature) const {
    const auto& nodes = quadrature.nodes;
    const auto reach = [&](bool fromTop, std::int64_t vectors) {
      double counted = 0;
      std::size_t steps = 0;
      while (steps + 1 < nodes.size() && counted < static_cast<double>(vectors)) {
        const auto i = fromTop ? nodes.size() - 1 - steps : steps;
        counted += quadrature.weights[i] * static_cast<double>(matrix_.size);
        ++steps;
      }
      return fromTop ? nodes[nodes.size() - 1 - steps] : nodes[steps];
    };
    Interval result{low_, high_};
    if (top_ > 0) {
      result.high = reach(true, top_);
    }
    if (top_ < size_) {
      result.low = reach(false, size_ - top_);
    }
    return result.low < result.high ? result : Interval{low_, high_};
  }

  /// Filters what has not converged; false when the products left do not suffice.
  bool sweep() {
    std::vector<std::int64_t> active;
    std::vector<std::int64_t> resting;
    for (std::int64_t i = 0; i < size_; ++i) {
      (converged_[static_cast<std::size_t>(i)] ? resting : active).push_back(i);
    }
    const auto count = static_cast<std::int64_t>(active.size());
    const auto degree = std::min(suitableDegree(), (options_.maxProducts - products_) / count);
    if (degree < 1) {
      return false;
    }
    const auto chosen = at::tensor(active, at::kLong).to(matrix_.device);
    const auto rest = at::tensor(resting, at::kLong).to(matrix_.device);
    const auto still = vectors_.index_select(0, rest);
    auto moved =
        filtered(vectors_.index_select(0, chosen), images_.index_select(0, chosen), degree, still);
    rotate(rest, moved);
    return true;
  }

  /// As high as what has not converged needs, and no higher than keeps, in double, the slowest of
  /// the wanted vectors visible beside the fastest, as far as that one is not known already.
  std::int64_t suitableDegree() const {
    double slowest = std::numeric_limits<double>::infinity();
    double missing = 1;
    for (const auto i : wanted()) {
      const auto place = static_cast<std::size_t>(i);
      if (!converged_[place]) {
        const auto value = value_(i);
        slowest = std::min(slowest, interval_.growth(value));
        missing = std::max(missing, residuals_[place] / allowed(value));
      }
    }
    auto degree = static_cast<double>(highestDegree);
    if (slowest > 0) {
      degree = std::min(degree, 1 + std::log(4 * missing) / slowest);
    }
    for (std::int64_t i = 0; i < size_; ++i) {
      const auto steeper = interval_.growth(value_(i)) - slowest;
      const auto unknown =
          std::clamp(residuals_[static_cast<std::size_t>(i)] / scale(), 1e-16, 1.0);
      if (steeper > 0) {
        degree = std::min(degree, std::log(rangeOfDoubles / unknown) / steeper);
      }
    }
    return std::max<std::int64_t>(2, static_cast<std::int64_t>(degree));
  }

  /// p(H) of the rows, orthogonal to `still` throughout; images: their products with H, where they
  /// are known. The recurrence is scaled by its value at the far end of the spectrum.
  at::Tensor filtered(at::Tensor rows, const at::Tensor& images, std::int64_t degree,
                      const at::Tensor& still) {
    const auto c = interval_.centre();
    const auto e = interval_.half();
    const auto far = std::max({std::abs(low_ - c), std::abs(high_ - c), e});
    const auto first = e / far;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
      auto before = rows[i].clone();
      auto sigma = first;
      auto now = images.defined() ? images[i].clone() : product(before);
      now.sub_(before, c).mul_(sigma / e);
      leave(still, now);
      for (std::int64_t k = 2; k <= degree; ++k) {
        const auto next = 1 / (2 / first - sigma);
        auto after = product(now);
        after.sub_(now, c).mul_(2 * next / e).sub_(before, sigma * next);
        leave(still, after);
        before = std::move(now);
        now = std::move(after);
        sigma = next;
      }
      rows[i].copy_(now.div_(now.norm()));
    }
    return rows;
  }

  static void leave(const at::Tensor& still, at::Tensor& vector) {
    if (still.defined() && still.size(0) > 0) {
      vector.addmv_(still.t(), still.mv(vector), 1, -1);
    }
  }

  /// Rayleigh–Ritz on the vectors that rest, whose products are known, and those that have moved.
  void rotate(const at::Tensor& resting, at::Tensor moved) {
    const bool any = resting.defined() && resting.numel() > 0;
    const auto still = any ? vectors_.index_select(0, resting) : at::Tensor();
    for (int pass = 0; pass < 2; ++pass) {
      if (any) {
        moved = moved - moved.matmul(still.t()).matmul(still);
      }
      moved = std::get<0>(at::linalg_qr(moved.t())).t();
    }
    auto images = at::empty_like(moved);
    for (std::int64_t i = 0; i < moved.size(0); ++i) {
      images[i].copy_(product(moved[i]));
    }
    if (any) {
      moved = at::cat({still, moved});
      images = at::cat({images_.index_select(0, resting), images});
    }
    auto projected = moved.matmul(images.t());
    projected = (projected + projected.t()) / 2;
    const auto [values, turn] = at::linalg_eigh(projected);
    vectors_ = turn.t().matmul(moved);
    images_ = turn.t().matmul(images);
    values_ = values.cpu();
    const auto defects = (images_ - values.unsqueeze(1) * vectors_).norm(2, 1).cpu();
    residuals_.assign(defects.data_ptr<double>(), defects.data_ptr<double>() + size_);
    judge();
  }

  void judge() {
    converged_.assign(static_cast<std::size_t>(size_), false);
    convergedCount_ = 0;
    for (const auto i : wanted()) {
      const auto place = static_cast<std::size_t>(i);
      converged_[place] = residuals_[place] <= allowed(value_(i));
      convergedCount_ += converged_[place] ? 1 : 0;
    }
    // The block's innermost vectors bound what the others are told from.
    low_ = std::min(low_, value_(0));
    high_ = std::max(high_, value_(size_ - 1));
    const Interval next{top_ == size_ ? low_ : value_(size_ - top_ - 1),
                        top_ == 0 ? high_ : value_(size_ - top_)};
    if (next.low < next.high) {
      interval_ = next;
    }
  }

  at::Tensor product(const at::Tensor& vector) {
    auto result = matrix_.apply(vector);
    ++products_;
    tell();
    return result;
  }

  void tell() const {
    if (options_.onProduct) {
      options_.onProduct(products_, convergedCount_);
    }
  }

  double value_(std::int64_t place) const { return values_[place].item<double>(); }
  double scale() const { return std::max(std::abs(value_(0)), std::abs(value_(size_ - 1))); }
  double noise() const { return 10 * matrix_.precision * scale(); }
  double allowed(double value) const {
    return std::max(options_.tolerance * std::abs(value), noise());
  }
  std::vector<std::int64_t> wanted() const { return ends(size_, options_.top, options_.bottom); }
  bool finished() const { return convergedCount_ == options_.top + options_.bottom; }

  Eigenpairs pairs() const {
    Eigenpairs result;
    result.products = products_;
    for (const auto i : wanted()) {
      const auto place = static_cast<std::size_t>(i);
      result.values.push_back(value_(i));
      result.residuals.push_back(std::max(residuals_[place], noise()));
      result.converged.push_back(converged_[place]);
      auto vector = vectors_[i].clone();
      orient(vector);
      result.vectors.push_back(std::move(vector));
    }
    return result;
  }

  /// How far two components of one vector may be apart while the smaller one keeps some digits.
  static constexpr double rangeOfDoubles = 1e10;

  const SymmetricOperator& matrix_;
  const LanczosOptions& options_;
  std::int64_t size_ = 0;  ///< vectors in the block
  std::int64_t top_ = 0;   ///< of them for the upper end
  double low_ = 0;         ///< the spectrum's ends, as far as they are known
  double high_ = 0;
  Interval interval_;
  at::Tensor values_;   ///< Ritz values, ascending
  at::Tensor vectors_;  ///< Ritz vectors, a row each
  at::Tensor images_;   ///< their products with the matrix
  std::vector<double> residuals_;
  std::vector<bool> converged_;  ///< of the wanted ones
  std::int64_t convergedCount_ = 0;
  std::int64_t products_ = 0;
};

}  // namespace

Eigenpairs chebyshev(const SymmetricOperator& matrix, const LanczosOptions& options) {
  const at::NoGradGuard noGrad;
  return FilteredSubspace(matrix, options).run();
}

std::int64_t chebyshevVectors(std::int64_t pairs) {
  return (pairs + spareVectors(pairs)) * blocksInMemory + pairs;
}

}  // namespace tarn::engine
