// The readers of grids as text: CSV for inputs that start with an even byte, JSON for the others.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "topology/base/error.h"
#include "topology/io/csv_grid.h"
#include "topology/io/json_grid.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  try {
    if (data[0] % 2 == 0) {
      tarn::parseCsvGrid(text, "input");
    } else {
      tarn::parseJsonGrid(text, "input");
    }
  } catch (const tarn::Error&) {
    // Said, as it should be; anything else is a finding.
  }
  return 0;
}
