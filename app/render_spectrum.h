#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/project/address.h"
#include "ui/figures/figure.h"

namespace tarn::app {

/// What `tarn render --view spectrum` draws.
struct SpectrumPicture {
  std::string file;  ///< NAME.tarn[#spectrum/ID]
  std::string part;  ///< a word of SpectrumPart; empty: all that there are
  ui::SpectrumStyle style;
  std::filesystem::path out;
};

/// The address of a spectrum; a bare NAME.tarn means its latest. Throws Error(usage).
ResultAddress spectrumAddress(const std::string& file);

/// Writes the figure and says what is in it, as `--json` prints it. Throws Error(usage) for what is
/// not the address of a spectrum and for an unknown layer, Error(notFound) for a part that the
/// spectrum does not have, and the errors of Project and writeSpectrumFigure.
nlohmann::json writeSpectrum(const SpectrumPicture& picture, const ui::FigureSpec& spec);

}  // namespace tarn::app
