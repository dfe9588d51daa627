// Sampling: against the loop that others run (one point at a time, all data in one batch, as it
// is), and against forward passes alone, timed in the same run.
// And how long the first picture of a landscape takes by an engine that has done nothing yet.
// Usage: bench-sampling [--mlp] [--resnet] [--transformer] [--pinn] [--linear] [--first], all
// without any
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "engine/curvature/random_vector.h"
#include "engine/data/experiment.h"
#include "engine/landscape/plan_search.h"
#include "engine/landscape/sampler.h"
#include "engine/protocol/sha256.h"
#include "engine/server/heap.h"
#include "experiments.h"
#include "first_picture.h"
#include "support/optional_data.h"
#include "support/paths.h"
#include "support/temporary_folder.h"
#include "topology/io/npz.h"

using namespace tarn;
using namespace tarn::engine;
using bench::digits;
using bench::residualNetwork;

namespace {

constexpr int kRounds = 5;
constexpr double kRoundSeconds = 1.0;
constexpr double kTurnsSeconds = 15;  // rounds go on for so long where they are short

double secondsOf(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::vector<double> axis(std::uint64_t points) {
  const std::uint64_t middle = points / 2;
  std::vector<double> result(points);
  for (std::uint64_t i = 0; i < points; ++i) {
    result[i] = .02 * (static_cast<double>(i) - static_cast<double>(middle));
  }
  return result;
}

struct Plane {
  explicit Plane(const Experiment& experiment)
      : slice(experiment.model->parameters().flat(), {unit(experiment, 1), unit(experiment, 2)}) {}

  static at::Tensor unit(const Experiment& experiment, std::uint64_t seed) {
    const auto vector = gaussianVector(experiment.model->parameters().size(), seed);
    return vector / vector.norm();
  }

  Slice slice;
};

/// The loss at `points` points, one after the other, all samples in one batch, by `threads`.
void peersLoop(const Experiment& experiment, const Plane& plane, std::uint64_t points,
               int threads) {
  at::set_num_threads(threads);
  const auto model = experiment.model->clone();
  const auto batches = makeBatches(experiment.data, {0, false});
  for (const double c : axis(points)) {
    plane.slice.place(*model, std::vector<double>{c, c});
    evaluate(*model, batches, experiment.loss);
  }
}

void sampled(const Experiment& experiment, const Plane& plane, std::uint64_t points,
             const ExecutionPlan& plan) {
  const std::vector<std::vector<double>> coordinates{axis(points), {0}};
  const TileOrder order({points, 1}, plan.tilePoints);
  std::vector<std::uint64_t> tiles(order.tiles());
  std::iota(tiles.begin(), tiles.end(), 0);
  sampleTiles(makeWork(experiment, plane.slice, plan), coordinates, order, tiles, {});
}

/// `passes` forward passes over the data by one thread a core, nothing else.
void barePasses(const Experiment& experiment, std::uint64_t passes, const BatchPlan& cut) {
  const auto batches = makeBatches(experiment.data, cut);
  std::vector<std::unique_ptr<Model>> models;
  models.reserve(static_cast<std::size_t>(experiment.threads));
  for (int i = 0; i < experiment.threads; ++i) {
    models.push_back(experiment.model->clone());
  }
  std::atomic<std::uint64_t> next{0};
  std::vector<std::jthread> pool;
  pool.reserve(models.size());
  for (const auto& model : models) {
    pool.emplace_back([&] {
      at::set_num_threads(1);
      const bool own = experiment.loss.kind == Loss::model;
      const at::AutoGradMode gradients(own && model->differentiates());
      while (next++ < passes) {
        for (const auto& batch : batches) {
          model->forward(own ? batch.inputs.detachedWith(batch.targets) : batch.inputs);
        }
      }
    });
  }
}

std::vector<BatchPlan> cuts(const Experiment& experiment) {
  if (cutMatters(experiment)) {
    return {referencePlan()};
  }
  std::vector<BatchPlan> result;
  for (const std::int64_t size : {8, 16, 32, 64, 256, 1024, 0}) {
    result.push_back({size, false});
    if (experiment.data.inputs[0].dim() == 4) {
      result.push_back({size, true});
    }
  }
  return result;
}

/// Seconds a point or pass.
using Timed = std::function<void(std::uint64_t)>;

/// As many as take about a round, and at least as many as a small landscape has.
std::uint64_t roundOf(const Timed& work, std::uint64_t few) {
  constexpr double most = 1681;
  work(1);
  const double one = secondsOf([&] { work(few); }) / static_cast<double>(few);
  return std::max(few, static_cast<std::uint64_t>(std::min(most, kRoundSeconds / one)));
}

/// Finds the index of the quickest of several ways, by one short try each.
std::size_t quickestOf(std::size_t ways, const std::function<void(std::size_t)>& run) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < ways; ++i) {
    run(i);
    double seconds = std::numeric_limits<double>::infinity();
    for (int round = 0; round < kRounds; ++round) {
      seconds = std::min(seconds, secondsOf([&] { run(i); }));
    }
    if (seconds < least) {
      least = seconds;
      best = i;
    }
  }
  return best;
}

/// peersBound, bareBound: what must be reached; 0: it is only said.
void measure(const char* name, Experiment experiment, double peersBound, double bareBound) {
  const Plane plane(experiment);
  const int most = experiment.threads;
  const std::vector<int> threads{1, most};
  const auto few = std::max<std::uint64_t>(static_cast<std::uint64_t>(most), 2);
  const auto theirs = threads[quickestOf(
      threads.size(), [&](std::size_t i) { peersLoop(experiment, plane, few, threads[i]); })];
  const auto all = cuts(experiment);
  const auto cut =
      all[quickestOf(all.size(), [&](std::size_t i) { barePasses(experiment, few, all[i]); })];
  MeasuredPlan measured;
  const double choosing = secondsOf([&] { measured = measurePlan(experiment, plane.slice, 16); });

  const std::vector<Timed> ways{
      [&](std::uint64_t n) { peersLoop(experiment, plane, n, theirs); },
      [&](std::uint64_t n) { sampled(experiment, plane, n, measured.plan); },
      [&](std::uint64_t n) { barePasses(experiment, n, cut); }};
  std::vector<std::uint64_t> rounds;
  rounds.reserve(ways.size());
  for (const auto& way : ways) {
    rounds.push_back(roundOf(way, roundOf(way, 4 * few)));  // what is done once weighs less
  }
  // Whole tiles for every worker, as in a landscape: of one tile only one worker has work.
  const std::uint64_t together =
      static_cast<std::uint64_t>(measured.plan.workers) * measured.plan.tilePoints;
  rounds[1] = (rounds[1] + together - 1) / together * together;
  std::vector<double> best(ways.size(), std::numeric_limits<double>::infinity());
  double spent = 0;
  for (int round = 0; round < kRounds || spent < kTurnsSeconds; ++round) {
    for (std::size_t i = 0; i < ways.size(); ++i) {
      const double seconds = secondsOf([&] { ways[i](rounds[i]); });
      best[i] = std::min(best[i], seconds / static_cast<double>(rounds[i]));
      spent += seconds;
    }
  }
  const auto bound = [](double value) {
    return value > 0 ? " (must be >= " + std::to_string(value).substr(0, 3) + ")" : std::string();
  };
  std::printf("\n%s: %ld parameters, %ld samples, %d cores\n", name,
              static_cast<long>(experiment.model->parameters().size()),
              static_cast<long>(experiment.data.samples()), most);
  std::printf("  plan %s, chosen in %.1f s\n", toJson(measured.plan).dump().c_str(), choosing);
  std::printf(
      "  the peers' loop (%d threads) %.3f ms a point, bare passes (batches of %ld%s) %.3f"
      " ms, sampling %.3f ms\n",
      theirs, 1e3 * best[0], static_cast<long>(cut.microBatch),
      cut.channelsLast ? ", channels last" : "", 1e3 * best[2], 1e3 * best[1]);
  std::printf("  against the peers' loop%s: %.2f\n", bound(peersBound).c_str(), best[0] / best[1]);
  std::printf("  against bare passes%s: %.2f\n", bound(bareBound).c_str(), best[2] / best[1]);
  std::fflush(stdout);
}

/// Random text of 27 letters, each to be told from those before it.
nlohmann::json letters(const test::TemporaryFolder& folder) {
  constexpr std::size_t samples = 64;
  constexpr std::size_t length = 32;
  const auto drawn = gaussianVector(samples * (length + 1), 3)
                         .abs()
                         .mul(13)
                         .to(at::kLong)
                         .remainder(27)
                         .view({samples, length + 1});
  const auto part = [&](std::int64_t first) {
    const auto values = drawn.narrow(1, first, length).contiguous();
    const auto* data = values.const_data_ptr<std::int64_t>();
    return NdArray::fromInt64({samples, length}, {data, samples * length});
  };
  const auto path = (folder / "letters.npz").string();
  writeNpz(path, {{"inputs", part(0)}, {"targets", part(1)}});
  return {{"model", {{"spec", "char-transformer:vocab=27,context=32@init:0"}}},
          {"data", {{"path", path}}},
          {"loss", "cross-entropy"}};
}

/// Seconds of a sampling, the best of a few.
double samplingSeconds(const Experiment& experiment, std::uint64_t points) {
  const Plane plane(experiment);
  const ExecutionPlan plan{experiment.threads, {256, false}, 16, true};
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < kRounds; ++i) {
    best = std::min(best, secondsOf([&] { sampled(experiment, plane, points, plan); }));
  }
  return best;
}

void showLinearity() {
  std::printf(
      "\nCost under one plan (MLPs on the digits): nanoseconds a point, sample and "
      "parameter; equal numbers mean a cost linear in all three\n");
  std::printf("  %8s %8s %11s %10s %8s\n", "points", "samples", "parameters", "seconds", "ns");
  const auto row = [](const std::string& network, std::int64_t samples, std::uint64_t points) {
    auto experiment = openExperiment(digits(network), {});
    experiment.data = experiment.data.first(samples);
    const double seconds = samplingSeconds(experiment, points);
    const auto parameters = experiment.model->parameters().size();
    std::printf("  %8lu %8ld %11ld %10.4f %8.3f\n", static_cast<unsigned long>(points),
                static_cast<long>(samples), static_cast<long>(parameters), seconds,
                1e9 * seconds / static_cast<double>(points) / static_cast<double>(samples) /
                    static_cast<double>(parameters));
    std::fflush(stdout);
  };
  for (const std::uint64_t points : {64U, 128U, 256U, 512U}) {
    row("mlp:64-256-256-10@init:0", 1024, points);
  }
  for (const std::int64_t samples : {256, 512, 1024, 1792}) {
    row("mlp:64-256-256-10@init:0", samples, 128);
  }
  for (const char* network : {"mlp:64-128-128-10@init:0", "mlp:64-256-256-10@init:0",
                              "mlp:64-512-512-10@init:0", "mlp:64-1024-1024-10@init:0"}) {
    row(network, 512, 64);
  }
}

void measureResidualNetwork() {
  if (const auto experiment = residualNetwork()) {
    measure("ResNet-20 on 200 images", openExperiment(*experiment, {}), 1.7, .9);
  } else {
    std::printf(
        "\nResNet-20: skipped, data/resnet20.pt and data/cifar10-test-1000.npz are not in "
        "TARN_TEST_DATA\n");
  }
}

/// The window draws as soon as it has the coarsest level, which the rest is interpolated from; it
/// looks for tiles every 40 ms, which are not in here.
void showFirstPicture() {
  const auto experiment = residualNetwork();
  if (!experiment) {
    return;
  }
  constexpr int times = 3;
  std::vector<bench::FirstPicture> all(times);
  std::ranges::generate(all, [&] { return bench::firstPicture(*experiment, 41); });
  std::ranges::sort(all, {}, &bench::FirstPicture::seconds);
  const auto& middle = all[times / 2];
  std::printf(
      "\nFirst picture of 41x41 (ResNet-20 on 200 images, random:2 filter-normalized, abs:1), from "
      "a model that is not open and an engine that has done nothing to the coarsest level (%lu "
      "points, in tiles of %lu), which is what the window draws first; the middle one of %d: %.2f "
      "s "
      "(must be <= 5); all: %.2f to %.2f s. The window starts the engine before: %.2f s.\n",
      static_cast<unsigned long>(middle.points), static_cast<unsigned long>(middle.tilePoints),
      times, middle.seconds, all.front().seconds, all.back().seconds, middle.engineSeconds);
  for (const auto& step : middle.steps) {
    std::printf("  %-40s %6.2f s, the engine on all cores together %6.2f s\n", step.reached.c_str(),
                step.seconds, step.processor);
  }
  std::fflush(stdout);
}

void measureTransformer() {
  const test::TemporaryFolder folder;
  measure("Character transformer", openExperiment(letters(folder), {}), 0, 0);
}

void measurePinn() {
  measure("Physics-informed network",
          openExperiment({{"model", {{"spec", "pinn-convection:beta=30@init:0"}}},
                          {"data", {{"path", "pinn-convection:x=32,t=32"}}},
                          {"loss", "model"}},
                         {}),
          0, 0);
}

void measurePerceptron() {
  measure("MLP 64-32-32-10 on the digits", openExperiment(digits("mlp:64-32-32-10@init:0"), {}), 2,
          .9);
}

}  // namespace

int main(int count, char** words) {
  keepFreedMemory();
  const std::vector<std::pair<std::string, void (*)()>> parts{
      {"--mlp", measurePerceptron},          {"--resnet", measureResidualNetwork},
      {"--transformer", measureTransformer}, {"--pinn", measurePinn},
      {"--linear", showLinearity},           {"--first", showFirstPicture},
  };
  const std::vector<std::string> wanted(words + 1, words + count);
  for (const auto& [name, part] : parts) {
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end()) {
      part();
    }
  }
  return 0;
}
