#include "engine/training/batch_order.h"

#include <numeric>
#include <random>
#include <utility>

#include "engine/data/random_index.h"

namespace tarn::engine {

std::vector<std::int64_t> epochOrder(std::int64_t samples, std::uint64_t seed, std::int64_t epoch) {
  const auto counter = static_cast<std::uint64_t>(epoch);
  std::seed_seq mixed{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32),
                      static_cast<std::uint32_t>(counter),
                      static_cast<std::uint32_t>(counter >> 32)};
  std::mt19937_64 generator(mixed);
  std::vector<std::int64_t> order(static_cast<std::size_t>(samples));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[randomIndex(left, generator)]);
  }
  return order;
}

std::int64_t batchesPerEpoch(std::int64_t samples, std::int64_t batchSize) {
  return (samples + batchSize - 1) / batchSize;
}

}  // namespace tarn::engine
