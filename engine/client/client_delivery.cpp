// The thread of EngineClient that calls the sinks.
#include <algorithm>

#include "engine/client/client_state.h"
#include "engine/protocol/fields.h"

namespace tarn {

void EngineClient::State::deliverAll() {
  while (true) {
    Incoming incoming;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return closing_ || !incoming_.empty(); });
      if (closing_) {
        // Nobody wants the results any more; only the end is waited for.
        changed_.wait(lock, [&] { return ended_; });
        incoming_.clear();
        break;
      }
      incoming = std::move(incoming_.front());
      incoming_.pop_front();
    }
    deliver(incoming);
  }
  failAll(*failure_);
}

void EngineClient::State::deliver(const Incoming& incoming) {
  if (incoming.message.is_null()) {
    failAll(*failure_);
    return;
  }
  if (broken_) {
    return;  // nothing that comes after a broken message can be believed
  }
  try {
    handle(countField(incoming.message, "job"), incoming.message);
  } catch (const std::exception& error) {
    broken_ = true;
    fail(Error(ErrorCode::engine, std::string("The engine broke the protocol. ") + error.what(),
               "Use a tarn and a tarn-engine of the same version."));
  }
  grantBack(incoming);
}

void EngineClient::State::handle(JobId id, const nlohmann::json& message) {
  std::shared_ptr<Job> job;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) {
      return;
    }
    job = found->second;
  }
  const auto type = textField(message, "type");
  if (type == "array") {
    auto whole = job->arrays.add(message);
    if (whole && job->sink.array) {
      guarded(id, *job, [&] { job->sink.array(whole->name, std::move(whole->array)); });
    }
  } else if (type == "done" || type == "error") {
    std::optional<Error> error;
    if (type == "error") {
      error.emplace(errorCodeFromString(textField(message, "code")), textField(message, "message"),
                    message.value("remedy", ""));
    }
    {
      const std::scoped_lock lock(mutex_);
      jobs_.erase(id);
    }
    finish(job, error ? nullptr : &message, error ? &*error : nullptr);
  } else if (job->sink.event) {
    guarded(id, *job, [&] { job->sink.event(message); });
  }
}

/// What a sink throws ends its job: the engine is asked to stop, and the sink is told its own
/// failure at the end.
void EngineClient::State::guarded(JobId id, Job& job, const std::function<void()>& callback) {
  if (job.sinkFailure) {
    return;
  }
  try {
    callback();
    return;
  } catch (const Error& error) {
    job.sinkFailure = error;
  } catch (const std::exception& error) {
    job.sinkFailure = Error(ErrorCode::internal, asSentence(error.what()));
  }
  cancel(id);
}

void EngineClient::State::finish(const std::shared_ptr<Job>& job, const nlohmann::json* done,
                                 const Error* error) {
  if (job->sinkFailure) {
    error = &*job->sinkFailure;
  }
  try {
    if (error != nullptr) {
      if (job->sink.failed) {
        job->sink.failed(*error);
      }
    } else if (job->sink.done) {
      job->sink.done(*done);
    }
  } catch (const std::exception& thrown) {
    const std::scoped_lock lock(mutex_);
    log_.push(std::string("tarn: a result could not be taken: ") + thrown.what() + "\n");
  }
}

void EngineClient::State::failAll(const Error& reason) {
  std::map<JobId, std::shared_ptr<Job>> jobs;
  {
    const std::scoped_lock lock(mutex_);
    jobs.swap(jobs_);
  }
  for (const auto& [id, job] : jobs) {
    finish(job, nullptr, &reason);
  }
}

void EngineClient::State::grantBack(const Incoming& incoming) {
  {
    const std::scoped_lock lock(mutex_);
    incomingBytes_ -= std::min(incomingBytes_, incoming.frameBytes + kPerMessage);
  }
  if (needsCredit(textField(incoming.message, "type"))) {
    consumed_ += incoming.frameBytes;
  }
  if (consumed_ > command.window / 4) {
    enqueue({{"type", "credit"}, {"bytes", consumed_}});
    consumed_ = 0;
  }
  wake();
}

}  // namespace tarn
