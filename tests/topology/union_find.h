#pragma once

#include <cstddef>
#include <numeric>
#include <vector>

namespace tarn::test {

class UnionFind {
 public:
  explicit UnionFind(std::size_t count) : parent_(count) {
    std::iota(parent_.begin(), parent_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t i) {
    while (parent_[i] != i) {
      i = parent_[i] = parent_[parent_[i]];
    }
    return i;
  }
  /// Whether the two were apart.
  bool join(std::size_t a, std::size_t b) {
    const std::size_t one = find(a);
    const std::size_t other = find(b);
    parent_[one] = other;
    return one != other;
  }

 private:
  std::vector<std::size_t> parent_;
};

}  // namespace tarn::test
