#include "engine/landscape/sampler.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include <torch/torch.h>

#include "engine/data/one_thread.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

/// The work that several threads share: which tile is next, and the first failure.
struct Queue {
  std::span<const std::uint64_t> tiles;
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> pointsDone{0};
  std::atomic<bool> stopped{false};
  std::mutex mutex;
  std::exception_ptr failure;

  void fail() {
    stopped = true;
    const std::lock_guard lock(mutex);
    if (!failure) {
      failure = std::current_exception();
    }
  }
};

std::vector<double> coefficientsAt(const std::vector<std::vector<double>>& coordinates,
                                   std::uint64_t vertex) {
  std::vector<double> result(coordinates.size());
  for (std::size_t axis = coordinates.size(); axis-- > 0;) {
    const auto extent = coordinates[axis].size();
    result[axis] = coordinates[axis][vertex % extent];
    vertex /= extent;
  }
  return result;
}

/// Adds a point to its tile.
void append(TileValues& tile, const PointValues& point) {
  tile.loss.push_back(point.loss.loss);
  tile.standardError.push_back(point.loss.standardError);
  if (point.loss.accuracy) {
    tile.accuracy.push_back(*point.loss.accuracy);
  }
  if (point.gradientNorm) {
    tile.gradientNorm.push_back(*point.gradientNorm);
  }
  tile.classLoss.resize(point.loss.classLoss.size());
  for (std::size_t i = 0; i < tile.classLoss.size(); ++i) {
    tile.classLoss[i].push_back(point.loss.classLoss[i]);
  }
}

struct Worker {
  const SamplingWork& work;
  const std::vector<std::vector<double>>& coordinates;
  const TileOrder& order;
  const SamplingObserver& observer;
  std::span<const std::uint8_t> known;

  void run(PointEvaluator& evaluator, Queue& queue) const {
    at::set_num_threads(1);
    try {
      for (auto i = queue.next++; i < queue.tiles.size() && !queue.stopped; i = queue.next++) {
        const auto values = compute(evaluator, queue.tiles[i], queue);
        if (observer.onTile && !queue.stopped) {
          observer.onTile(values);
        }
      }
    } catch (...) {
      queue.fail();
    }
  }

  TileValues compute(PointEvaluator& evaluator, std::uint64_t tile, Queue& queue) const {
    const auto pause = [&] {
      if (queue.stopped) {
        throw Error(ErrorCode::cancelled, "Another worker stopped.");
      }
      if (observer.pause) {
        observer.pause();
      }
    };
    std::vector<std::vector<double>> points;
    for (const auto vertex : order.tile(tile)) {
      if (known.empty() || known[vertex] == 0) {
        points.push_back(coefficientsAt(coordinates, vertex));
      }
    }
    TileValues values;
    values.index = tile;
    const auto together = static_cast<std::size_t>(std::max(work.plan.pointsPerCall, 1));
    for (std::size_t first = 0; first < points.size(); first += together) {
      const auto count = std::min(together, points.size() - first);
      for (const auto& point : evaluator.evaluate(std::span(points).subspan(first, count), pause)) {
        append(values, point);
      }
      const auto done = queue.pointsDone += count;
      if (observer.onPoint) {
        observer.onPoint(done);
      }
    }
    return values;
  }
};

}  // namespace

void sampleTiles(const SamplingWork& work, const std::vector<std::vector<double>>& coordinates,
                 const TileOrder& order, std::span<const std::uint64_t> tiles,
                 const SamplingObserver& observer, std::span<const std::uint8_t> known) {
  const OneThread one;  // the kernels of this thread's, while it makes the workers ready
  Queue queue;
  queue.tiles = tiles;
  const Worker worker{work, coordinates, order, observer, known};
  std::vector<std::unique_ptr<PointEvaluator>> evaluators;
  while (evaluators.size() < std::min(static_cast<std::size_t>(work.plan.workers), tiles.size())) {
    evaluators.push_back(std::make_unique<PointEvaluator>(work));
  }
  {
    std::vector<std::jthread> pool;
    for (const auto& evaluator : evaluators) {
      pool.emplace_back([&] { worker.run(*evaluator, queue); });
    }
  }
  if (queue.failure) {
    std::rethrow_exception(queue.failure);
  }
}

}  // namespace tarn::engine
