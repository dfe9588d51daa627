#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "app/exportable.h"

namespace tarn::app {

/// Whether a spectrum's result has spectra of weights and no eigenvalues of the Hessian.
bool hasOnlyWeights(const nlohmann::json& result);

/// Adds `weights.NAME`, the ascending eigenvalues of every matrix; nothing when there is none.
void addWeightArrays(std::map<std::string, NdArray>& arrays, const nlohmann::json& result);

/// One row a matrix: its name and shape, and what was read from its spectrum.
void weightTable(const nlohmann::json& result, const RowSink& add);

}  // namespace tarn::app
