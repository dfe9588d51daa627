#include "engine/server/server.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <thread>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "engine/protocol/fields.h"
#include "engine/protocol/frame.h"
#include "engine/server/file_requests.h"
#include "engine/server/job_queue.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

using Line = JobQueue::Line;

constexpr int kStuck = 4;  // exit status when a job does not stop

JobHandler failing(Error error) {
  return [error](JobContext&) -> nlohmann::json { throw error; };
}

nlohmann::json nothing(JobContext&) {
  return {};
}

/// Everything that lives from the first to the last frame.
class Session {
 public:
  Session(int in, int out, const std::map<std::string, std::pair<JobHandler, Line>>& handlers,
          const ServerOptions& options)
      : in_(in),
        handlers_(handlers),
        options_(options),
        outbox_(out),
        store_(options.storeBytes),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
  ~Session() { ::close(wake_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  ArrayStore& store() { return store_; }

  int run(const nlohmann::json& hello) {
    try {
      outbox_.writeRaw(std::as_bytes(std::span(kMagic)));
      outbox_.send(hello, {});
    } catch (const ClientGone&) {
      return 0;
    }
    {
      const std::jthread reader([this] { readRequests(); });
      const std::jthread immediate([this] { serve(Line::immediate); });
      const std::jthread pulse([this](const std::stop_token& stop) { beat(stop); });
      serve(Line::compute);
      leave(0);
      // The reader waits for this before it ends the process by force; the immediate line may
      // still be at work.
      immediateDone_.wait(false);
      {
        const std::scoped_lock lock(mutex_);
        ended_ = true;
      }
      changed_.notify_all();
    }
    return queue_.exitCode();
  }

 private:
  void leave(int exitCode) {
    queue_.leave(exitCode);
    ::eventfd_write(wake_, 1);
  }

  void serve(Line line) {
    while (const auto job = queue_.pop(line)) {
      try {
        job->run();
      } catch (const ClientGone&) {
        leave(0);
      }
      queue_.finished(*job, line);
      if (job->request().value("type", "") == "shutdown") {
        leave(0);
      }
    }
    if (line == Line::immediate) {
      immediateDone_ = true;
      immediateDone_.notify_all();
    }
  }

  void beat(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    while (!changed_.wait_for(lock, stop, options_.heartbeat, [&] { return ended_; }) &&
           !stop.stop_requested()) {
      const auto running = queue_.running();
      lock.unlock();
      try {
        outbox_.send({{"type", "heartbeat"},
                      {"job", 0},
                      {"running", running.job},
                      {"done", running.done},
                      {"total", running.total}},
                     {});
      } catch (const ClientGone&) {
        leave(0);
      }
      lock.lock();
    }
  }

  /// Never writes, so that a client that does not read cannot keep `cancel` from being seen.
  void readRequests() {
    FrameSplitter splitter;
    std::vector<std::byte> piece(64U << 10);
    while (!queue_.leaving()) {
      std::array<pollfd, 2> watched{{{in_, POLLIN, 0}, {wake_, POLLIN, 0}}};
      if (::poll(watched.data(), watched.size(), -1) < 0 || watched[0].revents == 0) {
        continue;
      }
      const auto got = ::read(in_, piece.data(), piece.size());
      if (got < 0 && errno == EINTR) {
        continue;
      }
      if (got <= 0) {
        leave(0);
        break;
      }
      try {
        splitter.push(std::span(piece).first(static_cast<std::size_t>(got)));
        while (const auto cbor = splitter.next()) {
          take(*cbor);
        }
      } catch (const Error& error) {
        push(0, nlohmann::json::object(), failing(error), Line::immediate);
        leave(1);
      }
    }
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, options_.grace, [&] { return ended_; })) {
      ::_exit(kStuck);
    }
  }

  void push(std::uint64_t id, nlohmann::json request, JobHandler handler, Line line) {
    queue_.push(
        std::make_shared<JobRun>(id, std::move(request), std::move(handler), outbox_, store_),
        line);
  }

  void take(std::span<const std::byte> cbor) {
    std::uint64_t id = 0;
    try {
      nlohmann::json request = decodeMessage(cbor);
      const auto type = textField(request, "type");
      if (type == "credit") {
        outbox_.grant(countField(request, "bytes"));
        return;
      }
      const auto claimed = countField(request, "id");
      if (claimed <= lastId_) {
        throw Error(ErrorCode::usage, "The request id " + std::to_string(claimed) +
                                          " is zero, was used before or comes out of order.");
      }
      id = lastId_ = claimed;
      dispatch(id, type, std::move(request));
    } catch (const Error& error) {
      push(id, nlohmann::json::object(), failing(error), Line::immediate);
    }
  }

  void dispatch(std::uint64_t id, const std::string& type, nlohmann::json request) {
    if (type == "cancel") {
      queue_.cancel(countField(request, "target"));
      push(id, std::move(request), nothing, Line::immediate);
      return;
    }
    const auto found = handlers_.find(type);
    if (found == handlers_.end()) {
      throw Error(ErrorCode::usage, "This engine knows no request '" + type.substr(0, 80) + "'.",
                  "Use a tarn and a tarn-engine of the same version.");
    }
    const auto& [handler, line] = found->second;
    const auto unlessStopped = [&work = handler](JobContext& job) {
      job.checkpoint();
      return work(job);
    };
    push(id, std::move(request), unlessStopped, line);
  }

  int in_;
  const std::map<std::string, std::pair<JobHandler, Line>>& handlers_;
  const ServerOptions& options_;
  Outbox outbox_;
  ArrayStore store_;
  JobQueue queue_;
  int wake_;
  std::uint64_t lastId_ = 0;
  std::atomic<bool> immediateDone_ = false;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool ended_ = false;
};

}  // namespace

struct Server::State {
  ServerOptions options;
  std::map<std::string, std::pair<JobHandler, Line>> handlers;
  std::function<nlohmann::json()> details;
};

Server::Server(ServerOptions options) : state_(std::make_unique<State>()) {
  state_->options = std::move(options);
  const auto immediate = Scheduling::immediate;
  on("ping", nothing, immediate);
  on("shutdown", nothing, immediate);
  on("hash", handleHash, immediate);
  on("stat", handleStat, immediate);
  on("list", handleList, immediate);
  on("preview", handlePreview, immediate);
}

Server::~Server() = default;

void Server::on(const std::string& type, JobHandler handler, Scheduling scheduling) {
  const auto line = scheduling == Scheduling::compute ? Line::compute : Line::immediate;
  state_->handlers[type] = {std::move(handler), line};
}

void Server::helloDetails(std::function<nlohmann::json()> details) {
  state_->details = std::move(details);
}

int Server::run(int in, int out) {
  std::signal(SIGPIPE, SIG_IGN);  // a client that is gone is an ordinary error of write()
  nlohmann::json hello = state_->details ? state_->details() : nlohmann::json::object();
  hello["type"] = "hello";
  hello["job"] = 0;
  hello["protocol"] = kProtocolVersion;
  hello["version"] = TARN_VERSION;
  hello["confinement"] = state_->options.confinement;

  Session session(in, out, state_->handlers, state_->options);
  on(
      "put",
      [&session](JobContext& job) -> nlohmann::json {
        return {{"stored", session.store().put(job.request())}};
      },
      Scheduling::immediate);
  return session.run(hello);
}

}  // namespace tarn::engine
