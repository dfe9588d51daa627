#include "app/spectrum_text.h"

#include <cstdint>
#include <format>
#include <limits>

#include "app/wording.h"

namespace tarn::app {
namespace {

using nlohmann::json;

/// NaN for null, so that it prints as such.
double number(const json& map, const char* key) {
  const json& value = map.at(key);
  return value.is_number() ? value.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::string headLine(const json& result) {
  return std::format("loss {:.6g} on {} samples, {} parameters, {} {}-vector products, {:.1f} s\n",
                     number(result, "loss"), result.at("samples").get<std::int64_t>(),
                     result.at("parameters").get<std::int64_t>(),
                     result.at("products").get<std::int64_t>(),
                     result.value("operator", "hessian") == "hessian" ? "Hessian" : "Gauss-Newton",
                     number(result, "seconds"));
}

std::string pairLines(const json& result) {
  const json& values = result.at("eigenvalues");
  if (values.empty()) {
    return "";
  }
  std::string text = "    eigenvalue    residual\n";
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += std::format("{:14.6g}  {:10.2e}{}\n", values[i].get<double>(),
                        result.at("residuals")[i].get<double>(),
                        result.at("converged")[i].get<bool>() ? "" : "  not converged");
  }
  return text;
}

std::string bulkLine(const json& bulk) {
  return std::format("{} ({}), bulk below {:.6g}, bifurcation ratio {:.4g}\n",
                     counted(bulk.at("outliers").get<std::size_t>(), "outlier", "outliers"),
                     bulk.at("method").get<std::string>(), number(bulk, "edge"),
                     number(bulk, "bifurcation_ratio"));
}

std::string traceLine(const json& trace) {
  return std::format("trace {:.6g} ± {:.2g} ({}, {} products)\n", number(trace, "value"),
                     number(trace, "standard_error"), trace.at("method").get<std::string>(),
                     trace.at("products").get<std::int64_t>());
}

std::string layerLines(const json& layers) {
  std::string text = std::format("{:24} {:>10} {:>12} {:>9} {:>12} {:>12}\n", "layer", "parameters",
                                 "trace", "±", "a parameter", "eigenvalue");
  for (const json& layer : layers) {
    const auto name = layer.at("layer").get<std::string>();
    text += std::format(
        "{:24} {:10} {:12.5g} {:9.2g} {:12.4g} {:>12}\n", name.empty() ? "(top)" : name,
        layer.at("parameters").get<std::int64_t>(), number(layer, "trace"),
        number(layer, "standard_error"), number(layer, "mean_curvature"),
        layer.at("eigenvalue").is_null() ? "-"
                                         : std::format("{:.5g}", number(layer, "eigenvalue")));
  }
  return text;
}

std::string densityLines(const json& result) {
  const json& density = result.at("density");
  const json& criteria = result.at("lla");
  return std::format(
      "density on [{:.5g}, {:.5g}] with width {:.3g}: {} probes of {} steps, mean eigenvalue "
      "{:.5g} ± {:.2g}\n"
      "smallest to largest {:.4g}, negative share {:.4g}\n",
      density.at("values").front().get<double>(), density.at("values").back().get<double>(),
      number(density, "width"), density.at("probes").get<std::int64_t>(),
      density.at("steps").get<std::int64_t>(), number(density, "mean"),
      number(density, "mean_standard_error"), number(criteria, "ratio"),
      number(criteria, "negative_share"));
}

std::string splitsLine(const json& splits) {
  return std::format(
      "two halves of the data: ‖H_a − H_b‖ = {:.5g} ± {:.2g}, λ₁ {:.5g} and {:.5g}, overlap of {} "
      "eigenvectors {:.3f}, spread of Hg {:.3g}\n",
      number(splits, "difference_norm"), number(splits, "residual"),
      splits.at("eigenvalues_a").front().get<double>(),
      splits.at("eigenvalues_b").front().get<double>(), splits.at("vectors").get<std::int64_t>(),
      number(splits, "overlap"), number(splits, "gradient_spread"));
}

std::string inflationLines(const json& rows) {
  std::string text = "     batch    eigenvalue         ±    ratio\n";
  for (const json& row : rows) {
    text +=
        std::format("{:10} {:13.5g} {:9.2g} {:8.3f}\n", row.at("batch").get<std::int64_t>(),
                    number(row, "eigenvalue"), number(row, "standard_error"), number(row, "ratio"));
  }
  return text;
}

}  // namespace

std::string spectrumText(const json& result) {
  std::string text = headLine(result) + pairLines(result);
  const auto add = [&](const char* key, std::string (*lines)(const json&)) {
    if (result.contains(key)) {
      text += lines(result.at(key));
    }
  };
  add("bulk", bulkLine);
  add("trace", traceLine);
  add("layers", layerLines);
  if (result.contains("density")) {
    text += densityLines(result);
  }
  add("splits", splitsLine);
  add("inflation", inflationLines);
  return text;
}

}  // namespace tarn::app
