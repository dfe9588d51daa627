#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "engine/protocol/array_bytes.h"

namespace tarn::engine {

/// What a running job sees of the world: its request, the wish to stop, the arrays that were put,
/// and the way to send events. Every sending function may be called from any thread, waits for the
/// client's credit where the protocol says so, and throws Error(cancelled) when the job is to stop
/// (but see finishSending).
class JobContext {
 public:
  virtual ~JobContext() = default;

  virtual const nlohmann::json& request() const = 0;
  virtual std::stop_token stopToken() const = 0;
  /// Throws Error(cancelled) when the job is to stop. Call at least once a tile or step.
  virtual void checkpoint() const = 0;

  /// From now on the wish to stop does not cut off what is sent, so that a job can leave the client
  /// with something whole: only checkpoint() and progress() throw for it, and sending when no
  /// credit comes within the grace.
  virtual void finishSending(std::chrono::milliseconds grace) = 0;

  /// Counters for the progress bar and the heartbeat; sent to the client at most 10 times a second.
  virtual void progress(std::uint64_t done, std::uint64_t total, const std::string& stage,
                        const std::string& note = {}) = 0;
  /// Sends one event of this job; `job` is added.
  virtual void send(nlohmann::json event) = 0;
  /// Sends an array in pieces.
  virtual void sendArray(const std::string& name, const std::string& dtype,
                         std::span<const std::int64_t> shape, std::span<const std::byte> bytes) = 0;

  /// An array that the client put, by the SHA-256 of its bytes. Throws Error(notFound).
  virtual std::shared_ptr<const ArrayBytes> storedArray(const std::string& hash) const = 0;
};

/// A request's work: returns what its `done` event carries besides `job` and `type`.
using JobHandler = std::function<nlohmann::json(JobContext&)>;

}  // namespace tarn::engine
