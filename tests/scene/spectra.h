#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <numbers>
#include <vector>

// Results of `tarn spectrum` whose numbers are known from theory.
namespace tarn::test {

/// The Hessian of ½‖W₂W₁ − T‖² at its minimum, with aligned factors of r = 3 singular values
/// m = 1.1, inputs 7, hidden units 6, outputs 5: L·m^{2(L−1)} = 2m² r² times, m² r(7 + 5 − 2r)
/// times, 0 for the rest of the 7·6 + 6·5 parameters.
inline nlohmann::json deepLinearSpectrum() {
  std::vector<double> values(9, 2 * 1.21);
  values.insert(values.end(), 18, 1.21);
  values.insert(values.end(), 45, 0.0);
  return {{"eigenvalues", values},
          {"residuals", std::vector<double>(72, 1e-6)},
          {"converged", std::vector<bool>(72, true)},
          {"parameters", 72},
          {"bulk", {{"outliers", 9}, {"edge", 1.21}, {"bifurcation_ratio", 2.0}}}};
}

/// Wigner's semicircle.
inline double semicircle(double radius, double x) {
  return 2 / (std::numbers::pi * radius * radius) *
         std::sqrt(std::max(0.0, radius * radius - x * x));
}

/// A bulk of Wigner's semicircle of radius 1 and two outliers of mass 1/P each, as Gaussians of the
/// width 0.05.
inline nlohmann::json semicircleSpectrum() {
  constexpr double kParameters = 5000;
  constexpr double kWidth = 0.05;
  const auto gaussian = [](double x, double centre) {
    const double z = (x - centre) / kWidth;
    return std::exp(-z * z / 2) / (kWidth * std::sqrt(2 * std::numbers::pi));
  };
  std::vector<double> places;
  std::vector<double> density;
  std::vector<double> errors;
  for (int i = 0; i <= 1120; ++i) {
    const double x = -2.0 + 0.0125 * i;
    places.push_back(x);
    density.push_back((1 - 2 / kParameters) * semicircle(1, x) +
                      (gaussian(x, 6) + gaussian(x, 10)) / kParameters);
    errors.push_back(0.1 * density.back());
  }
  return {{"eigenvalues", {10.0, 6.0, -1.0}},
          {"residuals", {1e-3, 2e-2, 5e-1}},
          {"converged", {true, true, false}},
          {"parameters", kParameters},
          {"samples", 1797},
          {"loss", 0.1},
          {"products", 800},
          {"trace", {{"value", 16.0}, {"standard_error", 0.5}}},
          {"bulk", {{"outliers", 2}, {"edge", 1.0}}},
          {"density",
           {{"values", places},
            {"density", density},
            {"standard_error", errors},
            {"width", kWidth},
            {"steps", 80},
            {"probes", 10}}}};
}

/// Exactly distributed as a power law: the quantiles of x^{−alpha} from `from` on.
inline std::vector<double> powerLaw(std::size_t count, double alpha, double from) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    const double above = 1 - (static_cast<double>(i) + 0.5) / static_cast<double>(count);
    values.push_back(from * std::pow(above, -1 / (alpha - 1)));
  }
  return values;
}

/// The edges of the squared singular values of a matrix of independent entries of variance σ².
inline double randomEdge(double variance, double rows, double columns, int sign) {
  const double root = std::sqrt(columns) + sign * std::sqrt(rows);
  return variance * root * root;
}

/// Three layers, the middle one of negative trace, and the weights of two of them: an exact power
/// law of exponent 2.5, and one eigenvalue only.
inline nlohmann::json layeredSpectrum() {
  const auto layer = [](const char* name, double trace, nlohmann::json eigenvalue) {
    return nlohmann::json{{"layer", name},
                          {"parameters", 1000},
                          {"trace", trace},
                          {"standard_error", 0.2},
                          {"mean_curvature", trace / 1000},
                          {"eigenvalue", std::move(eigenvalue)},
                          {"residual", nullptr}};
  };
  const auto values = powerLaw(200, 2.5, 0.5);
  return {{"layers", {layer("fc1", 8, 3.5), layer("fc2", -2, nullptr), layer("fc3", 4, 1.5)}},
          {"weights",
           {{{"layer", "fc1"},
             {"name", "fc1.weight"},
             {"rows", 200},
             {"columns", 400},
             {"eigenvalues", values},
             {"alpha_hill", 2.5},
             {"alpha_ks", 2.5},
             {"ks_distance", 0.0025},
             {"ks_minimum", 0.5},
             {"alpha_hat", 2.5 * std::log10(values.back())},
             {"stable_rank", 12.5},
             {"spectral_norm", std::sqrt(values.back())},
             {"marchenko_pastur",
              {{"sigma", 0.05},
               {"low", randomEdge(0.0025, 200, 400, -1)},
               {"high", randomEdge(0.0025, 200, 400, 1)}}}},
            {{"layer", "fc3"},
             {"name", "fc3.weight"},
             {"eigenvalues", {4.0}},
             {"alpha_ks", nullptr},
             {"note", "too few eigenvalues for a fit"}}}}};
}

/// λ₁ = 10 of 1,797 samples, 12 ± 1 of batches of 64 and 20 ± 2 of batches of 8; two halves with
/// 11 and 10 as their largest of two eigenvalues each.
inline nlohmann::json batchedSpectrum() {
  const auto batch = [](int size, double eigenvalue, double error) {
    return nlohmann::json{{"batch", size},
                          {"eigenvalue", eigenvalue},
                          {"standard_error", error},
                          {"ratio", eigenvalue / 10}};
  };
  return {{"eigenvalues", {10.0, 6.0}},
          {"residuals", {1e-3, 2e-3}},
          {"samples", 1797},
          {"inflation", {batch(64, 12, 1), batch(8, 20, 2)}},
          {"splits",
           {{"difference_norm", 1.5},
            {"overlap", 0.875},
            {"vectors", 2},
            {"gradient_spread", 0.25},
            {"eigenvalues_a", {11.0, 6.5}},
            {"eigenvalues_b", {10.0, 5.5}}}}};
}

/// All parts at once.
inline nlohmann::json wholeSpectrum() {
  nlohmann::json whole = batchedSpectrum();
  whole.update(semicircleSpectrum());
  whole.update(layeredSpectrum());
  return whole;
}

}  // namespace tarn::test
