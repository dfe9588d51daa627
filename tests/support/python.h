#pragma once

#include <string>
#include <vector>

#include "support/temporary_folder.h"

namespace tarn::test {

/// Runs a Python script in a folder. False when Python or one of the modules is not there; throws
/// when the script fails.
bool runPython(const TemporaryFolder& folder, const std::vector<std::string>& modules,
               const std::string& script);

}  // namespace tarn::test
