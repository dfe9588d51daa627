#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "ui/figures/legend.h"
#include "ui/figures/palette.h"
#include "ui/scene/curve_data.h"

class QPainter;

namespace tarn::ui {

struct ScaledFrame;

/// What training curves are drawn over.
enum class CurveAxis { step, epoch };

/// One curve of one run. Its points belong to the CurveData that it was made from.
struct CurveLine {
  std::size_t run = 0;  ///< index into CurveData::runs
  std::size_t look = 0;
  bool heldOut = false;
  const CurvePoints* points = nullptr;
  std::vector<double> average;  ///< its smoothed values; empty where it is not smoothed
  double smoothing = 0;

  double abscissa(std::size_t i, CurveAxis axis) const {
    return axis == CurveAxis::step ? points->steps[i] : points->epochs[i];
  }
  /// The values of the strong line.
  const std::vector<double>& shown() const { return average.empty() ? points->values : average; }
};

/// All curves of a part, smoothed as smoothingOf says.
std::vector<CurveLine> curveLines(const CurveData& data, CurvePart part,
                                  std::optional<double> smoothing);

/// Paints them into a frame: what was measured pale behind what is smoothed, samples held out above
/// the others. `runs` is how many there are; their marks stand between each other's.
void paintCurveLines(QPainter& painter, const std::vector<CurveLine>& lines,
                     const ScaledFrame& frame, CurveAxis axis, std::size_t runs,
                     const Palette& palette, double text);

/// An entry for every run, one for samples held out and one for what stands behind smoothed lines,
/// where there are any.
std::vector<LegendEntry> curveLegend(const CurveData& data,
                                     const std::vector<std::vector<CurveLine>>& parts,
                                     const Palette& palette, double text);

}  // namespace tarn::ui
