// Why there are two processes: LibTorch and a GL driver do not live together, and the engine must
// run on a machine without a desktop. The dynamic loader says what each program pulls in.
#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>
#include <cstdio>
#include <string>
#include <vector>

#include "support/paths.h"

using Catch::Matchers::ContainsSubstring;

namespace {

/// What `ldd` prints for a program of this build: every library it loads, directly or not.
std::string librariesOf(const std::string& program) {
  const std::string command = "ldd '" + tarn::test::builtProgram(program) + "'";
  FILE* output = ::popen(command.c_str(), "r");
  REQUIRE(output != nullptr);
  std::string text;
  char piece[4096];
  while (const auto got = std::fread(piece, 1, sizeof piece, output)) {
    text.append(piece, got);
  }
  REQUIRE(::pclose(output) == 0);
  REQUIRE_THAT(text, !ContainsSubstring("not found"));
  return text;
}

void requireNone(const std::string& program, const std::vector<std::string>& forbidden) {
  const auto libraries = librariesOf(program);
  for (const auto& name : forbidden) {
    INFO(program << " must not load " << name);
    CHECK_THAT(libraries, !ContainsSubstring(name));
  }
}

}  // namespace

TEST_CASE("tarn loads no LibTorch and no MPI") {
  REQUIRE_THAT(librariesOf("tarn"), ContainsSubstring("libQt6"));
  requireNone("tarn", {"libtorch", "libc10", "libmpi"});
}

TEST_CASE("tarn-engine loads no Qt, no VTK and no SQLite") {
  REQUIRE_THAT(librariesOf("tarn-engine"), ContainsSubstring("libtorch"));
  requireNone("tarn-engine", {"libQt", "libvtk", "libsqlite"});
}
