#include "engine/optim/replay.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/ATen.h>

#include "engine/optim/newton_schulz.h"
#include "engine/optim/registry.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t kLargestSide = 2048;
constexpr std::array<std::int64_t, 3> kReported = {1, 5, 20};

/// What the authors' programs are called, and what that is here.
struct AuthorsName {
  std::string_view theirs;
  std::string_view ours;
  std::string_view order;  ///< of polargrad
};
constexpr AuthorsName kNames[] = {
    {"polargrad-momentum-first-qdwh", "polargrad", "momentum-first"},
    {"polargrad-momentum-first-ns", "polargrad", "momentum-first"},
    {"polargrad-polar-first-qdwh", "polargrad", "polar-first"},
    {"polargrad-polar-first-ns", "polargrad", "polar-first"},
};

/// Their names of options, and of words among their values.
constexpr std::pair<std::string_view, std::string_view> kOptions[] = {
    {"method", "polar"}, {"inner_steps", "polar_steps"}};
constexpr std::pair<std::string_view, std::string_view> kWords[] = {{"ns", "newton-schulz"}};

std::string translated(std::span<const std::pair<std::string_view, std::string_view>> table,
                       const std::string& word) {
  const auto row = std::ranges::find(table, word, [](const auto& entry) { return entry.first; });
  return row == table.end() ? word : std::string(row->second);
}

Error senseless(const std::string& what) {
  return {ErrorCode::badInput, "The recorded course can't be replayed: " + what + ".",
          "It needs a shape, w0 and grads, a list of lists as long as w0, all of finite numbers."};
}

OptimizerSpec specOf(const std::string& name, const nlohmann::json& given) {
  OptimizerSpec spec{name};
  if (!given.is_null() && !given.is_object()) {
    throw senseless("its options are not a map");
  }
  for (const auto& [option, value] : given.items()) {
    spec.options[translated(kOptions, option)] =
        value.is_string() ? nlohmann::json(translated(kWords, value.get<std::string>())) : value;
  }
  const auto* row = std::ranges::find(kNames, name, &AuthorsName::theirs);
  if (row != std::end(kNames)) {
    spec.name = row->ours;
    spec.options["order"] = row->order;
    // Their name of Newton–Schulz's third coefficient, which is no option here.
    if (spec.options.value("c", nlohmann::json()) == kMuonQuintic.c) {
      spec.options.erase("c");
    }
  }
  return spec;
}

ParameterGroup groupOf(const nlohmann::json& course) {
  ParameterGroup group;
  group.name = "weight";
  group.size = 1;
  const auto shape = course.find("shape");
  if (shape == course.end() || !shape->is_array() || shape->empty() || shape->size() > 8) {
    throw senseless("its shape is not a list of one to eight numbers");
  }
  for (const nlohmann::json& extent : *shape) {
    if (!extent.is_number_integer() || extent < 1 || extent > kLargestSide) {
      throw senseless("its shape has an extent that is not between 1 and " +
                      std::to_string(kLargestSide));
    }
    group.shape.push_back(extent.get<std::int64_t>());
    group.size *= group.shape.back();
    if (group.size > kLargestSide * group.shape.front()) {
      throw senseless("as a matrix it has more than " + std::to_string(kLargestSide) + " columns");
    }
  }
  return group;
}

/// Takes memory for as many numbers as are there.
at::Tensor numbers(const nlohmann::json& list, std::int64_t count, const std::string& what) {
  if (!list.is_array() || std::cmp_not_equal(list.size(), count)) {
    throw senseless(what + " is not a list of " + std::to_string(count) + " numbers");
  }
  std::vector<double> values;
  values.reserve(list.size());
  for (const nlohmann::json& value : list) {
    if (!value.is_number() || !std::isfinite(value.get<double>())) {
      throw senseless(what + " holds something that is no finite number");
    }
    values.push_back(value.get<double>());
  }
  return at::tensor(values, at::kDouble);
}

double relativeDifference(const at::Tensor& weights, const at::Tensor& recorded) {
  const double scale = recorded.abs().max().item<double>();
  const double difference = (weights - recorded).abs().max().item<double>();
  return scale > 0 ? difference / scale : difference;
}

}  // namespace

nlohmann::json replay(const std::string& name, const nlohmann::json& course,
                      const std::function<void()>& pause) {
  if (!course.is_object()) {
    throw senseless("it is not a map");
  }
  const OptimizerSpec spec = specOf(name, course.value("options", nlohmann::json()));
  const OptimizerKind& kind = findOptimizer(spec.name);
  const OptimizerValues values = checkOptions(kind, spec.options);
  const ParameterGroup group = groupOf(course);
  const nlohmann::json grads = course.value("grads", nlohmann::json());
  if (!grads.is_array() || grads.empty()) {
    throw senseless("it has no grads");
  }
  const at::Tensor weights = numbers(course.value("w0", nlohmann::json()), group.size, "w0");
  const auto optimizer = kind.make(values, {group}, weights);
  if (optimizer->asksBatch()) {
    throw Error(ErrorCode::usage,
                kind.name +
                    " asks for more than gradients: for losses, products or gradients at "
                    "other points, which a record does not have.",
                "Train with it on a model instead.");
  }
  nlohmann::json result{{"weights", nlohmann::json::object()},
                        {"difference", nlohmann::json::object()}};
  for (std::size_t i = 0; i < grads.size(); ++i) {
    pause();
    const std::string step = std::to_string(i + 1);
    optimizer->step({weights, numbers(grads[i], group.size, "gradient " + step), 1});
    if (std::ranges::find(kReported, static_cast<std::int64_t>(i) + 1) == kReported.end()) {
      continue;
    }
    const std::string key = "w" + step;
    result["weights"][key] = std::vector<double>(weights.const_data_ptr<double>(),
                                                 weights.const_data_ptr<double>() + group.size);
    if (course.contains(key)) {
      result["difference"][key] =
          relativeDifference(weights, numbers(course[key], group.size, key));
    }
  }
  return result;
}

}  // namespace tarn::engine
