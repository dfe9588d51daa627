// The reader of .safetensors files. It may refuse with an Error; what it accepts can be written and
// read again to the same tensors.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <span>
#include <string>

#include "input_file.h"
#include "topology/base/error.h"
#include "topology/io/safetensors.h"

namespace {

using namespace tarn;

std::map<std::string, NdArray> readAll(const std::filesystem::path& path) {
  SafetensorsReader file(path);
  std::map<std::string, NdArray> tensors;
  for (const std::string& name : file.names()) {
    try {
      tensors[name] = file.read(name);
    } catch (const Error&) {
    }
  }
  return tensors;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tarn::fuzz::InputFile file(std::as_bytes(std::span(data, size)), ".safetensors");
  std::map<std::string, NdArray> tensors;
  try {
    tensors = readAll(file.path());
  } catch (const Error&) {
    return 0;
  }
  auto again = file.path();
  again += ".again";
  writeSafetensors(again, tensors);
  const auto found = readAll(again);
  std::filesystem::remove(again);
  if (found.size() != tensors.size()) {
    std::abort();
  }
  for (const auto& [name, array] : tensors) {
    const auto& other = found.at(name);
    if (other.dtype != array.dtype || other.shape != array.shape || other.bytes != array.bytes) {
      std::abort();
    }
  }
  return 0;
}
