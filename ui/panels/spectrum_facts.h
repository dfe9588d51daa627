#pragma once

#include <vector>

#include "ui/panels/vertex_facts.h"
#include "ui/scene/spectrum_data.h"

namespace tarn::ui {

/// What there is to say of a spectrum: its ends, what they mean for gradient descent, trace, what
/// stands out, how much is negative, and how it depends on the data. Only what was computed.
std::vector<Fact> spectrumFacts(const SpectrumData& spectrum);

}  // namespace tarn::ui
