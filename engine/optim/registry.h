#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "engine/optim/optimizer.h"
#include "engine/protocol/optimizer_spec.h"

namespace tarn::engine {

/// Every optimizer that Tarn has. To add one: a file beside this one, and a line in registry.cpp.
const std::vector<OptimizerKind>& optimizerKinds();
/// What can be put around each of them: likewise.
const std::vector<WrapperKind>& wrapperKinds();

/// The kind of that name. Throws Error(usage) that lists the names.
const OptimizerKind& findOptimizer(const std::string& name);
const WrapperKind& findWrapper(const std::string& name);

/// The given options checked against the kind's, and its defaults for the rest. Throws Error(usage)
/// that names the option and its range, or lists the options there are.
OptimizerValues checkOptions(const RuleKind& kind, const nlohmann::json& given);
/// The same for an optimizer and all that is around it. Throws Error(usage), also for names.
OptimizerSpec withDefaults(const OptimizerSpec& spec);

/// Finds, checks and makes. Throws Error(usage).
std::unique_ptr<Optimizer> makeOptimizer(const OptimizerSpec& spec, const ParameterSpace& space);

/// Which tensor of θ goes to which rule, as the engine would make it: see toJson() of
/// matrix_routing.h. An empty list for an optimizer that treats all numbers alike. Throws as
/// makeOptimizer.
nlohmann::json describeRouting(const OptimizerSpec& spec, const ParameterSpace& space);

/// What `optimizers` answers, optimizers first: [{name, wrapper, summary, source, options: [{name,
/// type, default, minimum, maximum, maximum_excluded, words, help, routing}]}].
nlohmann::json describeOptimizers();

}  // namespace tarn::engine
