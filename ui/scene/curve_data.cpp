#include "ui/scene/curve_data.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/tasks/run_comparison.h"
#include "engine/tasks/smad_probe.h"
#include "topology/base/error.h"
#include "topology/base/text.h"

namespace tarn::ui {
std::vector<CurvePart> allCurveParts() {
  return {CurvePart::loss,     CurvePart::accuracy, CurvePart::gradientNorm,
          CurvePart::stepNorm, CurvePart::rate,     CurvePart::smad};
}

std::string_view toString(CurvePart part) {
  switch (part) {
    case CurvePart::loss:
      return "loss";
    case CurvePart::accuracy:
      return "accuracy";
    case CurvePart::gradientNorm:
      return "gradient";
    case CurvePart::stepNorm:
      return "step";
    case CurvePart::rate:
      return "rate";
    case CurvePart::smad:
      break;
  }
  return "smad";
}

CurvePart curvePartFromString(const std::string& word) {
  std::vector<std::string> words;
  for (const CurvePart part : allCurveParts()) {
    if (toString(part) == word) {
      return part;
    }
    words.emplace_back(toString(part));
  }
  throw Error(ErrorCode::usage, "Training curves have no part '" + word + "'.",
              "They have " + joined(words) + ".");
}

void CurvePoints::add(double step, double epoch, double value) {
  const auto place = std::ranges::lower_bound(steps, step) - steps.begin();
  if (place < std::ssize(steps) && steps[static_cast<std::size_t>(place)] == step) {
    epochs[static_cast<std::size_t>(place)] = epoch;
    values[static_cast<std::size_t>(place)] = value;
    return;
  }
  steps.insert(steps.begin() + place, step);
  epochs.insert(epochs.begin() + place, epoch);
  values.insert(values.begin() + place, value);
}

const CurvePoints* RunCurves::heldOut(CurvePart part) const {
  return part == CurvePart::loss       ? &heldOutLoss
         : part == CurvePart::accuracy ? &heldOutAccuracy
                                       : nullptr;
}

void RunCurves::add(const StoredMetric& metric) {
  const auto step = static_cast<double>(metric.step);
  const auto addTo = [&](CurvePoints& curve, const std::optional<double>& value) {
    if (value) {
      curve.add(step, metric.epoch, *value);
    }
  };
  // A row that only tells of the samples held out is no gap in the loss.
  const bool measured = !std::isnan(metric.loss) || metric.rate;
  if (measured) {
    of(CurvePart::loss).add(step, metric.epoch, metric.loss);
  }
  addTo(of(CurvePart::accuracy), metric.accuracy);
  addTo(of(CurvePart::gradientNorm), metric.gradientNorm);
  addTo(of(CurvePart::stepNorm), metric.stepNorm);
  addTo(of(CurvePart::rate), metric.rate);
  addTo(of(CurvePart::smad), probeOf(metric, kSmad));
  addTo(heldOutLoss, probeOf(metric, kValidationLoss));
  addTo(heldOutAccuracy, probeOf(metric, kValidationAccuracy));
}

bool CurveData::has(CurvePart part) const {
  return std::ranges::any_of(runs, [&](const RunCurves& run) {
    const CurvePoints* heldOut = run.heldOut(part);
    return !run.of(part).empty() || (heldOut != nullptr && !heldOut->empty());
  });
}

bool CurveData::hasHeldOut() const {
  return std::ranges::any_of(runs, [](const RunCurves& run) { return !run.heldOutLoss.empty(); });
}

std::vector<CurvePart> CurveData::parts() const {
  std::vector<CurvePart> there;
  for (const CurvePart part : allCurveParts()) {
    if (has(part)) {
      there.push_back(part);
    }
  }
  return there;
}

std::vector<std::string> runNames(const std::vector<StoredRun>& runs) {
  std::map<std::string, int> named;
  for (const StoredRun& run : runs) {
    ++named[run.name];
  }
  std::vector<std::string> names;
  names.reserve(runs.size());
  for (const StoredRun& run : runs) {
    names.push_back(named[run.name] > 1 ? run.name + " (run " + std::to_string(run.id) + ")"
                                        : run.name);
  }
  return names;
}

CurveData curveDataOf(const Project& project, const std::vector<StoredRun>& runs) {
  CurveData data;
  const std::vector<std::string> names = runNames(runs);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    RunCurves curves;
    curves.run = runs[i].id;
    curves.name = names[i];
    curves.look = i;
    for (const StoredMetric& metric : project.metrics(runs[i].id)) {
      curves.add(metric);
    }
    data.runs.push_back(std::move(curves));
  }
  return data;
}

}  // namespace tarn::ui
