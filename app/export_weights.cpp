#include "app/export_weights.h"

#include <cmath>

#include "app/export_cells.h"

namespace tarn::app {
namespace {

using nlohmann::json;

/// The list of matrices; an empty one when a project of another origin has none.
json weightsOf(const json& result) {
  return result.is_object() && result.contains("weights") && result.at("weights").is_array()
             ? result.at("weights")
             : json::array();
}

std::string nameOf(const json& matrix) {
  return matrix.is_object() && matrix.contains("name") && matrix.at("name").is_string()
             ? matrix.at("name").get<std::string>()
             : "?";
}

/// A number of a map as a cell; empty where it is undefined.
std::string cell(const json& map, const char* key) {
  return map.is_object() && map.contains(key) && map.at(key).is_number()
             ? text(map.at(key).get<double>())
             : "";
}

}  // namespace

bool hasOnlyWeights(const json& result) {
  return !weightsOf(result).empty() && !result.contains("eigenvalues");
}

void addWeightArrays(std::map<std::string, NdArray>& arrays, const json& result) {
  for (const json& matrix : weightsOf(result)) {
    std::vector<double> values;
    if (matrix.is_object() && matrix.contains("eigenvalues")) {
      for (const json& value : matrix.at("eigenvalues")) {
        values.push_back(value.is_number() ? value.get<double>() : std::nan(""));
      }
    }
    arrays["weights." + nameOf(matrix)] = doubles(values);
  }
}

void weightTable(const json& result, const RowSink& add) {
  add({"name", "rows", "columns", "alpha_hill", "alpha_ks", "ks_distance", "ks_minimum",
       "alpha_hat", "stable_rank", "spectral_norm", "farms_alpha", "mp_sigma", "mp_low",
       "mp_high"});
  for (const json& matrix : weightsOf(result)) {
    std::vector<std::string> row{nameOf(matrix)};
    for (const char* key :
         {"rows", "columns", "alpha_hill", "alpha_ks", "ks_distance", "ks_minimum", "alpha_hat",
          "stable_rank", "spectral_norm", "farms_alpha"}) {
      row.push_back(cell(matrix, key));
    }
    const json edges = matrix.is_object() ? matrix.value("marchenko_pastur", json()) : json();
    for (const char* key : {"sigma", "low", "high"}) {
      row.push_back(cell(edges, key));
    }
    add(row);
  }
}

}  // namespace tarn::app
