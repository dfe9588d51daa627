#include "ui/scene/spectrum_data.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_floating_point.hpp>

#include "scene/spectra.h"
#include "topology/base/error.h"
#include "ui/figures/plot_scale.h"
#include "ui/figures/weight_fits.h"

using namespace tarn;
using namespace tarn::ui;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using nlohmann::json;

namespace {

/// ∫ f from low to high, both above 0, in steps that are equal on a logarithmic axis.
template <typename Function>
double integral(double low, double high, Function f) {
  constexpr int kSteps = 200'000;
  double sum = 0.0;
  for (int i = 0; i < kSteps; ++i) {
    const double from = low * std::pow(high / low, i / static_cast<double>(kSteps));
    const double to = low * std::pow(high / low, (i + 1) / static_cast<double>(kSteps));
    sum += f(std::sqrt(from * to)) * (to - from);
  }
  return sum;
}

}  // namespace

TEST_CASE("what a spectrum does not say was not computed") {
  const SpectrumData nothing = spectrumDataOf(json::object());
  CHECK(nothing.parts().empty());
  CHECK(nothing.operatorName == "Hessian");
  CHECK(std::isnan(nothing.trace));
  CHECK(spectrumDataOf(nullptr).parts().empty());
  CHECK(spectrumDataOf({{"eigenvalues", nullptr},
                        {"density", nullptr},
                        {"layers", "none"},
                        {"weights", 3},
                        {"trace", json::array()}})
            .parts()
            .empty());

  const SpectrumData whole = spectrumDataOf(test::wholeSpectrum());
  CHECK(whole.parts() == std::vector{SpectrumPart::eigenvalues, SpectrumPart::density,
                                     SpectrumPart::layers, SpectrumPart::weights,
                                     SpectrumPart::batches});
  CHECK(whole.halves->overlap == 0.875);
  CHECK(whole.batches.front().batch == 8);
  CHECK(whole.trace == 16.0);
  CHECK(whole.eigenvalues.back().value == -1.0);
  CHECK_FALSE(whole.eigenvalues.back().converged);
  CHECK(std::isnan(whole.layers[1].eigenvalue));
  CHECK(whole.weights[1].note == "too few eigenvalues for a fit");
}

TEST_CASE("eigenvalues are ordered by size, each with its own residual; one that is null is none") {
  const SpectrumData data =
      spectrumDataOf({{"eigenvalues", {1.0, nullptr, 3.0}}, {"residuals", {0.1, 0.2, nullptr}}});
  REQUIRE(data.eigenvalues.size() == 2);
  CHECK(data.eigenvalues[0].value == 3.0);
  CHECK(std::isnan(data.eigenvalues[0].residual));
  CHECK(data.eigenvalues[1].residual == 0.1);
}

TEST_CASE("a spectrum that contradicts itself is refused") {
  CHECK_THROWS_AS(spectrumDataOf({{"eigenvalues", {2.0, 1.0}}, {"residuals", {0.1}}}), Error);
  CHECK_THROWS_AS(spectrumDataOf({{"eigenvalues", {2.0}}, {"converged", {true, true}}}), Error);
  CHECK_THROWS_AS(spectrumDataOf({{"density", {{"values", {1.0, 2.0}}, {"density", {0.5}}}}}),
                  Error);
  CHECK_THROWS_AS(spectrumDataOf({{"density", {{"values", {2.0, 1.0}}, {"density", {0.5, 0.5}}}}}),
                  Error);
  CHECK_THROWS_AS(
      spectrumDataOf({{"density", {{"values", {1.0, nullptr}}, {"density", {0.5, 0.5}}}}}), Error);
}

TEST_CASE("names of layers are of one line and not endless") {
  const SpectrumData data = spectrumDataOf(
      {{"layers", {{{"layer", "a\n\x1b[2Jb"}}, {{"layer", std::string(9999, 'x')}}}}});
  CHECK(data.layers[0].layer == "a[2Jb");
  CHECK(data.layers[1].layer.size() < 200);
}

TEST_CASE("a layer's weights are found by the layer, by the tensor, and by both") {
  const SpectrumData data = spectrumDataOf(test::layeredSpectrum());
  CHECK(data.weightsOf("fc3") == 1);
  CHECK(data.weightsOf("fc1.weight") == 0);
  CHECK(data.weightsOf(data.weights[1].title()) == 1);
  CHECK_FALSE(data.weightsOf("fc2").has_value());
}

TEST_CASE("Marchenko and Pastur's density has mass 1 and the mean of squared singular values") {
  // Of a 200 × 400 matrix with entries of variance σ² the 200 squared singular values have the sum
  // 200 · 400 σ² in the mean: each has the mean 400 σ².
  const double low = test::randomEdge(0.3, 200, 400, -1);
  const double high = test::randomEdge(0.3, 200, 400, 1);
  CHECK_THAT(low, WithinRel(34.3 * 0.3, 1e-3));
  CHECK_THAT(high, WithinRel(1165.7 * 0.3, 1e-3));
  const auto density = [&](double value) { return randomDensity(low, high, value); };
  CHECK_THAT(integral(low, high, density), WithinAbs(1.0, 1e-5));
  CHECK_THAT(integral(low, high, [&](double value) { return value * density(value); }),
             WithinRel(400 * 0.3, 1e-5));
}

TEST_CASE("the fitted tail of an exact power law lies on the histogram of its eigenvalues") {
  WeightSpectrum weight;
  weight.eigenvalues = test::powerLaw(20'000, 2.5, 0.5);
  const WeightHistogram histogram = histogramOf(weight);
  double mass = 0.0;
  for (std::size_t i = 0; i < histogram.density.size(); ++i) {
    mass += histogram.density[i] * (histogram.edges[i + 1] - histogram.edges[i]);
  }
  CHECK_THAT(mass, WithinAbs(1.0, 1e-9));
  const auto tail = tailOf(histogram, 2.5, 0.5);
  REQUIRE(tail.has_value());
  for (std::size_t i = 0; i < histogram.density.size(); ++i) {
    const double from = histogram.edges[i];
    const double to = histogram.edges[i + 1];
    // The law's own mass in the bin; quantiles count it to within one.
    const double expected = std::pow(from / 0.5, -1.5) - std::pow(to / 0.5, -1.5);
    CHECK_THAT(histogram.density[i] * (to - from), WithinAbs(expected, 1.5 / 20'000));
    CHECK_THAT(integral(from, to, [&](double value) { return tail->at(value); }),
               WithinRel(expected, 1e-4));
  }
}

TEST_CASE("the tail has the mass of the eigenvalues that lie in it, zeros are counted apart") {
  WeightSpectrum weight;
  weight.eigenvalues = {0.0, 0.0, 1.0, 2.0, 4.0, 8.0};
  const WeightHistogram histogram = histogramOf(weight);
  CHECK(histogram.zeros == 2);
  CHECK(tailOf(histogram, 3.0, 2.0)->share == 0.5);
  CHECK_FALSE(tailOf(histogram, 1.0, 2.0).has_value());
  CHECK_FALSE(tailOf(histogram, std::nan(""), 2.0).has_value());
}

TEST_CASE("a symmetric scale is odd, grows everywhere, and is logarithmic far out") {
  const PlotScale scale(ScaleKind::symmetric, -1e4, 1e6, 1e-2);
  CHECK(scale.place(0) == 0);
  CHECK(scale.place(-30.0) == -scale.place(30.0));
  CHECK_THAT(scale.place(1e5) - scale.place(1e4), WithinAbs(1.0, 1e-6));
  double before = scale.place(-1e4);
  for (const double value : {-1.0, -1e-3, 0.0, 1e-5, 1e-2, 1.0, 1e5}) {
    CHECK(scale.place(value) > before);
    before = scale.place(value);
    CHECK_THAT(scale.value(before), WithinRel(value, 1e-9) || WithinAbs(value, 1e-15));
  }
  bool zero = false;
  bool negative = false;
  for (const Tick& tick : scale.ticks(9)) {
    zero = zero || tick.label == "0";
    negative = negative || tick.value < 0;
  }
  CHECK(zero);
  CHECK(negative);
}

TEST_CASE("places are finite for every range of numbers") {
  constexpr double kMost = std::numeric_limits<double>::max();
  for (const ScaleKind kind : {ScaleKind::linear, ScaleKind::symmetric}) {
    for (const auto& [low, high] :
         {std::pair{-kMost, kMost}, {0.0, 0.0}, {kMost, kMost}, {-5e-324, 5e-324}, {3.0, 3.0}}) {
      const PlotScale scale(kind, low, high, 0.0);
      CHECK(std::isfinite(scale.place(scale.low())));
      CHECK(std::isfinite(scale.place(scale.high())));
      CHECK(scale.place(scale.low()) < scale.place(scale.high()));
      for (const Tick& tick : scale.ticks(5)) {
        CHECK(std::isfinite(tick.value));
      }
    }
  }
}
