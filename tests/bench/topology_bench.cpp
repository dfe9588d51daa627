// The join tree with arcs, its pairs and the weighted SMAD, against std::sort of the same (value,
// id) keys in the same run, both on one thread. Usage: bench-topology [steps per axis, 215].
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "topology/merge_tree/merge_tree.h"
#include "topology/persistence/persistence.h"
#include "topology/smad/smad.h"

using namespace tarn;

namespace {

/// Processor time, so that other programs on the machine disturb the ratio less.
double seconds(const std::function<void()>& work) {
  const std::clock_t start = std::clock();
  work();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// A line of /proc/self/status in bytes, 0 where there is no such file.
double statusBytes(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == key) {
      double kibibytes = 0.0;
      status >> kibibytes;
      return 1024.0 * kibibytes;
    }
  }
  return 0.0;
}

/// Forgets the most memory that was in use so far.
void resetPeak() {
  std::ofstream("/proc/self/clear_refs") << 5;
}

/// A few long waves plus noise of the given strength, on n × n × n vertices.
std::vector<double> field(std::size_t n, double waves, double noise) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> uniform(-1.0, 1.0);
  std::vector<double> values;
  values.reserve(n * n * n);
  const auto wave = [&](std::size_t i, double frequency) {
    return std::sin(frequency * static_cast<double>(i) / static_cast<double>(n));
  };
  for (std::size_t z = 0; z < n; ++z) {
    for (std::size_t y = 0; y < n; ++y) {
      for (std::size_t x = 0; x < n; ++x) {
        const double smooth = wave(x, 17.0) + wave(y, 13.0) * wave(z, 11.0) + wave(x + y, 9.0);
        values.push_back(waves * smooth + noise * uniform(random));
      }
    }
  }
  return values;
}

void largeGrid(const char* name, std::size_t n, std::vector<double> values) {
  const std::size_t shape[] = {n, n, n};
  const auto grid = ScalarGrid::fromArray(shape, std::move(values));
  const double count = static_cast<double>(grid.size());

  resetPeak();
  const double before = statusBytes("VmRSS:");
  double weighted = 0.0;
  std::size_t pairs = 0;
  std::size_t minima = 0;
  const double own = seconds([&] {
    const MergeTree tree = joinTree(grid, Connectivity::axes2n);
    pairs = zerothPersistence(tree).pairs.size();
    weighted = smad(tree).weighted;
    minima = tree.minimaCount;
  });
  const double memory = (statusBytes("VmHWM:") - before) / count;

  struct Key {
    double value;
    std::int64_t id;
  };
  std::vector<Key> keys(grid.size());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    keys[i] = {grid.values()[i], static_cast<std::int64_t>(i)};
  }
  const double sort = seconds([&] {
    std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) {
      return a.value < b.value || (a.value == b.value && a.id < b.id);
    });
  });
  std::printf(
      "%-15s %10zu vertices %8zu minima  tree+pairs+SMAD %.3f s  std::sort %.3f s  "
      "ratio %.2f (must be <= 2.5)  %.1f bytes a vertex (must be <= 40)  %g %zu\n",
      name, grid.size(), minima, own, sort, own / sort, memory, weighted, pairs);
}

void smallGrid() {
  const std::size_t shape[] = {41, 41};
  std::mt19937_64 random(2);
  std::vector<double> values(41 * 41);
  for (double& value : values) {
    value = std::uniform_real_distribution<double>(0.0, 1.0)(random);
  }
  const auto grid = ScalarGrid::fromArray(shape, values);
  constexpr int kRepeats = 20;
  double sum = 0.0;
  const double time = seconds([&] {
    for (int i = 0; i < kRepeats; ++i) {
      sum += smad(joinTree(grid, Connectivity::axes2n)).weighted;
    }
  });
  std::printf("41 x 41 white noise: tree+SMAD %.3f ms (must be <= 2)  %g\n",
              1000.0 * time / kRepeats, sum);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t n = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 215;
  if (n < 2 || n > 1200) {
    std::fputs("usage: bench-topology [steps per axis, 2 to 1200]\n", stderr);
    return 2;
  }
  smallGrid();
  largeGrid("smooth", n, field(n, 1.0, 0.0));
  largeGrid("smooth + noise", n, field(n, 1.0, 0.05));
  largeGrid("white noise", n, field(n, 0.0, 1.0));
  return 0;
}
