#include "engine/client/engine_client.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>

#include "engine/client/client_state.h"
#include "engine/protocol/fields.h"
#include "engine/protocol/sha256.h"

namespace tarn {
namespace {

/// Where call() waits and the delivery thread reports.
struct Outcome {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::optional<nlohmann::json> done;
  std::optional<Error> error;

  bool ended() const { return done || error; }
};

/// Runs a sink's last function; what it throws becomes the outcome of the call.
template <typename Function, typename Argument>
std::optional<Error> failureOf(const Function& function, const Argument& argument) {
  try {
    if (function) {
      function(argument);
    }
    return std::nullopt;
  } catch (const Error& error) {
    return error;
  } catch (const std::exception& error) {
    return Error(ErrorCode::internal, asSentence(error.what()));
  }
}

EventSink reportingTo(const std::shared_ptr<Outcome>& outcome, EventSink sink) {
  const auto report = [outcome](std::optional<nlohmann::json> done, std::optional<Error> error) {
    const std::scoped_lock lock(outcome->mutex);
    outcome->done = std::move(done);
    outcome->error = std::move(error);
    outcome->changed.notify_all();
  };
  sink.done = [report, inner = std::move(sink.done)](const nlohmann::json& message) {
    if (auto thrown = failureOf(inner, message)) {
      report(std::nullopt, thrown);
    } else {
      report(message, std::nullopt);
    }
  };
  sink.failed = [report, inner = std::move(sink.failed)](const Error& error) {
    failureOf(inner, error);
    report(std::nullopt, error);
  };
  return sink;
}

}  // namespace

EngineClient::EngineClient(std::shared_ptr<State> state) : state_(std::move(state)) {}

EngineClient::~EngineClient() {
  state_->close();
}

std::unique_ptr<EngineClient> EngineClient::start(EngineCommand command, std::stop_token stop) {
  auto state = std::make_shared<State>(std::move(command));
  state->begin();
  std::unique_ptr<EngineClient> client(new EngineClient(state));
  state->waitForHello(stop);
  return client;
}

const nlohmann::json& EngineClient::hello() const {
  return state_->waitForHello({});
}

JobId EngineClient::submit(nlohmann::json request, EventSink sink) {
  return state_->submit(std::move(request), std::move(sink));
}

void EngineClient::cancel(JobId job) {
  state_->cancel(job);
}

void EngineClient::kill() {
  state_->fail(Error(ErrorCode::engine, "The engine was ended on request.",
                     "Start the engine again; what was computed before is kept."));
}

bool EngineClient::alive() const {
  return state_->alive();
}

EngineHealth EngineClient::health() const {
  return state_->health();
}

std::vector<std::string> EngineClient::log() const {
  return state_->log();
}

nlohmann::json EngineClient::call(nlohmann::json request, EventSink sink, std::stop_token stop) {
  if (state_->onDeliveryThread()) {
    throw Error(ErrorCode::internal, "A sink must not wait for the engine.");
  }
  if (stop.stop_requested()) {
    throw Error(ErrorCode::cancelled, "The job was cancelled.");
  }
  const auto outcome = std::make_shared<Outcome>();
  const auto job = submit(std::move(request), reportingTo(outcome, std::move(sink)));
  std::unique_lock lock(outcome->mutex);
  const auto ended = [&] { return outcome->ended(); };
  bool stopped = false;
  if (!outcome->changed.wait(lock, stop, ended)) {
    stopped = true;
    lock.unlock();
    cancel(job);
    lock.lock();
    if (!outcome->changed.wait_for(lock, state_->command.cancelPatience, ended)) {
      lock.unlock();
      kill();
      lock.lock();
      outcome->changed.wait(lock, ended);
    }
  }
  if (outcome->done) {
    return *outcome->done;
  }
  if (stopped && outcome->error->code() == ErrorCode::engine) {
    throw Error(ErrorCode::cancelled, "The job was cancelled.");
  }
  throw *outcome->error;
}

std::string putArray(EngineClient& client, const ArrayBytes& array, std::stop_token stop) {
  if (byteSize(array.dtype, array.shape) != array.bytes.size()) {
    throw Error(ErrorCode::internal, "An array does not have the bytes of its shape.");
  }
  const auto hash = sha256(array.bytes);
  const auto bytes = std::span(array.bytes);
  std::size_t offset = 0;
  do {
    const auto piece = bytes.subspan(offset, std::min(kPieceBytes, bytes.size() - offset));
    const auto done = client.call({{"type", "put"},
                                   {"hash", hash},
                                   {"dtype", array.dtype},
                                   {"shape", array.shape},
                                   {"offset", offset},
                                   {"data", binary(piece)}},
                                  {}, stop);
    if (done.value("stored", false)) {
      break;
    }
    offset += piece.size();
  } while (offset < bytes.size());
  return hash;
}

}  // namespace tarn
