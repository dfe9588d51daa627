#include "topology/io/input_file.h"

#include <algorithm>
#include <cctype>
#include <system_error>

#include "topology/base/error.h"

namespace tarn {

InputFile::InputFile(const std::filesystem::path& path) : name_(path.string()) {
  std::error_code problem;
  const auto status = std::filesystem::status(path, problem);
  if (!std::filesystem::exists(status)) {
    throw Error(ErrorCode::notFound, "There is no file " + name_ + ".", "Check the path.");
  }
  if (!std::filesystem::is_regular_file(status)) {
    throw Error(ErrorCode::badInput, name_ + " is not a regular file.");
  }
  size_ = std::filesystem::file_size(path, problem);
  stream_.open(path, std::ios::binary);
  if (problem || !stream_) {
    throw Error(ErrorCode::io, name_ + " cannot be opened.", "Check its permissions.");
  }
}

std::vector<std::byte> InputFile::read(std::uint64_t offset, std::size_t count) {
  std::vector<std::byte> bytes(count);
  stream_.seekg(static_cast<std::streamoff>(offset));
  stream_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(count));
  if (!stream_) {
    throw Error(ErrorCode::io, name_ + " cannot be read to its end.");
  }
  return bytes;
}

std::string endingOf(const std::filesystem::path& path) {
  std::string ending = path.extension().string();
  std::ranges::transform(ending, ending.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return ending;
}

std::string readText(const std::filesystem::path& path, std::uint64_t mostBytes) {
  InputFile file(path);
  if (file.size() > mostBytes) {
    throw Error(ErrorCode::badInput,
                path.string() + " has " + std::to_string(file.size()) +
                    " bytes: as text Tarn reads at most " + std::to_string(mostBytes) + ".",
                "Save the grid as .npz.");
  }
  const auto bytes = file.read(0, static_cast<std::size_t>(file.size()));
  std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (text.starts_with("\xEF\xBB\xBF")) {
    text.erase(0, 3);
  }
  return text;
}

}  // namespace tarn
