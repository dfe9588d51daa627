#include "engine/client/client_state.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "engine/client/engine_command.h"
#include "engine/protocol/fields.h"

namespace tarn {
namespace {}  // namespace

EngineClient::State::State(EngineCommand engineCommand)
    : command(std::move(engineCommand)),
      process_(commandLine(command)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      lastSign_(Clock::now()),
      lastMove_(lastSign_) {}

EngineClient::State::~State() {
  ::close(wake_);
}

void EngineClient::State::begin() {
  const auto self = shared_from_this();
  const std::scoped_lock lock(mutex_);
  exchange_ = std::thread([self] { self->exchange(); });
  delivery_ = std::thread([self] { self->deliverAll(); });
}

const nlohmann::json& EngineClient::State::waitForHello(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, stop, command.startPatience, [&] { return !hello_.is_null() || ended_; });
  if (!hello_.is_null()) {
    return hello_;
  }
  if (ended_) {
    throw *failure_;
  }
  if (stop.stop_requested()) {
    throw Error(ErrorCode::cancelled, "Starting the engine was cancelled.");
  }
  throw Error(ErrorCode::engine,
              "The engine did not say hello within " +
                  std::to_string(command.startPatience.count() / 1000) + " s." + log_.lastWords(),
              "Check the engine's path or host in the settings; tarn doctor says more.");
}

void EngineClient::State::wake() const {
  ::eventfd_write(wake_, 1);
}

void EngineClient::State::enqueue(const nlohmann::json& message) {
  auto frame = encodeFrame(message);
  {
    const std::scoped_lock lock(mutex_);
    outgoing_.push_back(std::move(frame));
  }
  wake();
}

JobId EngineClient::State::submit(nlohmann::json request, EventSink sink) {
  const std::scoped_lock order(sending_);
  const JobId id = ++lastId_;
  request["id"] = id;
  auto frame = encodeFrame(request);
  {
    const std::scoped_lock lock(mutex_);
    jobs_[id] = std::make_shared<Job>();
    jobs_[id]->sink = std::move(sink);
    if (!ended_) {
      outgoing_.push_back(std::move(frame));
    } else {
      incoming_.push_back({});  // nobody else will tell this sink
    }
  }
  changed_.notify_all();
  wake();
  return id;
}

void EngineClient::State::cancel(JobId job) {
  {
    const std::scoped_lock lock(mutex_);
    if (ended_ || !jobs_.contains(job)) {
      return;
    }
  }
  submit({{"type", "cancel"}, {"target", job}}, {});
}

void EngineClient::State::fail(const Error& reason) {
  {
    const std::scoped_lock lock(mutex_);
    if (!failure_) {
      failure_ = reason;
    }
  }
  wake();
}

void EngineClient::State::close() {
  {
    const std::scoped_lock lock(mutex_);
    closing_ = true;
    if (!failure_) {
      failure_ = Error(ErrorCode::cancelled, "The engine was shut down.");
    }
  }
  wake();
  changed_.notify_all();
  if (onDeliveryThread()) {  // a sink dropped the last owner
    exchange_.detach();
    delivery_.detach();
    return;
  }
  exchange_.join();
  delivery_.join();
}

bool EngineClient::State::alive() const {
  const std::scoped_lock lock(mutex_);
  return !failure_;
}

EngineHealth EngineClient::State::health() const {
  const std::scoped_lock lock(mutex_);
  auto health = counters_;
  const auto since = [now = Clock::now()](Clock::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - start);
  };
  health.alive = !failure_;
  health.silent = since(lastSign_);
  health.standstill = since(lastMove_);
  return health;
}

std::vector<std::string> EngineClient::State::log() const {
  const std::scoped_lock lock(mutex_);
  return log_.lines();
}

}  // namespace tarn
