#include "engine/curvature/lanczos.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <string>

#include <torch/torch.h>

#include "engine/curvature/krylov_basis.h"
#include "engine/curvature/random_vector.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// The projection of the operator on the basis: tridiagonal, in blocks where the space closed.
struct Tridiagonal {
  std::vector<double> diagonal;
  std::vector<double> beside;  ///< as many: the last one leads out of the basis

  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solve() const {
    const auto n = static_cast<Eigen::Index>(diagonal.size());
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver;
    solver.computeFromTridiagonal(Eigen::Map<const Eigen::VectorXd>(diagonal.data(), n),
                                  Eigen::Map<const Eigen::VectorXd>(beside.data(), n - 1));
    return solver;
  }
};

/// The wanted Ritz pairs of one step: positions in ascending order of the values, and what is known
/// of each.
struct Wanted {
  std::vector<Eigen::Index> positions;
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
      : matrix_(matrix), options_(options), basis_(matrix.size, options.memoryBytes) {
    if (options.top < 0 || options.bottom < 0 || options.top + options.bottom < 1 ||
        options.top + options.bottom > matrix.size) {
      throw Error(ErrorCode::usage,
                  std::to_string(options.top) + " largest and " + std::to_string(options.bottom) +
                      " smallest eigenvalues were asked for of a Hessian of " +
                      std::to_string(matrix.size) + " parameters.",
                  "Ask for at least one and for no more than there are parameters.");
    }
  }

  Eigenpairs run() {
    basis_.append(freshDirection());
    while (true) {
      auto rest = step();
      const auto solver = tridiagonal_.solve();
      const auto wanted = select(solver);
      if (options_.onProduct) {
        options_.onProduct(products_, wanted.count());
      }
      if (finished(wanted) || products_ >= options_.maxProducts) {
        return pairs(wanted, solver.eigenvectors());
      }
      if (closed(wanted)) {
        tridiagonal_.beside.back() = 0;
        blockStart_ = basis_.size();
        wantedBefore_ = wanted.values;
        rest = freshDirection();
      } else {
        rest.div_(tridiagonal_.beside.back());
      }
      basis_.append(rest);
    }
  }

 private:
  at::Tensor freshDirection() {
    auto direction =
        gaussianVector(matrix_.size, options_.seed + static_cast<std::uint64_t>(restarts_++));
    basis_.orthogonalize(direction);
    return direction.div_(direction.norm());
  }

  /// One product; returns what of it lies outside the basis.
  at::Tensor step() {
    const auto last = basis_[basis_.size() - 1];
    auto product = matrix_.apply(last);
    ++products_;
    tridiagonal_.diagonal.push_back(product.dot(last).item<double>());
    basis_.orthogonalize(product);
    tridiagonal_.beside.push_back(product.norm().item<double>());
    return product;
  }

  Wanted select(const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd>& solver) const {
    const auto& values = solver.eigenvalues();
    const auto n = values.size();
    const auto top = std::min<Eigen::Index>(options_.top, n);
    const auto bottom = std::min<Eigen::Index>(options_.bottom, n - top);
    Wanted wanted;
    wanted.scale = values.cwiseAbs().maxCoeff();
    for (Eigen::Index i = 0; i < top + bottom; ++i) {
      const auto position = i < top ? n - 1 - i : top + bottom - 1 - i;
      const auto residual =
          std::abs(tridiagonal_.beside.back() * solver.eigenvectors()(n - 1, position));
      wanted.positions.push_back(position);
      wanted.values.push_back(values(position));
      wanted.residuals.push_back(residual);
      wanted.converged.push_back(
          residual <= std::max(options_.tolerance * std::abs(values(position)), noise(wanted)));
    }
    return wanted;
  }

  double noise(const Wanted& wanted) const { return 10 * matrix_.precision * wanted.scale; }
  bool closed(const Wanted& wanted) const {
    return tridiagonal_.beside.back() <= 10 * noise(wanted);
  }
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
    if (blockStart_ == 0) {
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

  Eigenpairs pairs(const Wanted& wanted, const Eigen::MatrixXd& coordinates) const {
    Eigenpairs result{wanted.values, {}, wanted.converged, {}, products_};
    for (const auto residual : wanted.residuals) {
      result.residuals.push_back(std::max(residual, noise(wanted)));
    }
    for (const auto position : wanted.positions) {
      const Eigen::VectorXd column = coordinates.col(position);
      auto vector = basis_.combine({column.data(), column.data() + column.size()});
      vector.div_(vector.norm());
      if (vector[vector.abs().argmax().item<std::int64_t>()].item<double>() < 0) {
        vector.neg_();
      }
      result.vectors.push_back(vector);
    }
    return result;
  }

  const SymmetricOperator& matrix_;
  const LanczosOptions& options_;
  KrylovBasis basis_;
  Tridiagonal tridiagonal_;
  std::int64_t products_ = 0;
  std::int64_t restarts_ = 0;
  std::int64_t blockStart_ = 0;  ///< the basis vector that began the newest block
  std::vector<double> wantedBefore_;
};

}  // namespace

Eigenpairs lanczos(const SymmetricOperator& matrix, const LanczosOptions& options) {
  const at::NoGradGuard noGrad;
  return Lanczos(matrix, options).run();
}

}  // namespace tarn::engine
