#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/protocol/array_bytes.h"
#include "topology/base/error.h"

namespace tarn {

using JobId = std::uint64_t;

/// Which engine to start and how patient to be with it.
struct EngineCommand {
  std::filesystem::path program;           ///< of the local tarn-engine; empty: findEngine()
  std::string sshHost;                     ///< when not empty, `tarn-engine` runs there instead
  std::optional<std::uint64_t> memoryMiB;  ///< address space the engine may take
  std::vector<std::string> arguments;      ///< more arguments for a local engine

  std::chrono::milliseconds startPatience{60000};    ///< until the engine has said hello
  std::chrono::milliseconds silencePatience{30000};  ///< without any sign of life; 0: for ever
  std::chrono::milliseconds cancelPatience{5000};    ///< from call()'s stop request to the kill
  std::uint64_t window = std::uint64_t{32} << 20;    ///< credit: bytes of results under way at most
};

/// The engine to start when none is set: $TARN_ENGINE, else tarn-engine beside this program, else
/// the one in $PATH. Throws Error(engine) when there is none.
std::filesystem::path findEngine();

/// Where the events of one job go. The functions are called one at a time on the client's delivery
/// thread, in the order of the pipe; each may be empty. Exactly one of `done` and `failed` is
/// called, last, whatever happens to the engine. What a sink throws ends its job with that error. A
/// slow sink slows the engine down, not the client. A sink may submit, cancel and kill, but not
/// wait for the engine (call, putArray).
struct EventSink {
  std::function<void(const nlohmann::json& event)> event;  ///< all but array, done and error
  std::function<void(const std::string& name, ArrayBytes array)> array;  ///< whole arrays
  std::function<void(const nlohmann::json& done)> done;
  std::function<void(const Error& error)> failed;
};

/// What the engine is doing, from its heartbeats.
struct EngineHealth {
  bool alive = false;
  JobId running = 0;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  std::chrono::milliseconds silent{0};      ///< since the last sign of life
  std::chrono::milliseconds standstill{0};  ///< since the counters of the running job moved
};

/// A running engine. Every member may be called from any thread. The destructor closes the engine's
/// stdin, waits a moment for it to leave, kills it otherwise; pending jobs fail with
/// Error(cancelled).
class EngineClient {
 public:
  /// Starts an engine and waits until it has said hello. Throws Error(engine) when it cannot be
  /// started, is not an engine, or speaks another version; Error(cancelled) on stop.
  static std::unique_ptr<EngineClient> start(EngineCommand command = {}, std::stop_token stop = {});
  ~EngineClient();
  EngineClient(const EngineClient&) = delete;
  EngineClient& operator=(const EngineClient&) = delete;

  /// The engine's `hello`.
  const nlohmann::json& hello() const;

  /// Sends a request (its `id` is filled in) and returns at once. When the engine is dead the sink
  /// fails.
  JobId submit(nlohmann::json request, EventSink sink);
  /// Asks the engine to stop a job. Its sink still gets `failed` (or `done`, when it was faster).
  void cancel(JobId job);
  /// Ends the engine now. Every pending job fails with Error(engine).
  void kill();
  bool alive() const;
  EngineHealth health() const;
  /// The last lines the engine wrote to stderr.
  std::vector<std::string> log() const;

  /// Sends a request and waits for its end: returns the `done` event. `sink.done` and `sink.failed`
  /// are called too. Throws the engine's own error; Error(cancelled) on stop, after asking the
  /// engine and, when it does not answer within cancelPatience, killing it; Error(engine) when the
  /// engine dies, hangs or breaks the protocol, with its exit status and last words.
  nlohmann::json call(nlohmann::json request, EventSink sink = {}, std::stop_token stop = {});

 private:
  struct State;
  explicit EngineClient(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

/// Makes sure the engine has these bytes, and returns the hash to name them by in requests. Nothing
/// but one piece is sent when the engine has them already.
std::string putArray(EngineClient& client, const ArrayBytes& array, std::stop_token stop = {});

}  // namespace tarn
