#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/server/job.h"

namespace tarn::engine {

/// How a request is served: `compute` jobs run one after another on the thread that called run();
/// `immediate` ones at once on a thread of their own, also during compute, and must be short.
enum class Scheduling { compute, immediate };

struct ServerOptions {
  std::uint64_t storeBytes = std::uint64_t{8} << 30;  ///< of arrays that clients put; oldest leave
  std::chrono::milliseconds heartbeat{2000};
  std::chrono::milliseconds grace{5000};  ///< for a running job, once the client is gone
  nlohmann::json confinement = nlohmann::json::object();  ///< for `hello`
};

/// The engine's side of the pipe: reads requests, runs handlers, sends their events. Answers ping,
/// hash, stat, list, preview, put, cancel, credit and shutdown itself; everything else comes from
/// on(). The protocol is described in engine/protocol/README.md.
class Server {
 public:
  explicit Server(ServerOptions options = {});
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Before run(). A later handler of the same type replaces the earlier one.
  void on(const std::string& type, JobHandler handler, Scheduling scheduling = Scheduling::compute);
  /// What this engine adds to `hello`: libtorch, devices, threads, blas.
  void helloDetails(std::function<nlohmann::json()> details);

  /// Serves until the client closes `in`, asks for shutdown, or breaks the framing (returns 1; else
  /// 0). Takes the calling thread for compute jobs. When a job does not stop within the grace time
  /// after the client is gone, the whole process exits with status 4.
  int run(int in, int out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tarn::engine
