#include "topology/io/cifar.h"

#include <cstdint>
#include <vector>

#include "topology/base/error.h"

namespace tarn {
namespace {

constexpr std::size_t kImageBytes = std::size_t{3} * 32 * 32;

/// Whether the file is made of records with these bounds for their class bytes.
bool hasRecords(std::span<const std::byte> file, std::initializer_list<int> classes) {
  const std::size_t record = classes.size() + kImageBytes;
  if (file.empty() || file.size() % record != 0) {
    return false;
  }
  for (std::size_t first = 0; first < file.size(); first += record) {
    std::size_t place = first;
    for (const int most : classes) {
      if (std::to_integer<int>(file[place++]) >= most) {
        return false;
      }
    }
  }
  return true;
}

}  // namespace

LabelledImages parseCifar(std::span<const std::byte> file, const std::string& name) {
  const bool ten = hasRecords(file, {10});
  if (!ten && !hasRecords(file, {20, 100})) {
    throw Error(ErrorCode::badInput,
                name + " is not a binary file of CIFAR-10 or CIFAR-100: it has " +
                    std::to_string(file.size()) +
                    " bytes, which are no records of a class and 3×32×32 pixels.",
                "Take the files *.bin of the data sets' binary version.");
  }
  const std::size_t classBytes = ten ? 1 : 2;
  const std::size_t record = classBytes + kImageBytes;
  const std::size_t count = file.size() / record;
  LabelledImages result{{DType::uint8, {count, 3, 32, 32}, {}}, {}};
  result.images.bytes.reserve(count * kImageBytes);
  std::vector<std::int64_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    const auto one = file.subspan(i * record, record);
    labels.push_back(std::to_integer<std::int64_t>(one[classBytes - 1]));
    const auto pixels = one.subspan(classBytes);
    result.images.bytes.insert(result.images.bytes.end(), pixels.begin(), pixels.end());
  }
  result.labels = NdArray::fromInt64({count}, labels);
  return result;
}

}  // namespace tarn
