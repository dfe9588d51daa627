#pragma once

namespace tarn::engine {

/// The pipe to the client, out of reach of everything else in the process.
struct Pipe {
  int in = -1;
  int out = -1;
};

/// Keeps private copies of stdin and stdout, then points stdin at /dev/null and stdout at stderr,
/// because models and libraries print. To be called first in main(). Throws Error(io).
Pipe takeStandardStreams();

}  // namespace tarn::engine
