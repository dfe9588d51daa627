#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/client/array_assembly.h"
#include "engine/client/child_process.h"
#include "engine/client/engine_client.h"
#include "engine/client/stderr_log.h"
#include "engine/client/stream_reader.h"

namespace tarn {

/// What EngineClient is made of. One thread does all reading and writing and never calls a sink or
/// waits for anybody; a second one calls the sinks. Between them lies a queue whose size is bounded
/// by the credit the engine was granted and, for frames that need none, by not reading on.
struct EngineClient::State : std::enable_shared_from_this<EngineClient::State> {
  explicit State(EngineCommand engineCommand);
  ~State();
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Starts the threads; they keep the state alive.
  void begin();
  const nlohmann::json& waitForHello(const std::stop_token& stop);
  JobId submit(nlohmann::json request, EventSink sink);
  void cancel(JobId job);
  /// Declares the engine dead for this reason. Only the first reason counts.
  void fail(const Error& reason);
  void close();
  bool onDeliveryThread() const { return std::this_thread::get_id() == delivery_.get_id(); }
  bool alive() const;
  EngineHealth health() const;
  std::vector<std::string> log() const;

  const EngineCommand command;

 private:
  using Clock = std::chrono::steady_clock;
  /// What a queued message costs in memory beside its bytes, about.
  static constexpr std::size_t kPerMessage = 1024;

  struct Job {
    EventSink sink;
    ArrayAssembly arrays;
    std::optional<Error> sinkFailure;
  };
  struct Incoming {
    nlohmann::json message;  ///< null: the end of the engine
    std::size_t frameBytes = 0;
  };

  // The thread that reads and writes.
  void exchange();
  void pollOnce(StreamReader& stream);
  void readOutput(StreamReader& stream);
  void readErrors();
  void writeRequests();
  void receive(nlohmann::json message, std::size_t frameBytes);
  void noteHealth(const nlohmann::json& message);
  void checkSilence();
  void sayGoodbye();
  bool mayRead() const;
  void wake() const;

  // The thread that calls sinks.
  void deliverAll();
  void deliver(const Incoming& incoming);
  void handle(JobId id, const nlohmann::json& message);
  void guarded(JobId id, Job& job, const std::function<void()>& callback);
  void finish(const std::shared_ptr<Job>& job, const nlohmann::json* done, const Error* error);
  void failAll(const Error& reason);
  void grantBack(const Incoming& incoming);

  void enqueue(const nlohmann::json& message);

  ChildProcess process_;
  int wake_;
  std::thread exchange_;
  std::thread delivery_;

  std::mutex sending_;  ///< keeps ids in the order in which they are sent
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  JobId lastId_ = 0;
  std::map<JobId, std::shared_ptr<Job>> jobs_;
  std::deque<std::vector<std::byte>> outgoing_;
  std::size_t written_ = 0;  ///< of the first outgoing frame
  std::deque<Incoming> incoming_;
  std::size_t incomingBytes_ = 0;
  nlohmann::json hello_;
  std::optional<Error> failure_;  ///< why the engine is or will be dead
  bool ended_ = false;            ///< the process is gone
  bool closing_ = false;
  StderrLog log_;
  bool broken_ = false;         ///< a message made no sense; delivery thread only
  std::uint64_t consumed_ = 0;  ///< credit to give back; delivery thread only

  Clock::time_point lastSign_;
  Clock::time_point lastMove_;
  EngineHealth counters_;
};

}  // namespace tarn
