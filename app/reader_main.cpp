// tarn-reader: reads a file whose format is read by somebody else's library, and writes what is in
// it as an .npz. tarn starts it, so that a hostile file takes no more than this process down. What
// is wrong with the file is said on stdout, as JSON.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <string>

#include <sys/resource.h>

#include "engine/server/confinement.h"
#include "topology/base/error.h"
#include "topology/io/input_file.h"
#include "topology/io/npz.h"
#include "topology/io_extra/hdf5_arrays.h"
#include "topology/io_extra/vti.h"

namespace {

using namespace tarn;

constexpr std::uint64_t kMemoryMiB = 12 << 10;
/// 4 GiB of them as doubles, which is what becomes of them in the end, however small they are here.
constexpr std::uint64_t kMostNumbers = std::uint64_t{1} << 29;

std::map<std::string, NdArray> arraysIn(const std::filesystem::path& path) {
  return endingOf(path) == ".vti" ? readVtiArrays(path, static_cast<std::int64_t>(kMostNumbers))
                                  : readHdf5Arrays(path, kMostNumbers);
}

/// What a process may map, where the system allows less than Tarn would.
std::uint64_t memoryMiB() {
  rlimit allowed{};
  const bool known = ::getrlimit(RLIMIT_AS, &allowed) == 0 && allowed.rlim_max != RLIM_INFINITY;
  return known ? std::min<std::uint64_t>(kMemoryMiB, allowed.rlim_max >> 20U) : kMemoryMiB;
}

int convert(const std::filesystem::path& source, const std::filesystem::path& target) {
  const std::uint64_t memory = memoryMiB();
  try {
    engine::confine(target.parent_path(), memory);
    writeNpz(target, arraysIn(source));
    return 0;
  } catch (const Error& error) {
    std::cout << nlohmann::json{{"code", toString(error.code())},
                                {"sentence", error.what()},
                                {"remedy", error.remedy()}}
                     .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } catch (const std::bad_alloc&) {
    std::cout << nlohmann::json{{"code", "memory"},
                                {"sentence", source.string() + " needs more memory than the " +
                                                 std::to_string(memory) +
                                                 " MiB that reading a file may take."},
                                {"remedy", "Save the grid alone, as .npz or .npy."}}
                     .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  std::cout.flush();
  return 1;
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__)
// LeakSanitizer looks into a process from outside, which confine() forbids.
extern "C" const char* __asan_default_options() {  // NOLINT(bugprone-reserved-identifier)
  return "detect_leaks=0";
}
#endif

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: tarn-reader FILE.h5|FILE.vti OUT.npz\n"
                 "Started by tarn, to read formats with the libraries they belong to.\n";
    return 2;
  }
  try {
    return convert(argv[1], argv[2]);
  } catch (const std::exception& error) {
    std::cerr << "tarn-reader: " << error.what() << '\n';
    return 1;
  }
}
