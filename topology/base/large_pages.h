#pragma once

#include <cstddef>
#include <vector>

namespace tarn {

/// Asks the system for large pages where memory is: reading it in no order then costs fewer walks
/// through page tables. A hint, given before the memory is first written; small ranges are left
/// alone.
void adviseLargePages(void* start, std::size_t bytes);

/// Reserves room in large pages for so many elements.
template <typename T>
void reserveInLargePages(std::vector<T>& elements, std::size_t count) {
  elements.reserve(count);
  adviseLargePages(elements.data(), count * sizeof(T));
}

}  // namespace tarn
