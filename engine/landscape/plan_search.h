#pragma once

#include <cstdint>
#include <functional>

#include "engine/landscape/execution_plan.h"
#include "engine/landscape/slice.h"

namespace tarn::engine {

/// A plan and what it costs.
struct MeasuredPlan {
  ExecutionPlan plan;
  double secondsPerPoint = 0;  ///< of one worker
};

/// Times single-threaded passes by a few plans, and takes the fastest; one worker per thread of the
/// experiment. Takes about two seconds, and at least some passes over a part of the data: of a slow
/// model only plans that lead downhill are tried, on fewer samples. Where the loss depends on how
/// the data is cut, the cut is the reference's and the model runs as it is.
MeasuredPlan measurePlan(const Experiment& experiment, const Slice& slice, std::uint64_t tilePoints,
                         const std::function<void()>& pause = {});

/// What a point costs one worker by a plan, in seconds.
double measuredSeconds(const Experiment& experiment, const Slice& slice, const ExecutionPlan& plan,
                       const std::function<void()>& pause = {});

}  // namespace tarn::engine
