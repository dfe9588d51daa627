#include "support/paths.h"

namespace tarn::test {

// The only file compiled with absolute paths: a compiler cache serves the others to any checkout.
std::string sourceFile(const std::string& name) {
  return std::string(TARN_SOURCE_DIR "/") + name;
}

std::string builtProgram(const std::string& name) {
  return std::string(TARN_BIN_DIR "/") + name;
}

}  // namespace tarn::test
