#include "topology/io/output_file.h"

#include <fstream>
#include <system_error>

#include "topology/base/error.h"

namespace tarn {

void replaceFile(const std::filesystem::path& path,
                 const std::function<void(std::ostream& stream)>& write) {
  std::filesystem::path part = path;
  part += ".part";
  std::ofstream stream(part, std::ios::binary | std::ios::trunc);
  write(stream);
  stream.close();
  std::error_code problem;
  if (stream) {
    std::filesystem::rename(part, path, problem);
  }
  if (!stream || problem) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw Error(ErrorCode::io, path.string() + " cannot be written.",
                "Check the folder's permissions and the free space.");
  }
}

}  // namespace tarn
