#include "ui/panels/spectrum_facts.h"

#include <QLocale>
#include <QObject>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/scene/height_map.h"

namespace tarn::ui {
namespace {

QString shortNumber(double value, int digits = 4) {
  return QString::fromStdString(formatNumber(value, digits));
}

QString withError(double value, double error) {
  return std::isnan(error) ? shortNumber(value)
                           : shortNumber(value) + QStringLiteral(" ± ") + shortNumber(error, 2);
}

QString withCommas(double count) {
  return QLocale(QLocale::English).toString(std::min(count, 1e15), 'f', 0);
}

class KnownFacts {
 public:
  /// Nothing for a number that is not known.
  void add(const char* name, double value, const QString& words) {
    if (!std::isnan(value)) {
      facts_.emplace_back(QObject::tr(name), words);
    }
  }
  void add(const char* name, const QString& words) {
    facts_.emplace_back(QObject::tr(name), words);
  }
  std::vector<Fact> take() { return std::move(facts_); }

 private:
  std::vector<Fact> facts_;
};

void addPairs(KnownFacts& facts, const SpectrumData& data) {
  if (data.eigenvalues.empty()) {
    return;
  }
  const RitzValue& largest = data.eigenvalues.front();
  const RitzValue& smallest = data.eigenvalues.back();
  facts.add("Largest", withError(largest.value, largest.residual));
  if (smallest.value < 0) {
    facts.add("Smallest", withError(smallest.value, smallest.residual));
  }
  if (largest.value > 0 && data.operatorName == "Hessian") {
    facts.add("Stable steps", QObject::tr("below %1 = 2/λ₁, for gradient descent")
                                  .arg(shortNumber(2 / largest.value, 3)));
  }
  const auto open = std::ranges::count(data.eigenvalues, false, &RitzValue::converged);
  if (open > 0) {
    facts.add("Not converged",
              QObject::tr("%1 of %2 eigenvalues").arg(open).arg(data.eigenvalues.size()));
  }
}

void addDistribution(KnownFacts& facts, const SpectrumData& data) {
  facts.add("Trace", data.trace, withError(data.trace, data.traceError));
  facts.add("Mean eigenvalue", data.trace / data.parameters,
            withError(data.trace / data.parameters, data.traceError / data.parameters));
  if (data.outliers) {
    facts.add("Outliers", data.bulkEdge ? QObject::tr("%1, above a bulk up to %2")
                                              .arg(*data.outliers)
                                              .arg(shortNumber(*data.bulkEdge))
                                        : QString::number(*data.outliers));
  }
  facts.add("Bifurcation ratio", data.bifurcationRatio, shortNumber(data.bifurcationRatio));
  facts.add("Negative share", data.negativeShare, shortNumber(data.negativeShare, 3));
  facts.add("|λmin / λmax|", data.negativeRatio, shortNumber(data.negativeRatio, 3));
}

void addData(KnownFacts& facts, const SpectrumData& data) {
  if (data.halves) {
    facts.add("Halves apart", data.halves->differenceNorm,
              QObject::tr("‖H_a − H_b‖ = %1").arg(shortNumber(data.halves->differenceNorm)));
    facts.add("Halves agree", data.halves->overlap,
              QObject::tr("overlap of %1 eigenvectors: %2")
                  .arg(data.halves->vectors)
                  .arg(shortNumber(data.halves->overlap, 3)));
  }
  for (const BatchEigenvalue& batch : data.batches) {
    facts.add("Batches", batch.ratio,
              QObject::tr("of %1: λ₁ %2 times as large")
                  .arg(batch.batch)
                  .arg(shortNumber(batch.ratio, 3)));
  }
}

}  // namespace

std::vector<Fact> spectrumFacts(const SpectrumData& data) {
  KnownFacts facts;
  facts.add("Matrix", QString::fromStdString(data.operatorName));
  facts.add("Loss", data.loss, shortNumber(data.loss));
  facts.add("Samples", data.samples, withCommas(data.samples));
  facts.add("Parameters", data.parameters, withCommas(data.parameters));
  addPairs(facts, data);
  addDistribution(facts, data);
  addData(facts, data);
  if (!data.weights.empty()) {
    facts.add("Weights", QObject::tr("%1 matrices").arg(data.weights.size()));
  }
  facts.add("Cost", data.products,
            QObject::tr("%1 products, %2 s")
                .arg(withCommas(data.products), shortNumber(data.seconds, 3)));
  return facts.take();
}

}  // namespace tarn::ui
