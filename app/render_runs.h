#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <stop_token>
#include <string>
#include <vector>

#include "ui/figures/figure.h"

namespace tarn::app {

/// What `tarn render --view curves` and `--view trajectories` draw.
struct RunsPicture {
  std::string file;                           ///< as openRuns takes it
  std::vector<std::int64_t> runs;             ///< ids; none: all
  std::map<std::int64_t, std::string> names;  ///< by id, in place of the runs' own
  std::string view;                           ///< curves or trajectories
  std::string parts;  ///< curves: words of CurvePart with commas; empty: all that were measured
  std::string plane;  ///< trajectories: pca, pca:ID,…, ends or empty (pca, or that of the address)
  ui::CurveStyle style;
  std::filesystem::path out;
};

/// Writes the figure and says what is in it, as `--json` prints it. Throws Error(usage), and the
/// errors of openRuns, planeOfRuns and the figures.
nlohmann::json writeRuns(const RunsPicture& picture, const ui::FigureSpec& spec,
                         const std::stop_token& stop);

}  // namespace tarn::app
