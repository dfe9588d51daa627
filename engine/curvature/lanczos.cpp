#include "engine/curvature/lanczos.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

#include "engine/curvature/krylov_basis.h"
#include "engine/curvature/projection.h"
#include "engine/curvature/random_vector.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// The wanted Ritz pairs of one step: positions in ascending order of the values, and what is known
/// of each.
struct Wanted {
  std::vector<std::int64_t> positions;
  std::vector<double> values;
  std::vector<double> residuals;
  std::vector<bool> converged;
  double scale = 0;  ///< largest |Ritz value| of all

  bool all() const {
    return std::find(converged.begin(), converged.end(), false) == converged.end();
  }
  std::int64_t count() const { return std::count(converged.begin(), converged.end(), true); }
};

class Lanczos {
 public:
  Lanczos(const SymmetricOperator& matrix, const LanczosOptions& options)
      : matrix_(matrix),
        options_(options),
        basis_(matrix.size, checkedCapacity(matrix, options), matrix.device) {}

  Eigenpairs run() {
    try {
      begin();
      while (!advance()) {
      }
      return pairs();
    } catch (const Error& error) {
      if (error.code() != ErrorCode::cancelled || !options_.keepInterrupted || products_ == 0) {
        throw;
      }
      auto result = pairs();
      result.interrupted = true;
      return result;
    }
  }

 private:
  static std::int64_t checkedCapacity(const SymmetricOperator& matrix,
                                      const LanczosOptions& options) {
    requireSomePairs(matrix, options);
    const auto wanted = options.top + options.bottom;
    const auto capacity = basisCapacity(matrix.size, options);
    const auto least = std::min(matrix.size, wanted + 3);
    if (capacity < least) {
      throwNoRoom(matrix, options, least + wanted);
    }
    return capacity;
  }

  void begin() {
    if (options_.start == nullptr || options_.start->vectors.empty()) {
      basis_.append(freshDirection());
    } else {
      beginWith(*options_.start);
    }
  }

  /// Ritz vectors of one Krylov space leave it along one direction, which a product with the least
  /// converged of them finds.
  void beginWith(const Eigenpairs& start) {
    std::vector<double> values;
    std::vector<double> couplings;
    for (std::size_t i = 0; i < start.vectors.size() && !basis_.full(); ++i) {
      auto vector = start.vectors[i].to(matrix_.device, at::kDouble, false, true);
      basis_.orthogonalize(vector);
      basis_.append(vector.div_(vector.norm()));
      values.push_back(start.values[i]);
      couplings.push_back(start.residuals[i]);
    }
    const auto worst = std::max_element(couplings.begin(), couplings.end()) - couplings.begin();
    auto rest = matrix_.apply(basis_[worst]);
    ++products_;
    const auto quotient = rest.dot(basis_[worst]).item<double>();
    const auto place = static_cast<std::size_t>(worst);
    basis_.orthogonalize(rest);
    const auto norm = rest.norm().item<double>();
    if (!(std::abs(quotient - values[place]) + norm <=
          10 * couplings[place] + 1e-5 * scaleOf(values))) {
      throw Error(ErrorCode::badInput,
                  "The eigenpairs to go on from do not belong to this model and data.",
                  "Start anew.");
    }
    projection_.restart(values, couplings);
    if (basis_.full()) {
      rotateToEnds(projection_.solve(), basis_.size() - 1);
    }
    const bool exact = norm <= 100 * matrix_.precision * scaleOf(values);
    basis_.append(exact ? freshDirection() : rest.div_(norm));
  }

  static double scaleOf(const std::vector<double>& values) {
    double scale = 0;
    for (const auto value : values) {
      scale = std::max(scale, std::abs(value));
    }
    return scale;
  }

  at::Tensor freshDirection() {
    auto direction = gaussianVector(
        matrix_.size, options_.seed + static_cast<std::uint64_t>(blocks_++), matrix_.device);
    basis_.orthogonalize(direction);
    return direction.div_(direction.norm());
  }

  /// One product and what follows from it; true when that was the last.
  bool advance() {
    auto rest = step();
    if (!due()) {
      tell();
      basis_.append(rest.div_(projection_.beyond()));
      return false;
    }
    const auto solution = projection_.solve();
    const auto wanted = select(solution);
    converged_ = wanted.count();
    tell();
    if (finished(wanted) || products_ >= options_.maxProducts) {
      return true;
    }
    const bool isClosed = closed(wanted);
    if (isClosed) {
      projection_.close();
      wantedBefore_ = wanted.values;
    } else {
      rest.div_(projection_.beyond());
    }
    if (basis_.full()) {
      rotateToEnds(solution, keptAtRestart());
    }
    basis_.append(isClosed ? freshDirection() : rest);
    return false;
  }

  void tell() const {
    if (options_.onProduct) {
      options_.onProduct(products_, converged_);
    }
  }

  /// One product; returns what of it lies outside the basis.
  at::Tensor step() {
    const auto last = basis_[basis_.size() - 1];
    auto product = matrix_.apply(last);
    ++products_;
    const auto quotient = product.dot(last).item<double>();
    if (projection_.atArrow()) {
      auto measured = basis_.project(product);
      measured.pop_back();
      projection_.setCouplings(std::move(measured));
    }
    basis_.orthogonalize(product);
    projection_.append(quotient, product.norm().item<double>());
    return product;
  }

  /// Solving a large projection takes longer than a product with a small model: then not each time.
  bool due() const {
    const auto size = basis_.size();
    constexpr std::int64_t alwaysUpTo = 64;
    return size <= alwaysUpTo || size % (size / alwaysUpTo * 4) == 0 || basis_.full() ||
           products_ >= options_.maxProducts ||
           projection_.beyond() <= 100 * matrix_.precision * projection_.bound();
  }

  Wanted select(const Projection::Solution& solution) const {
    const auto& values = solution.eigenvalues();
    const Eigen::VectorXd residuals =
        (solution.eigenvectors().transpose() * projection_.couplings()).cwiseAbs();
    Wanted wanted;
    wanted.scale = values.cwiseAbs().maxCoeff();
    wanted.positions = ends(values.size(), options_.top, options_.bottom);
    for (const auto position : wanted.positions) {
      wanted.values.push_back(values(position));
      wanted.residuals.push_back(residuals(position));
      wanted.converged.push_back(
          residuals(position) <=
          std::max(options_.tolerance * std::abs(values(position)), noise(wanted)));
    }
    return wanted;
  }

  /// Half of the room goes to what was found: the wanted pairs and those next to them.
  Eigen::Index keptAtRestart() const {
    const auto wanted = options_.top + options_.bottom;
    return wanted + (basis_.size() - 1 - wanted) / 2;
  }

  /// Keeps the Ritz vectors nearest to the wanted ends.
  void rotateToEnds(const Projection::Solution& solution, Eigen::Index kept) {
    const auto wanted = options_.top + options_.bottom;
    const auto top = (kept * options_.top + wanted - 1) / wanted;
    const Eigen::VectorXd couplings = solution.eigenvectors().transpose() * projection_.couplings();
    std::vector<double> values;
    std::vector<double> coupled;
    const auto positions = ends(solution.eigenvalues().size(), top, kept - top);
    auto s =
        at::empty({static_cast<std::int64_t>(positions.size()), projection_.size()}, at::kDouble);
    for (std::size_t i = 0; i < positions.size(); ++i) {
      const auto position = positions[i];
      values.push_back(solution.eigenvalues()(position));
      coupled.push_back(couplings(position));
      const Eigen::VectorXd column = solution.eigenvectors().col(position);
      std::copy(column.begin(), column.end(), s[static_cast<std::int64_t>(i)].data_ptr<double>());
    }
    basis_.rotate(s.t());
    projection_.restart(std::move(values), std::move(coupled));
  }

  double noise(const Wanted& wanted) const { return 10 * matrix_.precision * wanted.scale; }
  bool closed(const Wanted& wanted) const { return projection_.beyond() <= 10 * noise(wanted); }
  bool complete(const Wanted& wanted) const {
    return static_cast<std::int64_t>(wanted.values.size()) == options_.top + options_.bottom;
  }

  bool finished(const Wanted& wanted) const {
    if (basis_.size() == matrix_.size) {
      return true;
    }
    if (!complete(wanted) || !wanted.all()) {
      return false;
    }
    if (blocks_ <= 1) {
      return !closed(wanted);
    }
    return closed(wanted) && unchanged(wanted);
  }

  bool unchanged(const Wanted& wanted) const {
    return wantedBefore_.size() == wanted.values.size() &&
           std::equal(wantedBefore_.begin(), wantedBefore_.end(), wanted.values.begin(),
                      [&](double before, double now) {
                        return std::abs(before - now) <= 10 * noise(wanted);
                      });
  }

  Eigenpairs pairs() const {
    const auto solution = projection_.solve();
    const auto wanted = select(solution);
    Eigenpairs result{wanted.values, {}, wanted.converged, {}, products_};
    for (const auto residual : wanted.residuals) {
      result.residuals.push_back(std::max(residual, noise(wanted)));
    }
    for (const auto position : wanted.positions) {
      const Eigen::VectorXd column = solution.eigenvectors().col(position);
      auto vector = basis_.combine({column.data(), column.data() + column.size()});
      orient(vector);
      result.vectors.push_back(vector);
    }
    return result;
  }

  const SymmetricOperator& matrix_;
  const LanczosOptions& options_;
  KrylovBasis basis_;
  Projection projection_;
  std::int64_t products_ = 0;
  std::int64_t converged_ = 0;
  std::int64_t blocks_ = 0;  ///< fresh directions so far
  std::vector<double> wantedBefore_;
};

}  // namespace

std::int64_t basisCapacity(std::int64_t size, const LanczosOptions& options) {
  if (options.memoryBytes == 0) {
    return size;
  }
  const auto vectors = options.memoryBytes / (static_cast<std::uint64_t>(size) * sizeof(double));
  return std::min(size, static_cast<std::int64_t>(vectors) - options.top - options.bottom);
}

Eigenpairs lanczos(const SymmetricOperator& matrix, const LanczosOptions& options) {
  const at::NoGradGuard noGrad;
  return Lanczos(matrix, options).run();
}

}  // namespace tarn::engine
