#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/data/experiment.h"
#include "engine/landscape/execution_plan.h"
#include "engine/landscape/first_outputs.h"
#include "engine/landscape/slice.h"
#include "engine/landscape/statistics.h"

namespace tarn::engine {

/// What is wanted of every point beside loss, accuracy and standard error, which cost nothing.
struct PointWishes {
  bool classLoss = false;
  bool gradientNorm = false;  ///< of the loss along the slice: costs about two more passes
};

/// What a point is found to be.
struct PointValues {
  Evaluation loss;
  /// ‖P∇L‖ with P the orthogonal projection on the span of the slice's directions.
  std::optional<double> gradientNorm;
};

/// What all workers share and none changes.
struct SamplingWork {
  const Experiment& experiment;
  const Slice& slice;
  const ExecutionPlan& plan;
  std::vector<Batch> batches;
  std::shared_ptr<const PointPrograms> programs;     ///< when the plan runs the graph
  std::shared_ptr<const FirstOutputs> firstOutputs;  ///< when the plan has them made once
  std::shared_ptr<const Statistics> statistics;      ///< null: frozen
  PointWishes wishes;
  std::int64_t classes = 0;  ///< of how many the loss is wanted for each
};

/// Makes the batches and, if the plan wants them, programs and the products of the first layers.
/// ends: as for Statistics. Throws Error(usage) for a plan that this model cannot follow.
SamplingWork makeWork(const Experiment& experiment, const Slice& slice, const ExecutionPlan& plan,
                      const PointWishes& wishes = {}, const std::vector<at::Tensor>& ends = {});

/// Evaluates points with a model of its own, by the plan: for one thread.
class PointEvaluator {
 public:
  /// The work must outlive this.
  explicit PointEvaluator(const SamplingWork& work);
  ~PointEvaluator();

  /// The values of some points, each with one coefficient an axis. What one of them is doesn't
  /// depend on the others. `pause` is called before every batch and may throw to stop.
  std::vector<PointValues> evaluate(std::span<const std::vector<double>> points,
                                    const std::function<void()>& pause = {});

 private:
  void evaluateModel(std::span<const double> point, PointValues& values,
                     const std::function<void()>& pause);
  void evaluateGraph(std::span<const double> point, PointValues& values,
                     const std::function<void()>& pause);
  void evaluateTogether(std::span<const std::vector<double>> points, std::span<PointValues> values,
                        const std::function<void()>& pause);
  double gradientNormHere(const std::function<void()>& pause);

  const SamplingWork& work_;
  std::unique_ptr<Model> model_;
  std::vector<at::Tensor> tensors_;  ///< of model_, as the programs take them
  at::Tensor theta_;                 ///< points a call × parameters
  at::Tensor directions_;            ///< axes × parameters, when gradients are wanted
};

}  // namespace tarn::engine
