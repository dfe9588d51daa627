#pragma once

#include <atomic>
#include <chrono>
#include <mutex>

#include "engine/server/array_store.h"
#include "engine/server/job.h"
#include "engine/server/outbox.h"
#include "topology/base/error.h"

namespace tarn::engine {

/// One request on its way through the server.
class JobRun final : public JobContext {
 public:
  JobRun(std::uint64_t id, nlohmann::json request, JobHandler handler, Outbox& outbox,
         ArrayStore& store)
      : id_(id),
        request_(std::move(request)),
        handler_(std::move(handler)),
        outbox_(outbox),
        store_(store) {}

  std::uint64_t id() const { return id_; }
  /// Does the work and sends `done` or `error`. Throws only when the client is gone.
  void run();
  void requestStop() { stop_.request_stop(); }
  std::uint64_t done() const { return done_; }
  std::uint64_t total() const { return total_; }

  const nlohmann::json& request() const override { return request_; }
  std::stop_token stopToken() const override { return stop_.get_token(); }
  void checkpoint() const override;
  void finishSending(std::chrono::milliseconds grace) override { grace_ = grace; }
  void progress(std::uint64_t done, std::uint64_t total, const std::string& stage,
                const std::string& note) override;
  void send(nlohmann::json event) override;
  void sendArray(const std::string& name, const std::string& dtype,
                 std::span<const std::int64_t> shape, std::span<const std::byte> bytes) override;
  std::shared_ptr<const ArrayBytes> storedArray(const std::string& hash) const override {
    return store_.get(hash);
  }

 private:
  void flushProgress();
  void sendError(const Error& error);

  std::uint64_t id_;
  nlohmann::json request_;
  JobHandler handler_;
  Outbox& outbox_;
  ArrayStore& store_;
  std::stop_source stop_;
  std::chrono::milliseconds grace_{0};

  std::atomic<std::uint64_t> done_ = 0;
  std::atomic<std::uint64_t> total_ = 0;
  std::mutex progress_;
  nlohmann::json held_;  ///< the progress event not sent yet, or null
  std::chrono::steady_clock::time_point lastProgress_;
};

}  // namespace tarn::engine
