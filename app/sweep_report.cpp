#include "app/sweep_report.h"

#include <algorithm>
#include <format>

#include "app/wording.h"

namespace tarn::app {
namespace {

using nlohmann::json;

const char* measureOf(const std::vector<SweptOptimizer>& optimizers) {
  const bool heldOut = std::ranges::any_of(optimizers, [](const SweptOptimizer& optimizer) {
    return std::ranges::any_of(optimizer.runs, [](const json& run) {
      return !run.value("validation_loss", json()).is_null();
    });
  });
  return heldOut ? "validation_loss" : "final_loss";
}

bool counts(const json& run, const char* measure) {
  return run.value("status", "") == "complete" && run.value(measure, json()).is_number();
}

json bestOf(const Sweep& sweep, const SweptOptimizer& optimizer, const char* measure) {
  json best{{"optimizer", optimizer.name},
            {"value", nullptr},
            {"run", nullptr},
            {"loss", nullptr},
            {"by", measure},
            {"at_edge", false}};
  for (std::size_t i = 0; i < optimizer.runs.size() && i < sweep.values.size(); ++i) {
    const json& run = optimizer.runs[i];
    if (!counts(run, measure)) {
      continue;
    }
    const double loss = run.at(measure).get<double>();
    if (best["loss"].is_null() || loss < best["loss"].get<double>()) {
      best["value"] = sweep.values[i];
      best["run"] = run.at("id");
      best["loss"] = loss;
      best["at_edge"] = i == 0 || i + 1 == sweep.values.size();
    }
  }
  return best;
}

const char* wordsOf(const json& best) {
  return best.at("by") == "validation_loss" ? "loss on the samples held out" : "final loss";
}

}  // namespace

json sweepResult(const Sweep& sweep, const std::vector<SweptOptimizer>& optimizers) {
  const char* measure = measureOf(optimizers);
  json best = json::array();
  for (const SweptOptimizer& optimizer : optimizers) {
    best.push_back(bestOf(sweep, optimizer, measure));
  }
  return {{"option", sweep.option}, {"values", sweep.values}, {"best", best}};
}

std::vector<std::string> sweepWarnings(const json& result) {
  std::vector<std::string> warnings;
  const std::string option = result.at("option").get<std::string>();
  for (const json& best : result.at("best")) {
    const std::string optimizer = best.at("optimizer").get<std::string>();
    if (best.at("value").is_null()) {
      warnings.push_back(std::format("No {} of the sweep is any good for {}.", option, optimizer));
    } else if (best.at("at_edge").get<bool>()) {
      const bool lowest = best.at("value") == result.at("values").front();
      warnings.push_back(std::format(
          "The best {} of {}, {}, is the {} of the sweep: a {} one may be better still.", option,
          optimizer, numberText(best.at("value")), lowest ? "smallest" : "largest",
          lowest ? "smaller" : "larger"));
    }
  }
  return warnings;
}

std::string sweepText(const json& result) {
  std::string text;
  for (const json& best : result.at("best")) {
    if (!best.at("value").is_null()) {
      text += std::format("best for {}: {}={}, {} {} (run {})\n",
                          best.at("optimizer").get<std::string>(),
                          result.at("option").get<std::string>(), numberText(best.at("value")),
                          wordsOf(best), numberText(best.at("loss")), best.at("run").dump());
    }
  }
  return text;
}

}  // namespace tarn::app
