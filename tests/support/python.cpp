#include "support/python.h"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace tarn::test {

bool runPython(const TemporaryFolder& folder, const std::vector<std::string>& modules,
               const std::string& script) {
  const std::string python = TARN_PYTHON;
  std::string text = "import os\nos.chdir('" + folder.path().string() + "')\n";
  for (const std::string& module : modules) {
    if (std::system((python + " -c 'import " + module + "' 2>/dev/null").c_str()) != 0) {
      return false;
    }
    text += "import " + module + "\n";
  }
  const auto file = folder / "script.py";
  std::ofstream(file) << text << script;
  if (std::system((python + " " + file.string()).c_str()) != 0) {
    throw std::runtime_error("the Python script failed");
  }
  return true;
}

}  // namespace tarn::test
