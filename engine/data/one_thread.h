#pragma once

#include <ATen/Parallel.h>

namespace tarn::engine {

/// One thread inside kernels as long as it lives: for work so small that several would wait for one
/// another longer than they compute, and where there is a worker per core.
class OneThread {
 public:
  OneThread() : before_(at::get_num_threads()) { at::set_num_threads(1); }
  ~OneThread() { at::set_num_threads(before_); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;

 private:
  int before_;
};

}  // namespace tarn::engine
