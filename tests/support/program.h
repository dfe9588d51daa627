#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "support/temporary_folder.h"

namespace tarn::test {

struct ProgramResult {
  int exitCode = -1;  ///< 128 + n when signal n ended it
  std::string out;
  std::string err;
};

using Environment = std::vector<std::pair<std::string, std::string>>;

/// A program of this build that runs in the background, its output going to files.
class Program {
 public:
  /// `words` start with the name of a program in the build's bin folder. An environment value of
  /// "" unsets the variable.
  explicit Program(const std::vector<std::string>& words, const Environment& environment = {});
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  /// Waits for its end; kills it after the patience, which then shows as exit code 128 + 9.
  ProgramResult wait(std::chrono::seconds patience = std::chrono::seconds(600));

 private:
  TemporaryFolder folder_;
  pid_t pid_ = -1;
  bool waited_ = false;
};

/// Runs a program to its end.
ProgramResult run(const std::vector<std::string>& words, const Environment& environment = {});

/// The children of a process whose program has this name.
std::vector<pid_t> childrenNamed(pid_t parent, const std::string& name);

}  // namespace tarn::test
