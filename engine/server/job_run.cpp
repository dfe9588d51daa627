#include "engine/server/job_run.h"

#include <algorithm>

#include "engine/protocol/fields.h"
#include "engine/protocol/frame.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

Error outOfMemory() {
  return {ErrorCode::memory, "The engine ran out of memory.",
          "Raise the memory limit, or use fewer samples, directions or threads."};
}

/// What an exception that is not Tarn's own means to the user.
Error foreign(const std::exception& error, bool stopping) {
  const std::string what = error.what();
  if (stopping) {
    return {ErrorCode::cancelled, "The job was cancelled."};
  }
  // LibTorch's allocators speak of it only in words.
  if (what.find("allocate memory") != std::string::npos ||
      what.find("out of memory") != std::string::npos) {
    return outOfMemory();
  }
  return {ErrorCode::internal, asSentence("The engine met an error of its own: " + what)};
}

}  // namespace

void JobRun::run() {
  try {
    nlohmann::json done = handler_(*this);
    flushProgress();
    if (!done.is_object()) {
      done = nlohmann::json::object();
    }
    done["type"] = "done";
    done["job"] = id_;
    outbox_.send(done, {});
  } catch (const ClientGone&) {
    throw;
  } catch (const Error& error) {
    sendError(error);
  } catch (const std::bad_alloc&) {
    sendError(outOfMemory());
  } catch (const std::exception& error) {
    sendError(foreign(error, stop_.stop_requested()));
  } catch (...) {
    sendError({ErrorCode::internal, "The engine met an error without a name."});
  }
}

void JobRun::sendError(const Error& error) {
  constexpr std::size_t most = 8000;
  outbox_.send({{"type", "error"},
                {"job", id_},
                {"code", toString(error.code())},
                {"message", toUtf8(std::string(error.what()).substr(0, most))},
                {"remedy", toUtf8(error.remedy().substr(0, most))}},
               {});
}

void JobRun::checkpoint() const {
  if (stop_.stop_requested()) {
    throw Error(ErrorCode::cancelled, "The job was cancelled.");
  }
}

void JobRun::send(nlohmann::json event) {
  if (grace_.count() == 0) {
    checkpoint();
  }
  if (!event.is_object() || !event.contains("type") || !event.at("type").is_string()) {
    throw Error(ErrorCode::internal, "A job tried to send an event without a type.");
  }
  event["job"] = id_;
  outbox_.send(event, stop_.get_token(), grace_);
}

void JobRun::sendArray(const std::string& name, const std::string& dtype,
                       std::span<const std::int64_t> shape, std::span<const std::byte> bytes) {
  if (byteSize(dtype, shape) != bytes.size()) {
    throw Error(ErrorCode::internal,
                "The array " + name + " does not have the bytes of its shape.");
  }
  std::size_t offset = 0;
  do {
    const auto piece = bytes.subspan(offset, std::min(kPieceBytes, bytes.size() - offset));
    send({{"type", "array"},
          {"name", name},
          {"dtype", dtype},
          {"shape", std::vector<std::int64_t>(shape.begin(), shape.end())},
          {"offset", offset},
          {"total", bytes.size()},
          {"data", binary(piece)}});
    offset += piece.size();
  } while (offset < bytes.size());
}

void JobRun::progress(std::uint64_t done, std::uint64_t total, const std::string& stage,
                      const std::string& note) {
  checkpoint();
  done_ = done;
  total_ = total;
  const std::scoped_lock lock(progress_);
  held_ = {{"type", "progress"},
           {"done", done},
           {"total", total},
           {"stage", toUtf8(stage)},
           {"note", toUtf8(note)}};
  const auto now = std::chrono::steady_clock::now();
  if (now - lastProgress_ < std::chrono::milliseconds(100)) {
    return;
  }
  lastProgress_ = now;
  send(std::exchange(held_, nullptr));
}

void JobRun::flushProgress() {
  const std::scoped_lock lock(progress_);
  if (!held_.is_null()) {
    send(std::exchange(held_, nullptr));
  }
}

}  // namespace tarn::engine
