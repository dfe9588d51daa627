#pragma once

#include <cstddef>
#include <functional>

namespace tarn::bench {

/// Seconds of the quickest of some runs: as many as fit in half a second, at least three. What else
/// happens on the machine disturbs that least. `prepare` runs before each, not timed.
double quickest(const std::function<void()>& work, const std::function<void()>& prepare = {});

/// The most memory that the work has allocated with new at one time, beyond what was allocated
/// before it. What is allocated but never touched counts too.
std::size_t peakBytes(const std::function<void()>& work);

}  // namespace tarn::bench
