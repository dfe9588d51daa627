#include "engine/curvature/agreement.h"

#include <cmath>
#include <string>

#include <ATen/CPUGeneratorImpl.h>
#include <torch/torch.h>

#include "engine/curvature/random_vector.h"
#include "engine/curvature/spectrum.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

at::Tensor shuffled(std::int64_t count, std::uint64_t seed) {
  return at::randperm(count, at::detail::createCPUGenerator(seed), at::kLong);
}

Dataset rowsOf(const Dataset& data, const at::Tensor& rows) {
  const Batch chosen = selectBatch(data, rows);
  return {chosen.inputs, chosen.targets, data.sha256};
}

}  // namespace

double subspaceOverlap(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  return at::stack(a).matmul(at::stack(b).t()).square().sum().item<double>() /
         static_cast<double>(a.size());
}

SplitAgreement splitAgreement(Experiment& experiment, CurvatureMatrix matrix,
                              LanczosOptions options, const std::function<void()>& pause) {
  const auto samples = experiment.data.samples();
  if (samples < 2) {
    throw Error(ErrorCode::usage, "A single sample cannot be split into two halves.");
  }
  const auto order = shuffled(samples, drawSeed(experiment.seed, Draw::splits, 0));
  const auto half = samples / 2;
  const auto keep = curvatureMemory(experiment) / 2;
  const auto part = [&](std::int64_t begin, std::int64_t count) {
    return makeHessian(experiment, rowsOf(experiment.data, order.narrow(0, begin, count)), pause,
                       matrix, keep);
  };
  auto first = part(0, half);
  auto second = part(half, samples - half);

  const auto ofFirst = eigenpairs(first, experiment, options);
  const auto ofSecond = eigenpairs(second, experiment, options);
  const auto a = first.matrix();
  const auto b = second.matrix();
  const SymmetricOperator difference{
      a.size, [&](const at::Tensor& v) { return a.apply(v).sub_(b.apply(v)); }, a.precision,
      a.device};
  options.top = 1;
  options.bottom = 1;
  options.memoryBytes = curvatureMemory(experiment);
  const auto ends = lanczos(difference, options);
  const std::size_t larger = std::abs(ends.values[0]) >= std::abs(ends.values[1]) ? 0 : 1;

  SplitAgreement result;
  result.differenceNorm = std::abs(ends.values[larger]);
  result.residual = ends.residuals[larger];
  result.overlap = subspaceOverlap(ofFirst.vectors, ofSecond.vectors);
  result.valuesOfFirst = ofFirst.values;
  result.valuesOfSecond = ofSecond.values;
  const auto apart = first.product(first.gradient()).sub_(second.product(second.gradient()));
  result.gradientSpread = apart.square().sum().item<double>() / 4;
  result.products = first.products() + second.products();
  return result;
}

Estimate batchEigenvalue(Experiment& experiment, CurvatureMatrix matrix, std::int64_t batch,
                         std::int64_t repeats, LanczosOptions options,
                         const std::function<void()>& pause) {
  const auto samples = experiment.data.samples();
  if (batch < 1 || batch > samples || repeats < 1) {
    throw Error(ErrorCode::usage,
                "A batch of " + std::to_string(batch) + " samples cannot be drawn from " +
                    std::to_string(samples) + ".",
                "Choose batch sizes from 1 to the number of samples.");
  }
  options.top = 1;
  options.bottom = 0;
  std::vector<double> values;
  for (std::int64_t i = 0; i < repeats; ++i) {
    const auto index = static_cast<std::uint64_t>(batch) * 1000003U + static_cast<std::uint64_t>(i);
    const auto rows =
        shuffled(samples, drawSeed(experiment.seed, Draw::batches, index)).narrow(0, 0, batch);
    auto hessian = makeHessian(experiment, rowsOf(experiment.data, rows), pause, matrix,
                               curvatureMemory(experiment));
    values.push_back(eigenpairs(hessian, experiment, options).values[0]);
  }
  return meanOf(values);
}

}  // namespace tarn::engine
