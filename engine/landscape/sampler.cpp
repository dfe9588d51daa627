#include "engine/landscape/sampler.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include <torch/torch.h>

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

struct Worker {
  std::unique_ptr<Model> model;
  const std::vector<Batch>& batches;
  Loss loss;
  const Slice& slice;
  const std::vector<std::vector<double>>& coordinates;
  const TileOrder& order;
  const SamplingObserver& observer;

  void run(Queue& queue) {
    at::set_num_threads(1);
    try {
      for (auto i = queue.next++; i < queue.tiles.size() && !queue.stopped; i = queue.next++) {
        const auto values = compute(queue.tiles[i], queue);
        if (observer.onTile && !queue.stopped) {
          observer.onTile(values);
        }
      }
    } catch (...) {
      queue.fail();
    }
  }

  TileValues compute(std::uint64_t tile, Queue& queue) {
    const auto pause = [&] {
      if (queue.stopped) {
        throw Error(ErrorCode::cancelled, "Another worker stopped.");
      }
      if (observer.pause) {
        observer.pause();
      }
    };
    TileValues values{tile, {}, {}};
    for (const auto vertex : order.tile(tile)) {
      slice.place(*model, coefficientsAt(coordinates, vertex));
      const auto point = evaluate(*model, batches, loss, pause);
      values.loss.push_back(point.loss);
      if (point.accuracy) {
        values.accuracy.push_back(*point.accuracy);
      }
      const auto done = ++queue.pointsDone;
      if (observer.onPoint) {
        observer.onPoint(done);
      }
    }
    return values;
  }
};

}  // namespace

void sampleTiles(const Experiment& experiment, const Slice& slice,
                 const std::vector<std::vector<double>>& coordinates, const TileOrder& order,
                 const ExecutionPlan& plan, std::span<const std::uint64_t> tiles,
                 const SamplingObserver& observer) {
  const auto threads = at::get_num_threads();
  const auto batches = makeBatches(experiment.data, plan.batches);
  Queue queue;
  queue.tiles = tiles;
  std::vector<Worker> workers;
  const auto count = std::min(static_cast<std::size_t>(plan.workers), tiles.size());
  for (std::size_t i = 0; i < count; ++i) {
    workers.push_back(
        {experiment.model->clone(), batches, experiment.loss, slice, coordinates, order, observer});
  }
  {
    std::vector<std::jthread> pool;
    for (auto& worker : workers) {
      pool.emplace_back([&worker, &queue] { worker.run(queue); });
    }
  }
  at::set_num_threads(threads);
  if (queue.failure) {
    std::rethrow_exception(queue.failure);
  }
}

}  // namespace tarn::engine
