#pragma once

#include <cstddef>

#include "ui/figures/palette.h"
#include "ui/figures/scaled_frame.h"
#include "ui/scene/spectrum_data.h"

class QPainter;

namespace tarn::ui {

/// The frame of the exponents of all weight matrices, one below the other: the i-th one has the
/// ordinate −i. Its plot begins as low as the one beside it that has facts above it.
ScaledFrame exponentFrame(const SpectrumData& data, const QRectF& area, double textSize,
                          bool titled);

/// The exponents with their axis and the matrices' names; one of them is highlighted.
void paintExponents(QPainter& painter, const ScaledFrame& frame, const SpectrumData& data,
                    std::size_t highlighted, const Palette& palette);

}  // namespace tarn::ui
