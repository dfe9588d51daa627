#pragma once

#include <string>

namespace tarn::test {

/// The path of a file of the sources, named from their top folder.
std::string sourceFile(const std::string& name);
/// The path of a program of this build.
std::string builtProgram(const std::string& name);

}  // namespace tarn::test
