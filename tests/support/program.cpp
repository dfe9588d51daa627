#include "support/program.h"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/paths.h"

namespace tarn::test {
namespace {

std::string readAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

[[noreturn]] void becomeProgram(const std::vector<std::string>& words,
                                const Environment& environment, const TemporaryFolder& folder) {
  const int out = open((folder / "out").c_str(), O_WRONLY | O_CREAT, 0600);
  const int err = open((folder / "err").c_str(), O_WRONLY | O_CREAT, 0600);
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  for (const auto& [name, value] : environment) {
    value.empty() ? unsetenv(name.c_str()) : setenv(name.c_str(), value.c_str(), 1);
  }
  const std::string program = builtProgram(words.front());
  std::vector<char*> arguments{const_cast<char*>(program.c_str())};
  for (std::size_t i = 1; i < words.size(); ++i) {
    arguments.push_back(const_cast<char*>(words[i].c_str()));
  }
  arguments.push_back(nullptr);
  execv(program.c_str(), arguments.data());
  _exit(127);
}

}  // namespace

Program::Program(const std::vector<std::string>& words, const Environment& environment)
    : pid_(fork()) {
  if (pid_ == 0) {
    becomeProgram(words, environment, folder_);
  }
}

Program::~Program() {
  if (!waited_) {
    signal(SIGKILL);
    wait();
  }
}

void Program::signal(int number) const {
  kill(pid_, number);
}

ProgramResult Program::wait(std::chrono::seconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      signal(SIGKILL);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  waited_ = true;
  ProgramResult result;
  result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = readAll(folder_ / "out");
  result.err = readAll(folder_ / "err");
  return result;
}

ProgramResult run(const std::vector<std::string>& words, const Environment& environment) {
  return Program(words, environment).wait();
}

std::vector<pid_t> childrenNamed(pid_t parent, const std::string& name) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string id = entry.path().filename();
    if (id.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    const std::string stat = readAll(entry.path().string() + "/stat");
    const auto open = stat.find('(');
    const auto close = stat.rfind(')');
    if (open == std::string::npos || close == std::string::npos) {
      continue;
    }
    // pid (name) state parent …
    const std::string program = stat.substr(open + 1, close - open - 1);
    if (program == name && std::stoi(stat.substr(close + 4)) == parent) {
      found.push_back(std::stoi(stat));
    }
  }
  return found;
}

}  // namespace tarn::test
