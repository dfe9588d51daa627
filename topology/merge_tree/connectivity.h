#pragma once

#include <string_view>

namespace tarn {

/// Which vertices of a grid are neighbours. The user chooses; every result names the choice.
enum class Connectivity {
  axes2n,       ///< the 2n neighbours along the axes
  freudenthal,  ///< the 2(2ⁿ−1) neighbours of the Freudenthal triangulation (6 in 2D, as in TTK)
  full,         ///< all 3ⁿ−1 vertices of the surrounding block
};

/// The connectivity in which the complement of a set has to be read for its topology to fit: `2n`
/// and `full` are dual to each other, `freudenthal` to itself.
Connectivity dual(Connectivity connectivity);

/// "2n", "freudenthal" or "full".
std::string_view toString(Connectivity connectivity);
/// Throws Error(usage) for any other word.
Connectivity connectivityFromString(std::string_view name);

}  // namespace tarn
