#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/model/parameter_space.h"
#include "engine/optim/optimizer.h"

namespace tarn::engine {

/// Where one tensor of θ goes when an optimizer treats matrices apart.
struct TensorRoute {
  ParameterGroup group;
  std::string rule;       ///< "muon", "adamw", …: what moves it
  std::string reason;     ///< "matrix", "first layer or embedding", "head", "one dimension"
  bool matrix = false;    ///< moved by the matrix rule
  std::int64_t rows = 0;  ///< as the matrix that a matrix rule sees; 0 for the rest
  std::int64_t columns = 0;
};

/// The options that say which tensors a matrix rule gets, and those of AdamW for the rest. Every
/// matrix optimizer has them, after its own.
std::vector<OptimizerOption> withRoutingOptions(std::vector<OptimizerOption> own);

/// Tensors of at least two dimensions go to the rule of that name as out×(in·kh·kw), but for those
/// of the first layer, embeddings and the head, unless the options `first_layer` and `head` are on;
/// all else goes to AdamW. One entry a group, in θ's order.
std::vector<TensorRoute> routeMatrices(const std::string& rule, const OptimizerValues& values,
                                       const std::vector<ParameterGroup>& groups);

/// The part of a flat vector that a matrix route speaks of, rows×columns (a view).
at::Tensor matrixOf(const at::Tensor& flat, const TensorRoute& route);

/// AdamW on all that a matrix rule does not move: the options `adamw_lr`, `adamw_beta1`, ….
class RestOptimizer {
 public:
  RestOptimizer(const OptimizerValues& values, const std::vector<TensorRoute>& routes,
                const at::Tensor& like);

  void step(const OptimizerStep& step);
  void exchangeState(StateArchive& archive);

 private:
  struct Piece {
    std::int64_t offset;
    std::int64_t size;
  };
  std::vector<Piece> pieces_;         ///< neighbours in θ are one
  std::unique_ptr<Optimizer> adamw_;  ///< of all pieces, one behind the other; null without any
};

/// [{name, shape, rule, reason, rows, columns}], rows and columns null for the rest.
nlohmann::json toJson(const std::vector<TensorRoute>& routes);

}  // namespace tarn::engine
