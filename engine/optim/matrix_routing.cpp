#include "engine/optim/matrix_routing.h"

#include <ATen/ATen.h>

#include "engine/optim/options.h"
#include "engine/optim/registry.h"

namespace tarn::engine {
namespace {

/// AdamW's options, under the names that a matrix optimizer gives them.
OptimizerValues adamwValues(const OptimizerValues& values) {
  nlohmann::json given = nlohmann::json::object();
  for (const char* name : {"lr", "beta1", "beta2", "eps", "weight_decay"}) {
    given[name] = values.number(std::string("adamw_") + name);
  }
  return checkOptions(findOptimizer("adamw"), given);
}

TensorRoute routeOf(const std::string& rule, const OptimizerValues& values,
                    const ParameterGroup& group) {
  const auto rest = [&](const char* reason) { return TensorRoute{group, "adamw", reason}; };
  if (group.shape.size() < 2) {
    return rest("one dimension");
  }
  if (group.size == 0) {
    return rest("no elements");
  }
  if (group.entry && !values.boolean("first_layer")) {
    return rest("first layer or embedding");
  }
  if (group.head && !values.boolean("head")) {
    return rest("head");
  }
  const std::int64_t rows = group.shape.front();
  return {group, rule, "matrix", true, rows, group.size / rows};
}

}  // namespace

std::vector<OptimizerOption> withRoutingOptions(std::vector<OptimizerOption> own) {
  std::vector<OptimizerOption> shared = {
      switchOption("first_layer", false, "the matrix rule also moves first layer and embeddings"),
      switchOption("head", false, "the matrix rule also moves the last layer"),
      nonNegativeOption("adamw_lr", 3e-4, "AdamW's learning rate; the schedule multiplies it too"),
      decayRateOption("adamw_beta1", 0.9, "AdamW's beta1"),
      decayRateOption("adamw_beta2", 0.95, "AdamW's beta2"),
      nonNegativeOption("adamw_eps", 1e-10, "AdamW's eps"),
      nonNegativeOption("adamw_weight_decay", 0, "AdamW's weight_decay"),
  };
  for (OptimizerOption& option : shared) {
    option.ofRouting = true;
    own.push_back(std::move(option));
  }
  return own;
}

std::vector<TensorRoute> routeMatrices(const std::string& rule, const OptimizerValues& values,
                                       const std::vector<ParameterGroup>& groups) {
  std::vector<TensorRoute> routes;
  for (const ParameterGroup& group : groups) {
    routes.push_back(routeOf(rule, values, group));
  }
  return routes;
}

at::Tensor matrixOf(const at::Tensor& flat, const TensorRoute& route) {
  return flat.narrow(0, route.group.offset, route.group.size).view({route.rows, route.columns});
}

RestOptimizer::RestOptimizer(const OptimizerValues& values, const std::vector<TensorRoute>& routes,
                             const at::Tensor& like) {
  for (const TensorRoute& route : routes) {
    if (route.matrix) {
      continue;
    }
    const ParameterGroup& group = route.group;
    if (!pieces_.empty() && pieces_.back().offset + pieces_.back().size == group.offset) {
      pieces_.back().size += group.size;
    } else {
      pieces_.push_back({group.offset, group.size});
    }
  }
  std::int64_t size = 0;
  for (const Piece& piece : pieces_) {
    size += piece.size;
  }
  if (size > 0) {
    adamw_ = findOptimizer("adamw").make(adamwValues(values), {}, like.narrow(0, 0, size));
  }
}

void RestOptimizer::step(const OptimizerStep& step) {
  if (!adamw_) {
    return;
  }
  const at::NoGradGuard noGrad;
  std::vector<at::Tensor> parameters;
  std::vector<at::Tensor> gradients;
  for (const Piece& piece : pieces_) {
    parameters.push_back(step.parameters.narrow(0, piece.offset, piece.size));
    gradients.push_back(step.gradient.narrow(0, piece.offset, piece.size));
  }
  if (pieces_.size() == 1) {
    adamw_->step({parameters.front(), gradients.front(), step.rateFactor});
    return;
  }
  // Small tensors between matrices cost as many calls as large ones: they are moved as one.
  const at::Tensor moved = at::cat(parameters);
  adamw_->step({moved, at::cat(gradients), step.rateFactor});
  std::int64_t offset = 0;
  for (at::Tensor& piece : parameters) {
    piece.copy_(moved.narrow(0, offset, piece.numel()));
    offset += piece.numel();
  }
}

void RestOptimizer::exchangeState(StateArchive& archive) {
  if (adamw_) {
    adamw_->exchangeState(archive);
  }
}

nlohmann::json toJson(const std::vector<TensorRoute>& routes) {
  nlohmann::json list = nlohmann::json::array();
  for (const TensorRoute& route : routes) {
    list.push_back({{"name", route.group.name},
                    {"shape", route.group.shape},
                    {"rule", route.rule},
                    {"reason", route.reason},
                    {"rows", route.matrix ? nlohmann::json(route.rows) : nlohmann::json()},
                    {"columns", route.matrix ? nlohmann::json(route.columns) : nlohmann::json()}});
  }
  return list;
}

}  // namespace tarn::engine
