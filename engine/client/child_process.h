#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace tarn {

/// A child process with pipes to its stdin, stdout and stderr, in a process group of its own, so
/// that a Ctrl-C in the terminal does not reach it. Any thread may call kill().
class ChildProcess {
 public:
  /// Throws Error(engine) when it cannot be started.
  explicit ChildProcess(const std::vector<std::string>& command);
  /// Kills the process when it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  int in() const { return in_; }    ///< we write; non-blocking
  int out() const { return out_; }  ///< we read; non-blocking
  int err() const { return err_; }  ///< we read; non-blocking
  void closeIn();

  pid_t pid() const { return pid_; }
  void kill();
  bool running();
  /// Waits until the process has ended; true when it has.
  bool wait(std::chrono::milliseconds patience);
  /// How it ended: "exited with status 3" or "was killed by signal 11 (Segmentation fault)"; empty
  /// while it runs.
  std::string ending();

 private:
  std::mutex mutex_;
  pid_t pid_ = -1;
  std::optional<int> status_;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
};

}  // namespace tarn
