// The thread of EngineClient that reads and writes.
#include <array>
#include <cerrno>
#include <csignal>

#include <poll.h>
#include <unistd.h>

#include "engine/client/client_state.h"
#include "engine/protocol/fields.h"

namespace tarn {
namespace {

constexpr const char* kRestart = "Start the engine again; what was computed before is kept.";
constexpr std::chrono::milliseconds kTick{200};
constexpr std::chrono::milliseconds kGoodbye{3000};
/// Queued messages that need no credit may take this much beyond the window.
constexpr std::size_t kFreeBytes = std::size_t{32} << 20;

void blockSigpipe() {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

}  // namespace

bool EngineClient::State::mayRead() const {
  return closing_ || incomingBytes_ < command.window + kFreeBytes;
}

void EngineClient::State::exchange() {
  blockSigpipe();
  StreamReader stream;
  const auto isOver = [this] {
    const std::scoped_lock lock(mutex_);
    return failure_.has_value();
  };
  while (!isOver()) {
    try {
      pollOnce(stream);
      checkSilence();
    } catch (const Error& error) {
      fail(Error(ErrorCode::engine, error.what(),
                 error.remedy().empty() ? kRestart : error.remedy()));
    } catch (const std::exception& error) {
      fail(Error(ErrorCode::engine,
                 asSentence(std::string("The engine cannot be followed: ") + error.what()),
                 kRestart));
    }
  }
  sayGoodbye();
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
    incoming_.push_back({});
  }
  changed_.notify_all();
}

/// Ends the process: kindly when the client closes, at once when the engine failed.
void EngineClient::State::sayGoodbye() {
  process_.closeIn();
  bool kind = false;
  {
    const std::scoped_lock lock(mutex_);
    kind = closing_;
  }
  const auto deadline = Clock::now() + kGoodbye;
  std::array<std::byte, 4096> piece{};
  while (kind && process_.running() && Clock::now() < deadline) {
    std::array<pollfd, 1> watched{{{process_.out(), POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), 20);
    while (::read(process_.out(), piece.data(), piece.size()) > 0) {
    }
    readErrors();
  }
  process_.kill();
  process_.wait(kGoodbye);
  readErrors();
}

void EngineClient::State::pollOnce(StreamReader& stream) {
  bool reading = false;
  bool writing = false;
  {
    const std::scoped_lock lock(mutex_);
    reading = mayRead();
    writing = !outgoing_.empty() && process_.in() >= 0;
    if (!reading) {
      lastSign_ = Clock::now();  // it is we who do not listen
    }
  }
  std::array<pollfd, 4> watched{{{wake_, POLLIN, 0},
                                 {reading ? process_.out() : -1, POLLIN, 0},
                                 {process_.err(), POLLIN, 0},
                                 {writing ? process_.in() : -1, POLLOUT, 0}}};
  ::poll(watched.data(), watched.size(), static_cast<int>(kTick.count()));
  if (watched[0].revents != 0) {
    std::uint64_t count = 0;
    (void)!::read(wake_, &count, sizeof count);
  }
  if (watched[2].revents != 0) {
    readErrors();
  }
  if (watched[3].revents != 0) {
    writeRequests();
  }
  if (watched[1].revents != 0) {
    readOutput(stream);
  }
}

void EngineClient::State::readErrors() {
  std::array<char, 16384> piece{};
  for (int i = 0; i < 64; ++i) {
    const auto got = ::read(process_.err(), piece.data(), piece.size());
    if (got <= 0) {
      return;
    }
    const std::scoped_lock lock(mutex_);
    log_.push({piece.data(), static_cast<std::size_t>(got)});
  }
}

void EngineClient::State::writeRequests() {
  std::vector<std::byte> frame;
  while (true) {
    {
      const std::scoped_lock lock(mutex_);
      if (outgoing_.empty()) {
        return;
      }
      frame = std::move(outgoing_.front());
    }
    const auto rest = std::span(frame).subspan(written_);
    const auto sent = ::write(process_.in(), rest.data(), rest.size());
    const auto failure = sent < 0 ? errno : 0;
    written_ += sent < 0 ? 0 : static_cast<std::size_t>(sent);
    const std::scoped_lock lock(mutex_);
    if (written_ == frame.size()) {
      outgoing_.pop_front();
      written_ = 0;
      continue;
    }
    outgoing_.front() = std::move(frame);
    if (failure == EPIPE) {
      process_.closeIn();  // its end is seen on the other pipe
    }
    if (failure != EINTR) {
      return;
    }
  }
}

void EngineClient::State::readOutput(StreamReader& stream) {
  std::array<std::byte, 65536> piece{};
  const auto got = ::read(process_.out(), piece.data(), piece.size());
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
    return;
  }
  if (got <= 0) {
    // A process that closes its stdout is as good as gone.
    process_.wait(std::chrono::milliseconds(500));
    process_.kill();
    process_.wait(kGoodbye);
    readErrors();
    const std::scoped_lock lock(mutex_);
    throw Error(ErrorCode::engine, "The engine " + process_.ending() + "." + log_.lastWords(),
                kRestart);
  }
  {
    const std::scoped_lock lock(mutex_);
    lastSign_ = Clock::now();
  }
  stream.push(std::span(piece).first(static_cast<std::size_t>(got)),
              [this](nlohmann::json message, std::size_t frameBytes) {
                receive(std::move(message), frameBytes);
              });
}

void EngineClient::State::receive(nlohmann::json message, std::size_t frameBytes) {
  const auto type = textField(message, "type");
  const auto job = countField(message, "job");
  if (type == "error" && job == 0) {
    throw Error(ErrorCode::engine,
                "The engine did not understand tarn: " + textField(message, "message"),
                "Use a tarn and a tarn-engine of the same version.");
  }
  {
    const std::scoped_lock lock(mutex_);
    noteHealth(message);
    if (type == "hello" && hello_.is_null()) {
      hello_ = std::move(message);
      outgoing_.push_back(encodeFrame({{"type", "credit"}, {"bytes", command.window}}));
    } else if (type != "heartbeat" && type != "hello") {
      const auto cost = frameBytes + kPerMessage;
      incoming_.push_back({std::move(message), frameBytes});
      incomingBytes_ += cost;
    }
  }
  changed_.notify_all();
}

void EngineClient::State::noteHealth(const nlohmann::json& message) {
  const auto type = textField(message, "type");
  if (type != "heartbeat") {
    if (countField(message, "job") == counters_.running) {
      lastMove_ = Clock::now();
    }
    return;
  }
  const auto running = countField(message, "running");
  const auto done = countField(message, "done");
  const auto total = countField(message, "total");
  if (running == 0 || running != counters_.running || done != counters_.done ||
      total != counters_.total) {
    lastMove_ = Clock::now();
  }
  counters_.running = running;
  counters_.done = done;
  counters_.total = total;
}

void EngineClient::State::checkSilence() {
  const std::scoped_lock lock(mutex_);
  const auto silent = Clock::now() - lastSign_;
  if (hello_.is_null() || command.silencePatience.count() == 0 ||
      silent < command.silencePatience) {
    return;
  }
  throw Error(ErrorCode::engine,
              "The engine gave no sign of life for " +
                  std::to_string(command.silencePatience.count() / 1000) + " s and was ended." +
                  log_.lastWords(),
              kRestart);
}

}  // namespace tarn
