#include "engine/optim/registry.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/optim/matrix_routing.h"
#include "topology/base/error.h"
#include "topology/base/text.h"

// One line for each optimizer: the function that describes it, in a file of its own.
#define TARN_OPTIMIZERS(X) \
  X(adagrad)               \
  X(adam)                  \
  X(adamw)                 \
  X(momentum)              \
  X(nesterov)              \
  X(rmsprop)               \
  X(sgd)                   \
  X(lbfgs)                 \
  X(muon)                  \
  X(rmnp)                  \
  X(htmuon)                \
  X(conda)                 \
  X(auonPaper)             \
  X(auonRepo)              \
  X(auonHybridPaper)       \
  X(auonHybridRepo)        \
  X(polargrad)             \
  X(fismo)                 \
  X(aro)                   \
  X(lanton)                \
  X(soap)                  \
  X(shampoo)               \
  X(gnsNewton)             \
  X(mfac)                  \
  X(sven)

// Likewise for what is put around them.
#define TARN_WRAPPERS(X) \
  X(ghostCap)            \
  X(iterateAverage)      \
  X(sam)                 \
  X(spectralCap)         \
  X(tempBalance)

namespace tarn::engine {

#define TARN_DECLARE(name) OptimizerKind name();
TARN_OPTIMIZERS(TARN_DECLARE)
#undef TARN_DECLARE
#define TARN_DECLARE(name) WrapperKind name();
TARN_WRAPPERS(TARN_DECLARE)
#undef TARN_DECLARE

namespace {

using Type = OptimizerOption::Type;

const char* typeName(Type type) {
  switch (type) {
    case Type::number:
      return "number";
    case Type::integer:
      return "integer";
    case Type::boolean:
      return "boolean";
    case Type::word:
      return "word";
  }
  return "";
}

/// "100", "0.5".
std::string numberText(double value) {
  const bool whole = value == std::floor(value) && std::abs(value) < 1e15;
  return whole ? std::to_string(static_cast<std::int64_t>(value)) : nlohmann::json(value).dump();
}

/// What a value may be, in words: "a number from 0 to below 1".
std::string rangeText(const OptimizerOption& option) {
  if (option.type == Type::boolean) {
    return "on or off";
  }
  if (option.type == Type::word) {
    return "one of " + joined(option.words);
  }
  std::string text = option.type == Type::integer ? "a whole number" : "a number";
  if (option.minimum) {
    text += " from " + numberText(*option.minimum);
  }
  if (option.maximum) {
    text += option.maximumExcluded ? " to below " : " to ";
    text += numberText(*option.maximum);
  }
  return text;
}

bool inRange(const OptimizerOption& option, double value) {
  return std::isfinite(value) && value >= option.minimum.value_or(value) &&
         (option.maximumExcluded ? value < option.maximum.value_or(INFINITY)
                                 : value <= option.maximum.value_or(value));
}

bool fits(const OptimizerOption& option, const nlohmann::json& value) {
  switch (option.type) {
    case Type::number:
      return value.is_number() && inRange(option, value.get<double>());
    case Type::integer:
      return value.is_number_integer() && inRange(option, value.get<double>());
    case Type::boolean:
      return value.is_boolean();
    case Type::word:
      return value.is_string() &&
             std::ranges::find(option.words, value.get_ref<const std::string&>()) !=
                 option.words.end();
  }
  return false;
}

nlohmann::json describe(const OptimizerOption& option) {
  nlohmann::json described = {{"name", option.name},        {"type", typeName(option.type)},
                              {"default", option.initial},  {"minimum", nullptr},
                              {"maximum", nullptr},         {"help", option.help},
                              {"routing", option.ofRouting}};
  if (option.minimum) {
    described["minimum"] = *option.minimum;
  }
  if (option.maximum) {
    described["maximum"] = *option.maximum;
    described["maximum_excluded"] = option.maximumExcluded;
  }
  if (option.type == Type::word) {
    described["words"] = option.words;
  }
  return described;
}

template <typename Kind>
const Kind& findKind(const std::vector<Kind>& kinds, const std::string& name,
                     const std::string& what) {
  std::vector<std::string> names;
  for (const Kind& kind : kinds) {
    if (kind.name == name) {
      return kind;
    }
    names.push_back(kind.name);
  }
  throw Error(ErrorCode::usage, "There is no " + what + " called '" + name.substr(0, 80) + "'.",
              "There are: " + joined(names) + ".");
}

nlohmann::json describe(const RuleKind& kind, bool wrapper) {
  nlohmann::json options = nlohmann::json::array();
  for (const OptimizerOption& option : kind.options) {
    options.push_back(describe(option));
  }
  return {{"name", kind.name},
          {"wrapper", wrapper},
          {"summary", kind.summary},
          {"source", kind.source},
          {"options", std::move(options)}};
}

}  // namespace

const std::vector<OptimizerKind>& optimizerKinds() {
#define TARN_CALL(name) name(),
  static const std::vector<OptimizerKind> kinds = {TARN_OPTIMIZERS(TARN_CALL)};
#undef TARN_CALL
  return kinds;
}

const std::vector<WrapperKind>& wrapperKinds() {
#define TARN_CALL(name) name(),
  static const std::vector<WrapperKind> kinds = {TARN_WRAPPERS(TARN_CALL)};
#undef TARN_CALL
  return kinds;
}

const OptimizerKind& findOptimizer(const std::string& name) {
  if (std::ranges::find(wrapperKinds(), name, &WrapperKind::name) != wrapperKinds().end()) {
    throw Error(ErrorCode::usage, name + " is put around an optimizer and is none itself.",
                "Write for example adamw+" + name + ".");
  }
  return findKind(optimizerKinds(), name, "optimizer");
}

const WrapperKind& findWrapper(const std::string& name) {
  return findKind(wrapperKinds(), name, "wrapper");
}

OptimizerValues checkOptions(const RuleKind& kind, const nlohmann::json& given) {
  nlohmann::json values = nlohmann::json::object();
  std::vector<std::string> lines;
  for (const OptimizerOption& option : kind.options) {
    values[option.name] = option.initial;
    lines.push_back(option.name + " (" + rangeText(option) + "; " + option.initial.dump() + ")");
  }
  for (const auto& [name, value] : given.items()) {
    const auto option = std::ranges::find(kind.options, name, &OptimizerOption::name);
    if (option == kind.options.end()) {
      throw Error(ErrorCode::usage, kind.name + " has no option '" + name.substr(0, 80) + "'.",
                  "Its options, with their defaults: " + joined(lines) + ".");
    }
    if (!fits(*option, value)) {
      throw Error(
          ErrorCode::usage,
          kind.name + ": " + name + " must be " + rangeText(*option) + ", not " +
              value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace).substr(0, 80) +
              ".",
          "Its options, with their defaults: " + joined(lines) + ".");
    }
    values[name] = value;
  }
  return OptimizerValues(std::move(values));
}

OptimizerSpec withDefaults(const OptimizerSpec& spec) {
  OptimizerSpec full = spec;
  full.options = checkOptions(findOptimizer(spec.name), spec.options).json();
  for (NamedOptions& wrapper : full.wrappers) {
    wrapper.options = checkOptions(findWrapper(wrapper.name), wrapper.options).json();
  }
  return full;
}

std::unique_ptr<Optimizer> makeOptimizer(const OptimizerSpec& spec, const ParameterSpace& space) {
  const OptimizerKind& kind = findOptimizer(spec.name);
  auto optimizer = kind.make(checkOptions(kind, spec.options), space.groups(), space.flat());
  for (const NamedOptions& named : spec.wrappers) {
    const WrapperKind& wrapper = findWrapper(named.name);
    optimizer = wrapper.make(checkOptions(wrapper, named.options), space.groups(), space.flat(),
                             std::move(optimizer));
  }
  return optimizer;
}

nlohmann::json describeRouting(const OptimizerSpec& spec, const ParameterSpace& space) {
  const OptimizerKind& kind = findOptimizer(spec.name);
  const OptimizerValues values = checkOptions(kind, spec.options);
  return kind.route ? toJson(kind.route(values, space.groups())) : nlohmann::json::array();
}

nlohmann::json describeOptimizers() {
  nlohmann::json list = nlohmann::json::array();
  for (const OptimizerKind& kind : optimizerKinds()) {
    list.push_back(describe(kind, false));
  }
  for (const WrapperKind& kind : wrapperKinds()) {
    list.push_back(describe(kind, true));
  }
  return list;
}

}  // namespace tarn::engine
