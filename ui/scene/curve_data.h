#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/project/project.h"

namespace tarn::ui {

/// What is measured while a run goes.
enum class CurvePart { loss, accuracy, gradientNorm, stepNorm, rate, smad };
inline constexpr std::size_t kCurveParts = 6;

/// All of them, in the order in which they are shown.
std::vector<CurvePart> allCurveParts();
/// "loss", "accuracy", "gradient", "step", "rate", "smad".
std::string_view toString(CurvePart part);
/// Throws Error(usage) for a word that is none of these.
CurvePart curvePartFromString(const std::string& word);

/// Numbers along a run; what is not finite is a gap. All of one length, steps ascending.
struct CurvePoints {
  std::vector<double> steps;
  std::vector<double> epochs;
  std::vector<double> values;

  /// At its place among the steps; one of a step that is there replaces it.
  void add(double step, double epoch, double value);
  bool empty() const { return values.empty(); }
};

/// One run's curves.
struct RunCurves {
  std::int64_t run = 0;
  std::string name;
  std::size_t look = 0;                         ///< of runLook
  std::array<CurvePoints, kCurveParts> points;  ///< by part; empty where it was not measured
  CurvePoints heldOutLoss;                      ///< of the samples held out, at the snapshots
  CurvePoints heldOutAccuracy;

  const CurvePoints& of(CurvePart part) const { return points.at(static_cast<std::size_t>(part)); }
  CurvePoints& of(CurvePart part) { return points.at(static_cast<std::size_t>(part)); }
  /// Those of the samples held out for a part; null where there can be none.
  const CurvePoints* heldOut(CurvePart part) const;
  /// A metric that came; one of a step again replaces what it says anew.
  void add(const StoredMetric& metric);
};

/// The curves of several runs; a plain value.
struct CurveData {
  std::vector<RunCurves> runs;

  bool has(CurvePart part) const;
  bool hasHeldOut() const;
  std::vector<CurvePart> parts() const;
};

using CurveDataPtr = std::shared_ptr<const CurveData>;

/// The recorded metrics of runs. Names that are not unique get the run's number. Throws the
/// project's errors.
CurveData curveDataOf(const Project& project, const std::vector<StoredRun>& runs);

/// What figures call these runs: their names, with the number where one occurs twice.
std::vector<std::string> runNames(const std::vector<StoredRun>& runs);

}  // namespace tarn::ui
