// Curvature: the leading eigenpairs against deflated power iteration, a Hessian-vector product
// against a gradient, and Lanczos against Chebyshev-filtered subspaces for many pairs, all timed in
// the same run.
// Usage: bench-curvature [--methods]
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "engine/curvature/chebyshev.h"
#include "engine/curvature/random_vector.h"
#include "engine/curvature/spectrum.h"
#include "engine/data/experiment.h"
#include "engine/protocol/sha256.h"
#include "engine/server/heap.h"
#include "experiments.h"
#include "support/optional_data.h"
#include "support/paths.h"

using namespace tarn;
using namespace tarn::engine;
using bench::digits;
using bench::residualNetwork;

namespace {

constexpr int kPairs = 3;

double secondsOf(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The quicker half's middle of several runs, so that other work on the machine disturbs little.
double typicalSeconds(const std::function<void()>& work, int runs) {
  std::vector<double> all(static_cast<std::size_t>(runs));
  std::generate(all.begin(), all.end(), [&] { return secondsOf(work); });
  std::sort(all.begin(), all.end());
  return all[all.size() / 4];
}

struct Found {
  std::vector<double> values;
  std::vector<double> residuals;  ///< relative
  std::int64_t products = 0;
  double seconds = 0;
};

/// Power iteration for one pair after the other, kept orthogonal to those before, until the
/// Rayleigh quotient changes by less than 1e-3 or 100 times: how PyHessian and Landscaper do it,
/// all data in one batch as they take it, nothing kept from one product to the next.
Found deflatedPowerIteration(Experiment& experiment, int kernelThreads) {
  at::set_num_threads(kernelThreads);
  Hessian hessian(*experiment.model, experiment.data, {0, false}, experiment.loss, {});
  Found found;
  std::vector<at::Tensor> vectors;
  const auto begin = std::chrono::steady_clock::now();
  for (int pair = 0; pair < kPairs; ++pair) {
    auto v = gaussianVector(hessian.size(), experiment.seed + static_cast<std::uint64_t>(pair));
    v.div_(v.norm());
    std::optional<double> quotient;
    for (int step = 0; step < 100; ++step) {
      for (const auto& other : vectors) {
        v.sub_(other * other.dot(v));
      }
      v.div_(v.norm());
      auto product = hessian.product(v);
      const auto now = product.dot(v).item<double>();
      v = product.div_(product.norm());
      const bool still =
          quotient && std::abs(*quotient - now) / (std::abs(*quotient) + 1e-6) < 1e-3;
      quotient = now;
      if (still) {
        break;
      }
    }
    vectors.push_back(v);
    found.values.push_back(*quotient);
  }
  found.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  found.products = hessian.products();
  for (int pair = 0; pair < kPairs; ++pair) {  // not timed
    const auto& v = vectors[static_cast<std::size_t>(pair)];
    const auto value = found.values[static_cast<std::size_t>(pair)];
    found.residuals.push_back(
        ((hessian.product(v) - value * v).norm() / std::abs(value)).item<double>());
  }
  return found;
}

Found ours(Experiment& experiment, std::size_t& kept) {
  Found found;
  found.seconds = secondsOf([&] {
    auto hessian = makeHessian(experiment, {});
    LanczosOptions options;
    options.top = kPairs;
    const auto pairs = eigenpairs(hessian, experiment, options);
    found.values = pairs.values;
    found.products = pairs.products;
    kept = hessian.kept();
    for (std::size_t i = 0; i < pairs.values.size(); ++i) {
      found.residuals.push_back(pairs.residuals[i] / std::abs(pairs.values[i]));
    }
  });
  return found;
}

/// Gradient descent on all data, so that the spectrum is that of a network in use.
Experiment descended(Experiment experiment, int steps) {
  auto hessian = makeHessian(experiment, {});
  auto& space = experiment.model->parameters();
  for (int step = 0; step < steps; ++step) {
    space.set(space.flat().to(at::kDouble) - .5 * hessian.gradient());
  }
  return experiment;
}

void print(const char* name, const Found& found) {
  std::printf("  %-24s %8.2f s %5ld products ", name, found.seconds,
              static_cast<long>(found.products));
  for (std::size_t i = 0; i < found.values.size(); ++i) {
    std::printf(" %.5g (residual %.1e)", found.values[i], found.residuals[i]);
  }
  std::printf("\n");
  std::fflush(stdout);
}

/// The number of kernel threads that a product of everything at once likes best: with other work on
/// the machine, or a small network, that may be one.
int bestKernelThreads(Experiment& experiment) {
  Hessian whole(*experiment.model, experiment.data, {0, false}, experiment.loss, {});
  const auto v = gaussianVector(whole.size(), 1);
  double best = 0;
  int result = 1;
  for (const int threads : {1, experiment.threads}) {
    at::set_num_threads(threads);
    whole.product(v);
    const auto seconds = typicalSeconds([&] { whole.product(v); }, 3);
    if (best == 0 || seconds < best) {
      best = seconds;
      result = threads;
    }
  }
  return result;
}

/// One gradient of the whole loss by our batches, and by one batch of everything.
double gradientSeconds(Experiment& experiment, int runs) {
  auto cut = makeHessian(experiment, {});
  Hessian whole(*experiment.model, experiment.data, {0, false}, experiment.loss, {});
  cut.gradient();
  whole.gradient();
  return std::min(typicalSeconds([&] { cut.gradient(); }, runs),
                  typicalSeconds([&] { whole.gradient(); }, runs));
}

void measure(const char* name, Experiment experiment, int runs) {
  const int kernelThreads = bestKernelThreads(experiment);
  at::set_num_threads(kernelThreads);
  std::printf("\n%s: %ld parameters, %ld samples; %d threads, of the kernels at best %d\n", name,
              static_cast<long>(experiment.model->parameters().size()),
              static_cast<long>(experiment.data.samples()), experiment.threads, kernelThreads);
  std::size_t kept = 0;
  const auto own = ours(experiment, kept);
  const auto peers = deflatedPowerIteration(experiment, kernelThreads);
  print("Lanczos", own);
  print("deflated power iteration", peers);
  std::printf("  time of the first %d pairs (must be <= 0.5): %.2f\n", kPairs,
              own.seconds / peers.seconds);
  std::fflush(stdout);

  auto hessian = makeHessian(experiment, {});
  const auto v = gaussianVector(hessian.size(), 1);
  hessian.product(v);
  const auto gradient = gradientSeconds(experiment, runs);
  const auto product = typicalSeconds([&] { hessian.product(v); }, runs);
  HessianOptions none;
  none.workers = static_cast<int>(hessian.workers());
  none.singleKernelThread = true;
  Hessian unkept(*experiment.model, experiment.data, hessian.batches(), experiment.loss, none);
  unkept.product(v);
  const auto afresh = typicalSeconds([&] { unkept.product(v); }, runs);
  std::printf(
      "  a product with kept graphs (must be <= 3 gradients): %.2f; without: %.2f; %zu graphs"
      " kept, %zu workers, a gradient takes %.4f s\n",
      product / gradient, afresh / gradient, kept, hessian.workers(), gradient);
}

/// Which method for how many pairs, with and without room for a long Krylov basis.
void compareMethods(const char* name, Experiment experiment, const std::vector<int>& counts) {
  std::printf("\n%s: methods\n", name);
  for (const int count : counts) {
    for (const bool cramped : {false, true}) {
      double lanczosSeconds = 0;
      for (const auto method : {EigenMethod::lanczos, EigenMethod::chebyshev}) {
        auto hessian = makeHessian(experiment, {});
        LanczosOptions options;
        options.method = method;
        options.top = count;
        options.maxProducts = 20'000;
        if (cramped) {
          options.memoryBytes = static_cast<std::uint64_t>(chebyshevVectors(count) / 2) *
                                static_cast<std::uint64_t>(hessian.size()) * sizeof(double);
        }
        if (cramped && method == EigenMethod::chebyshev) {
          options.memoryBytes *= 2;
        }
        Eigenpairs pairs;
        const auto seconds = secondsOf([&] { pairs = eigenpairs(hessian, experiment, options); });
        const bool first = method == EigenMethod::lanczos;
        lanczosSeconds = first ? seconds : lanczosSeconds;
        std::printf("  %4d pairs%s, %-9s %8.2f s %6ld products%s\n", count,
                    cramped ? ", little memory" : "", toString(method).c_str(), seconds,
                    static_cast<long>(pairs.products),
                    first ? "" : (" = " + std::to_string(seconds / lanczosSeconds) + " x").c_str());
        std::fflush(stdout);
      }
    }
  }
}

constexpr const char* kNetwork = "mlp:64-32-32-10,act=tanh@init:0";

}  // namespace

int main(int argc, char** argv) {
  const bool methods = argc > 1 && std::string(argv[1]) == "--methods";
  keepFreedMemory();
  if (methods) {
    compareMethods("MLP 64-32-32-10 on the digits",
                   descended(openExperiment(digits(kNetwork), {}), 300), {3, 20, 100});
    return 0;
  }
  measure("MLP 64-32-32-10 on the digits", descended(openExperiment(digits(kNetwork), {}), 300),
          40);
  if (const auto experiment = residualNetwork()) {
    measure("ResNet-20 on 200 images", openExperiment(*experiment, {}), 5);
  } else {
    std::printf(
        "\nResNet-20: skipped, data/resnet20.pt and data/cifar10-test-1000.npz are not in "
        "TARN_TEST_DATA\n");
  }
  return 0;
}
