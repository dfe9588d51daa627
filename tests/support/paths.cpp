#include "support/paths.h"

namespace tarn::test {

// The definitions are given to this file alone: no other has to be compiled anew for them.
std::string sourceFile(const std::string& name) {
  return std::string(TARN_SOURCE_DIR "/") + name;
}

std::string builtProgram(const std::string& name) {
  return std::string(TARN_BIN_DIR "/") + name;
}

}  // namespace tarn::test
