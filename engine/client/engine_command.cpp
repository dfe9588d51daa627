#include "engine/client/engine_command.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <unistd.h>

namespace tarn {
namespace {

bool isProgram(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

void checkHost(const std::string& host) {
  const auto odd = [](unsigned char c) { return c <= ' ' || c == 0x7F; };
  if (host.starts_with('-') || std::any_of(host.begin(), host.end(), odd)) {
    throw Error(ErrorCode::usage, "'" + host + "' is no name of an ssh host.",
                "Use a name from your ssh configuration, or user@host.");
  }
}

}  // namespace

std::filesystem::path findBeside(const std::string& name, const char* variable) {
  if (const char* set = std::getenv(variable); set != nullptr && *set != '\0') {
    return set;
  }
  std::error_code ignored;
  const auto beside = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path() / name;
  if (isProgram(beside)) {
    return beside;
  }
  const char* path = std::getenv("PATH");
  std::istringstream folders(path != nullptr ? path : "");
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (isProgram(std::filesystem::path(folder) / name)) {
      return std::filesystem::path(folder) / name;
    }
  }
  throw Error(ErrorCode::engine, "There is no " + name + " beside tarn, nor in PATH.",
              "Build it, or set " + std::string(variable) + " to its path.");
}

std::filesystem::path findEngine() {
  return findBeside("tarn-engine", "TARN_ENGINE");
}

std::vector<std::string> commandLine(const EngineCommand& command) {
  std::vector<std::string> words;
  if (command.sshHost.empty()) {
    words.push_back((command.program.empty() ? findEngine() : command.program).string());
    words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  } else {
    checkHost(command.sshHost);
    // ssh could not ask for a password: the engine is no part of the terminal's foreground.
    words = {"ssh", "-T", "-o", "BatchMode=yes", "--", command.sshHost, "tarn-engine"};
  }
  if (command.memoryMiB) {
    words.emplace_back("--memory");
    words.push_back(std::to_string(*command.memoryMiB));
  }
  return words;
}

}  // namespace tarn
