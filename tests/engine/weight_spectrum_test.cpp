// Spectra of weight matrices. Expected values come from the Marchenko–Pastur law, from exponents
// worked out by hand, and from NumPy, which computes the same from the published formulas.

#include "engine/diagnostics/weight_spectrum.h"

#include <catch2/matchers/catch_matchers_floating_point.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numbers>
#include <numeric>

#include "engine/curvature/random_vector.h"
#include "engine/diagnostics/farms.h"
#include "support.h"
#include "support/python.h"
#include "topology/io/npy.h"
#include "torch_catch.h"

using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;
using namespace tarn;
using namespace tarn::engine;

namespace {

/// Independent standard normal entries, float64.
at::Tensor gaussian(const std::vector<std::int64_t>& shape, std::uint64_t seed) {
  const auto size = std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies());
  return gaussianVector(size, seed).reshape(shape);
}

/// λ_j = 2^j, j < n.
std::vector<double> powersOfTwo(int n) {
  std::vector<double> values;
  for (int j = 0; j < n; ++j) {
    values.push_back(std::exp2(j));
  }
  return values;
}

void requireSame(const std::optional<double>& a, const std::optional<double>& b, double relative) {
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  CHECK_THAT(*a, WithinRel(*b, relative));
}

}  // namespace

TEST_CASE("Hill's exponent of eigenvalues that double is 1 + 1/(2 ln 2) for ten of them") {
  // i = 5: the tail's logarithms are 0, 1, 2, 3, 4 times ln 2, so α = 1 + 5 / (10 ln 2).
  CHECK_THAT(*hillExponent(powersOfTwo(10)), WithinRel(1 + 1 / (2 * std::numbers::ln2), 1e-14));
  // i = 5 of 11: six logarithms, 0 to 5.
  CHECK_THAT(*hillExponent(powersOfTwo(11)), WithinRel(1 + 6 / (15 * std::numbers::ln2), 1e-14));
  CHECK_FALSE(hillExponent(powersOfTwo(9)));
  CHECK_FALSE(hillExponent(std::vector<double>(20, 3.0)));
}

TEST_CASE("the fit of a tail finds where a power law begins, and its exponent") {
  // 200 eigenvalues evenly below 1, then the quantiles of λ^−3 above 1.
  std::vector<double> values;
  for (int j = 0; j < 200; ++j) {
    values.push_back((j + .5) / 200);
  }
  for (int j = 0; j < 200; ++j) {
    values.push_back(std::pow(1 - j / 200.0, -1.0 / 2));
  }
  const auto fit = fitTail(values);
  REQUIRE(fit);
  // The quantiles leave out the law's far end, which makes Hill's exponent of 200 of them 3 +
  // O(1/200).
  CHECK_THAT(fit->alpha, WithinAbs(3, .05));
  CHECK_THAT(fit->minimum, WithinAbs(1, .05));
  CHECK(fit->distance < .01);
  CHECK_FALSE(fitTail(powersOfTwo(9)));
  CHECK_FALSE(fitTail(std::vector<double>(20, 3.0)));
}

// The law's median and the mean of ln λ above it, by quadrature: 2.1217, 2.7058, 3.4546, 4.4699 for
// the four aspect ratios. Matrices of 500 rows scatter by .0044 of it (NumPy, 12 of each size).
TEST_CASE("Hill's exponent of a Gaussian matrix is that of the Marchenko–Pastur law") {
  const std::vector<std::pair<std::int64_t, double>> expectations{
      {500, 2.1217}, {1000, 2.7058}, {2000, 3.4546}, {4000, 4.4699}};
  for (const auto& [columns, expected] : expectations) {
    INFO(columns);
    const auto spectrum = pooledEigenvalues(layerMatrices(gaussian({500, columns}, 11)));
    REQUIRE(spectrum.size() == 500);
    CHECK_THAT(*hillExponent(spectrum), WithinRel(expected, .015));
  }
}

TEST_CASE("FARMS gives a Gaussian matrix the same exponent whatever its aspect ratio") {
  // 100 × 100 windows. NumPy, over 30 matrices of each size: mean 2.117, and these standard
  // deviations.
  const std::vector<std::pair<std::int64_t, double>> deviations{
      {500, .0102}, {1000, .0053}, {2000, .0043}};
  for (const auto& [columns, deviation] : deviations) {
    INFO(columns);
    const auto alpha = farmsExponent(layerMatrices(gaussian({500, columns}, 7)), 1e-16);
    CHECK_THAT(alpha.value_or(0), WithinAbs(2.117, 4 * deviation));
  }
}

TEST_CASE("a Gaussian 200 × 400 matrix fills the Marchenko–Pastur law") {
  const auto edges = marchenkoPastur(200, 400, 1);
  CHECK_THAT(edges.low, WithinAbs(34.3, .05));
  CHECK_THAT(edges.high, WithinAbs(1165.7, .05));

  const auto spectrum = weightSpectrum(gaussian({200, 400}, 5));
  // The sample's own variance is 1 to about √(2/80000).
  CHECK_THAT(spectrum.marchenkoPastur->sigma, WithinAbs(1, .02));
  // The extreme eigenvalues lie at the edges plus a scale times a Tracy–Widom variable, which is
  // between −4.5 and 2.5 with probability .998 (Johnstone, Ann. Stat. 29, 2001); at the lower edge
  // with the other sign.
  const double m = std::sqrt(200.0);
  const double n = std::sqrt(400.0);
  const double above =
      (spectrum.eigenvalues.back() - edges.high) / ((n + m) * std::cbrt(1 / n + 1 / m));
  const double below =
      (edges.low - spectrum.eigenvalues.front()) / ((n - m) * std::cbrt(1 / m - 1 / n));
  CHECK((above > -4.5 && above < 2.5));
  CHECK((below > -4.5 && below < 2.5));
}

TEST_CASE("a mean of the weights adds one eigenvalue and leaves the Marchenko–Pastur edges") {
  const auto noise = gaussian({200, 400}, 5);
  const auto centred = weightSpectrum(noise);
  const auto shifted = weightSpectrum(noise + .5);
  CHECK_THAT(shifted.marchenkoPastur->high, WithinRel(centred.marchenkoPastur->high, 1e-12));
  const auto outside = std::count_if(shifted.eigenvalues.begin(), shifted.eigenvalues.end(),
                                     [](double value) { return value > 1.1 * 1165.7; });
  CHECK(outside == 1);
  // A rank-one matrix of norm² s = mn/4 in noise: (s + n)(s + m)/s (Benaych-Georges and Nadakuditi,
  // J. Multivar. Anal. 111, 2012). It fluctuates by about 2√s.
  const double s = 200 * 400 / 4.0;
  CHECK_THAT(shifted.eigenvalues.back(),
             WithinAbs((s + 400) * (s + 200) / s, 4 * 2 * std::sqrt(s)));
}

TEST_CASE("exponents do not change with the scale of the weights, nor when the matrix is turned") {
  const auto weight = gaussian({60, 130}, 3);
  const auto spectrum = weightSpectrum(weight);
  const auto scaled = weightSpectrum(weight * 4);
  const auto turned = weightSpectrum(weight.t());
  for (const auto& other : {scaled, turned}) {
    requireSame(other.alphaHill, spectrum.alphaHill, 1e-9);
    requireSame(other.tail->alpha, spectrum.tail->alpha, 1e-9);
    requireSame(other.stableRank, spectrum.stableRank, 1e-9);
    requireSame(other.farmsAlpha, spectrum.farmsAlpha, 1e-9);
  }
  requireSame(scaled.spectralNorm, 4 * *spectrum.spectralNorm, 1e-12);
  CHECK(turned.rows == 130);
  CHECK(turned.columns == 60);
}

TEST_CASE("eigenvalues that only rounding keeps from zero are in no exponent") {
  // A product of rank 20, rounded to float32: 20 eigenvalues of 50 are there.
  const auto product = gaussian({50, 20}, 1).mm(gaussian({20, 70}, 2));
  const auto spectrum = weightSpectrum(product.to(at::kFloat));
  CHECK(spectrum.eigenvalues.size() == 50);
  CHECK(test::contains(spectrum.note, "30 of 50 eigenvalues are zero"));
  const auto exact = pooledEigenvalues(layerMatrices(product));
  requireSame(spectrum.alphaHill, hillExponent(std::span(exact).last(20)), 1e-4);
}

TEST_CASE("what has no exponent says why, and has no number in its place") {
  const auto why = [](const at::Tensor& weight) {
    const auto spectrum = weightSpectrum(weight);
    CHECK_FALSE(spectrum.alphaHill);
    CHECK_FALSE(spectrum.tail);
    CHECK_FALSE(spectrum.alphaHat);
    CHECK_FALSE(spectrum.farmsAlpha);
    return spectrum.note;
  };
  CHECK(test::contains(why(gaussian({5, 40}, 1)), "5 eigenvalues are too few"));
  CHECK(test::contains(why(gaussian({40, 1, 5, 5}, 1)), "one row or column"));
  CHECK(test::contains(why(at::zeros({20, 20})), "all weights are zero"));
  CHECK(test::contains(why(at::eye(20)), "all equal"));
  CHECK(test::contains(why(at::full({20, 20}, NAN)), "not finite"));
  CHECK(test::contains(why(at::zeros({0, 20})), "no weights"));
  CHECK(weightSpectrum(at::full({20, 20}, NAN)).eigenvalues.empty());
  CHECK(test::contains(test::complaint([] { weightSpectrum(at::zeros({20})); }), "no matrix"));
}

namespace {

constexpr const char* kNumPy = R"py(
def pooled(matrices):
    return numpy.sort(numpy.concatenate([numpy.linalg.svd(a, compute_uv=False) ** 2 for a in matrices]))

def exponent(tail):
    return 1 + len(tail) / numpy.log(tail / tail[0]).sum()

def hill(values):
    return exponent(values[len(values) // 2:])

def fit(values):
    best = (numpy.inf, None, None)
    for i in range(len(values) - 1):
        tail = values[i:]
        alpha = exponent(tail)
        law = 1 - (tail / tail[0]) ** (1 - alpha)
        best = min(best, (abs(law - numpy.arange(len(tail)) / len(tail)).max(), alpha, tail[0]))
    return best

def starts(length, width):
    count = -(-length // width)
    return [0] if count == 1 else [i * (length - width) // (count - 1) for i in range(count)]

def farms(matrices):
    width = min(100, *matrices[0].shape)
    windows = [[a[r:r + width, c:c + width] for a in matrices]
               for r in starts(matrices[0].shape[0], width) for c in starts(matrices[0].shape[1], width)]
    if len(matrices) == 1:
        return hill(pooled(sum(windows, [])))
    return numpy.mean([hill(pooled(window)) for window in windows])

answers = []
for name in ["linear", "convolution", "convolution1d"]:
    w = numpy.load(name + ".npy").astype(numpy.float64)
    matrices = [w]
    if w.ndim > 2:
        flat = w.reshape(w.shape[0], w.shape[1], -1)
        matrices = [flat[:, :, k] * numpy.sqrt(0.5) for k in range(flat.shape[2])]
    values = pooled(matrices)
    distance, alpha, minimum = fit(values)
    entries = numpy.stack(matrices)
    sigma = entries.std()
    m, n = matrices[0].shape
    answers.append({
        "rows": m, "columns": n, "eigenvalues": values.tolist(), "alpha_hill": hill(values),
        "alpha_ks": alpha, "ks_distance": distance, "ks_minimum": minimum,
        "alpha_hat": alpha * numpy.log10(values[-1]), "stable_rank": values.sum() / values[-1],
        "spectral_norm": max(numpy.linalg.norm(a, 2) for a in matrices), "farms_alpha": farms(matrices),
        "sigma": sigma, "low": sigma ** 2 * (n ** .5 - m ** .5) ** 2,
        "high": sigma ** 2 * (n ** .5 + m ** .5) ** 2})
json.dump(answers, open("answers.json", "w"))
)py";

void write(const test::TemporaryFolder& folder, const std::string& name, const at::Tensor& tensor) {
  const auto values = tensor.to(at::kFloat).contiguous();
  const auto* first = values.data_ptr<float>();
  std::vector<std::size_t> shape(values.sizes().begin(), values.sizes().end());
  writeNpy(folder / (name + ".npy"), NdArray::fromFloats(shape, {first, first + values.numel()}));
}

void requireEqual(const WeightSpectrum& spectrum, const nlohmann::json& expected) {
  const auto same = [&](const std::optional<double>& value, const char* key) {
    INFO(key);
    REQUIRE(value.has_value());
    CHECK_THAT(*value, WithinRel(expected.at(key).get<double>(), 1e-9));
  };
  CHECK(spectrum.rows == expected.at("rows"));
  CHECK(spectrum.columns == expected.at("columns"));
  REQUIRE(spectrum.eigenvalues.size() == expected.at("eigenvalues").size());
  for (std::size_t i = 0; i < spectrum.eigenvalues.size(); ++i) {
    CHECK_THAT(spectrum.eigenvalues[i],
               WithinRel(expected.at("eigenvalues")[i].get<double>(), 1e-9));
  }
  same(spectrum.alphaHill, "alpha_hill");
  same(spectrum.tail->alpha, "alpha_ks");
  same(spectrum.tail->distance, "ks_distance");
  same(spectrum.tail->minimum, "ks_minimum");
  same(spectrum.alphaHat, "alpha_hat");
  same(spectrum.stableRank, "stable_rank");
  same(spectrum.spectralNorm, "spectral_norm");
  same(spectrum.farmsAlpha, "farms_alpha");
  same(spectrum.marchenkoPastur->sigma, "sigma");
  same(spectrum.marchenkoPastur->low, "low");
  same(spectrum.marchenkoPastur->high, "high");
}

}  // namespace

TEST_CASE("NumPy finds the same of a matrix and of convolutions in one and two dimensions") {
  const test::TemporaryFolder folder;
  // Multiplied, so that the spectra are heavier in the tail than those of one Gaussian matrix.
  const std::vector<std::pair<std::string, at::Tensor>> weights{
      {"linear", gaussian({150, 230}, 1).mm(gaussian({230, 230}, 2)).to(at::kFloat)},
      {"convolution",
       at::einsum("ojhw,jc->ochw", {gaussian({24, 40, 3, 2}, 3), gaussian({40, 16}, 4)})
           .to(at::kFloat)},
      {"convolution1d", gaussian({18, 120, 5}, 5).to(at::kFloat)}};
  for (const auto& [name, weight] : weights) {
    write(folder, name, weight);
  }
  if (!test::runPython(folder, {"numpy", "json"}, kNumPy)) {
    SKIP("there is no python3 with numpy here");
  }
  const auto answers = nlohmann::json::parse(std::ifstream(folder / "answers.json"));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    INFO(weights[i].first);
    requireEqual(weightSpectrum(weights[i].second), answers.at(i));
  }
}
