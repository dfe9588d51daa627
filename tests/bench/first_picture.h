#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tarn::bench {

/// How long a user waits for the first picture of a landscape.
struct FirstPicture {
  double engineSeconds = 0;  ///< to start the engine; the window has one before it is needed
  double seconds = 0;        ///< from then to the end of the last step
  std::uint64_t points = 0;  ///< of the coarsest level, which the window needs to draw
  std::uint64_t tilePoints = 0;
  struct Step {
    std::string reached;
    double seconds = 0;    ///< since the step before
    double processor = 0;  ///< seconds of all cores that the engine took in them
  };
  std::vector<Step> steps;  ///< in order, from the engine's start on
};

/// Samples `steps` × `steps` points along two random directions, filter-normalized, to ±1, as the
/// window and the command line do: a new engine process, a new project file, through the client.
/// Ends, and stops the engine, when the coarsest level of the grid is in the project.
FirstPicture firstPicture(const nlohmann::json& experiment, std::uint64_t steps);

}  // namespace tarn::bench
