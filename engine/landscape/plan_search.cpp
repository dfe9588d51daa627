#include "engine/landscape/plan_search.h"

#include <algorithm>
#include <barrier>
#include <cstddef>
#include <ctime>
#include <exception>
#include <limits>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include <torch/torch.h>

#include "engine/data/one_thread.h"
#include "engine/data/vector_code.h"
#include "engine/landscape/point_evaluator.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr std::int64_t probeSamples = 128;
constexpr std::int64_t slowProbeSamples = 32;  // enough where a call's own costs are no matter
constexpr double slowSampleSeconds = 1e-4;
constexpr double probeSeconds = 0.04;
constexpr double gain = 0.97;  // what is more complicated has to be worth it
constexpr std::uint64_t mostPointsPerCall = 16;
constexpr std::uint64_t firstLayerBytes = 256U << 20U;
constexpr double smallPointSeconds = 0.01;

/// CPU time of this thread, so that what else the machine does counts less; where the CPU only
/// waits for another device, the time that passes.
double secondsFor(const Experiment& experiment) {
  timespec now{};
  const bool cpu = experiment.model->device().is_cpu();
  clock_gettime(cpu ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// The same experiment on its first samples alone.
Experiment shortened(const Experiment& experiment, std::int64_t samples) {
  Experiment result;
  result.model = experiment.model->clone();
  result.data = experiment.data.first(std::min(samples, experiment.data.samples()));
  result.loss = experiment.loss;
  result.outputShape = experiment.outputShape;
  result.threads = experiment.threads;
  if (experiment.batchNorm == "recalibrate") {
    result.batchNorm = experiment.batchNorm;  // it has its price
  }
  return result;
}

/// Tries plans on a part of the data. A plan that fails is none.
class Trial {
 public:
  Trial(const Experiment& experiment, const Slice& slice, const std::function<void()>& pause)
      : experiment_(experiment), slice_(slice), pause_(pause) {}

  /// How many samples a pass has at least; less tell of a slow model what they cost.
  void setSamples(std::int64_t samples) { samples_ = samples; }

  /// Seconds a point and sample of a worker, the best of the passes that fit into the probe's time;
  /// infinite when the model can't follow the plan.
  double operator()(const ExecutionPlan& plan) const {
    if (pause_) {
      pause_();
    }
    const bool whole = plan.batches.microBatch == 0;
    const auto part = shortened(experiment_, whole ? experiment_.data.samples()
                                                   : std::max(samples_, plan.batches.microBatch));
    try {
      const auto work = makeWork(part, slice_, plan);
      const std::vector<std::vector<double>> points(static_cast<std::size_t>(plan.pointsPerCall),
                                                    std::vector<double>(slice_.dimension(), 0));
      const double slowest = secondsTogether(work, points, static_cast<std::size_t>(plan.workers));
      return slowest / static_cast<double>(points.size()) /
             static_cast<double>(part.data.samples());
    } catch (const Error& error) {
      if (error.code() == ErrorCode::cancelled) {
        throw;
      }
      return std::numeric_limits<double>::infinity();
    } catch (const std::exception&) {
      return std::numeric_limits<double>::infinity();
    }
  }

 private:
  /// Seconds for the points, of the slowest worker while all of them work: they share caches and
  /// memory, and what is the fastest for one alone need not be it then.
  double secondsTogether(const SamplingWork& work, std::span<const std::vector<double>> points,
                         std::size_t workers) const {
    std::vector<std::unique_ptr<PointEvaluator>> evaluators;
    evaluators.reserve(workers);
    for (std::size_t i = 0; i < workers; ++i) {
      evaluators.push_back(std::make_unique<PointEvaluator>(work));
    }
    std::vector<double> seconds(workers, std::numeric_limits<double>::infinity());
    std::vector<std::exception_ptr> failures(workers);
    std::barrier warm(static_cast<std::ptrdiff_t>(workers));
    const auto measure = [&](std::size_t worker) {
      const OneThread one;
      bool waited = false;
      try {
        evaluators[worker]->evaluate(points);
        waited = true;
        warm.arrive_and_wait();
        const double begin = secondsFor(experiment_);
        for (double now = begin; now == begin || now - begin < probeSeconds;) {
          evaluators[worker]->evaluate(points);
          const double end = secondsFor(experiment_);
          seconds[worker] = std::min(seconds[worker], end - now);
          now = end;
        }
      } catch (...) {
        failures[worker] = std::current_exception();
        if (!waited) {
          warm.arrive_and_drop();
        }
      }
    };
    {
      std::vector<std::jthread> others;
      for (std::size_t worker = 1; worker < workers; ++worker) {
        others.emplace_back(measure, worker);
      }
      measure(0);
    }
    for (const std::exception_ptr& failure : failures) {
      if (failure) {
        std::rethrow_exception(failure);
      }
    }
    return *std::ranges::max_element(seconds);
  }

  const Experiment& experiment_;
  const Slice& slice_;
  const std::function<void()>& pause_;
  std::int64_t samples_ = slowProbeSamples;
};

/// Batches of growing size, all data in one at the end where that is not much: some hundred small
/// photographs, or thousands of samples that are less than that.
std::vector<BatchPlan> cuts(const Dataset& data) {
  constexpr std::int64_t mostSamples = 4096;
  constexpr std::int64_t mostImageNumbers = std::int64_t{512} * 3 * 32 * 32;
  const bool images = data.inputs[0].dim() == 4;
  std::vector<BatchPlan> result;
  for (const std::int64_t size : {8, 16, 32, 64, 128, 256, 1024}) {
    if (result.empty() || size < data.samples()) {
      result.push_back({size, images});
    }
  }
  if (data.samples() <= mostSamples && (!images || data.inputs[0].numel() <= mostImageNumbers)) {
    result.push_back({0, images});
  }
  return result;
}

/// Whether there are convolutions that Winograd's filtering can do.
bool winogradFits(const Experiment& experiment, const Inputs& example) {
  if (!experiment.model->device().is_cpu() || !vectorCodeRuns()) {
    return false;
  }
  const auto model = experiment.model->clone();
  const auto program = PointProgram::make(*model, example, {.winograd = true});
  return program && program->winograds() > 0;
}

/// Finds the fastest plan by trying one after the other.
class Search {
 public:
  /// `plain` is the best as long as none is better.
  Search(const Experiment& experiment, const Slice& slice, const ExecutionPlan& plain,
         const std::function<void()>& pause)
      : trial_(experiment, slice, pause), cuts_(cuts(experiment.data)), best_(plain) {}

  const ExecutionPlan& best() const { return best_; }
  double least() const { return least_; }  ///< seconds a point and sample of the best one

  /// Whether a plan is the best so far. What is more complicated has to be worth it by a factor.
  bool consider(const ExecutionPlan& plan, double factor = 1) {
    const double seconds = trial_(plan);
    const bool better = seconds < least_ * factor;
    tried_.push_back({plan, seconds});
    if (better) {
      least_ = seconds;
      best_ = plan;
    }
    return better;
  }

  /// Times the fastest few of a model that is not slow again, in turn: among plans that lie close
  /// together a single lucky probe would choose.
  void decide() {
    if (slow_) {
      return;
    }
    std::ranges::sort(tried_, {}, &Tried::seconds);
    tried_.resize(std::min(tried_.size(), finalists));
    for (int round = 0; round < finalRounds; ++round) {
      for (Tried& tried : tried_) {
        tried.seconds = std::min(tried.seconds, trial_(tried.plan));
      }
    }
    const auto best = std::ranges::min_element(tried_, {}, &Tried::seconds);
    if (best->seconds <= least_) {
      best_ = best->plan;
      least_ = best->seconds;
    }
  }

  /// Tries the plan with a small cut first, which is quick to try and seldom far from the best, and
  /// finds out whether the model is slow.
  void begin(ExecutionPlan plan) {
    plan.batches = cuts_[std::min<std::size_t>(small, cuts_.size() - 1)];
    consider(plan);
    slow_ = least_ >= slowSampleSeconds;
    if (!slow_) {
      trial_.setSamples(probeSamples);
      least_ = std::numeric_limits<double>::infinity();
      tried_.clear();
      consider(plan);
    }
  }

  /// Tries the plan with other cuts than the best one's. Of a slow model only with those that are
  /// smaller, or else larger, by one step as long as that makes it faster: batches cost more and
  /// more as they get smaller, by the calls, and as they get larger than the cache.
  void considerCuts(ExecutionPlan plan, double factor = 1) {
    const auto start =
        static_cast<std::size_t>(std::ranges::find(cuts_, best_.batches) - cuts_.begin());
    const auto better = [&](std::size_t place) {
      plan.batches = cuts_[place];
      return consider(plan, factor);
    };
    bool smaller = false;
    for (auto place = start; place > 0; --place) {
      const bool now = better(place - 1);
      smaller = smaller || now;
      if (slow_ && !now) {
        break;
      }
    }
    for (auto place = start + 1; place < cuts_.size() && !(slow_ && smaller); ++place) {
      if (!better(place) && slow_) {
        break;
      }
    }
  }

 private:
  struct Tried {
    ExecutionPlan plan;
    double seconds = 0;
  };
  static constexpr std::size_t small = 1;
  static constexpr std::size_t finalists = 4;
  static constexpr int finalRounds = 4;

  Trial trial_;
  std::vector<BatchPlan> cuts_;
  ExecutionPlan best_;
  std::vector<Tried> tried_;
  double least_ = std::numeric_limits<double>::infinity();
  bool slow_ = false;
};

bool firstLayersFit(const Experiment& experiment, const Inputs& example, const Slice& slice) {
  const auto model = experiment.model->clone();
  const auto program = PointProgram::make(*model, example, {.firstLayers = true});
  return program && !program->firstLayers().empty() &&
         FirstOutputs::bytes(*program, slice, example, experiment.data.samples()) <=
             firstLayerBytes;
}

/// Tries what points can share: products of the first layers, and calls.
void considerSharing(const Experiment& experiment, const Inputs& example, const Slice& slice,
                     std::uint64_t tilePoints, Search& search) {
  if (firstLayersFit(experiment, example, slice)) {
    ExecutionPlan plan = search.best();
    plan.firstLayers = true;
    search.consider(plan, gain);
    search.considerCuts(plan, gain);
  }
  const bool frozen = experiment.batchNorm == "frozen" || experiment.model->batchNormLayers() == 0;
  const auto samples = static_cast<double>(experiment.data.samples());
  if (frozen && search.least() * samples < smallPointSeconds) {
    for (std::uint64_t points = 4; points <= std::min(mostPointsPerCall, tilePoints); points *= 4) {
      ExecutionPlan plan = search.best();
      plan.winograd = false;  // there is no such filtering of several points at a time
      plan.pointsPerCall = static_cast<int>(points);
      search.consider(plan, gain);
    }
  }
}

}  // namespace

double measuredSeconds(const Experiment& experiment, const Slice& slice, const ExecutionPlan& plan,
                       const std::function<void()>& pause) {
  const OneThread one;
  return Trial(experiment, slice, pause)(plan) * static_cast<double>(experiment.data.samples());
}

MeasuredPlan measurePlan(const Experiment& experiment, const Slice& slice, std::uint64_t tilePoints,
                         const std::function<void()>& pause) {
  const OneThread one;
  ExecutionPlan plan = plainPlan(experiment, tilePoints);
  if (cutMatters(experiment)) {
    return {plan, measuredSeconds(experiment, slice, plan, pause)};
  }
  const auto samples = static_cast<double>(experiment.data.samples());
  const auto model = experiment.model->clone();
  const auto example = makeBatches(experiment.data.first(1), {}).front().inputs;
  plan.winograd = winogradFits(experiment, example);
  plan.graph = plan.winograd || PointProgram::make(*model, example, {}) != nullptr;
  Search search(experiment, slice, plainPlan(experiment, tilePoints), pause);
  search.begin(plan);
  if (plan.winograd) {
    plan = search.best();
    plan.winograd = false;
    search.consider(plan);
    plan.winograd = search.best().winograd;
  }
  search.considerCuts(plan);
  // Winograd's filtering needs channels last.
  if (search.best().batches.channelsLast && !search.best().winograd) {
    plan.batches = {32, false};
    plan.winograd = false;
    search.consider(plan);
  }
  if (plan.graph) {
    considerSharing(experiment, example, slice, tilePoints, search);
  }
  search.decide();
  return {search.best(), search.least() * samples};
}

}  // namespace tarn::engine
