#pragma once

#include <stop_token>
#include <thread>

namespace tarn::app {

/// Turns SIGINT and SIGTERM into a stop request; the second one ends the process at once.
///
/// Make it first thing in main: it blocks the signals for the threads that start later and takes
/// them on a thread of its own.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  std::stop_token token() const { return source_.get_token(); }

 private:
  std::stop_source source_;
  std::jthread waiter_;
};

}  // namespace tarn::app
