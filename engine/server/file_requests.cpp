#include "engine/server/file_requests.h"

#include <algorithm>
#include <filesystem>

#include "engine/protocol/fields.h"
#include "engine/protocol/frame.h"
#include "engine/protocol/sha256.h"
#include "topology/base/error.h"
#include "topology/io/npy.h"
#include "topology/io/npz.h"

namespace tarn::engine {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 10000;

std::string kindOf(const fs::file_status& status) {
  switch (status.type()) {
    case fs::file_type::not_found:
    case fs::file_type::none:
      return "none";
    case fs::file_type::regular:
      return "file";
    case fs::file_type::directory:
      return "folder";
    default:
      return "other";
  }
}

/// {kind, bytes}; bytes is 0 for what is no file.
nlohmann::json facts(const fs::path& path) {
  std::error_code ignored;
  const auto kind = kindOf(fs::status(path, ignored));
  const auto bytes = kind == "file" ? fs::file_size(path, ignored) : 0;
  return {{"kind", kind}, {"bytes", ignored ? 0 : bytes}};
}

nlohmann::json headerOf(const std::string& name, const NpyHeader& header) {
  return {{"name", toUtf8(name)}, {"dtype", toString(header.dtype)}, {"shape", header.shape}};
}

}  // namespace

nlohmann::json handleHash(JobContext& job) {
  const auto path = textField(job.request(), "path");
  const auto hash = sha256OfFile(path, [&] { job.checkpoint(); });
  job.send({{"type", "hash"}, {"path", path}, {"sha256", hash}, {"bytes", fs::file_size(path)}});
  return {};
}

nlohmann::json handleStat(JobContext& job) {
  const auto path = textField(job.request(), "path");
  nlohmann::json event = facts(path);
  event["type"] = "stat";
  event["path"] = path;
  job.send(std::move(event));
  return {};
}

nlohmann::json handleList(JobContext& job) {
  const auto path = textField(job.request(), "path");
  std::error_code failure;
  std::vector<std::string> names;
  bool truncated = false;
  for (fs::directory_iterator entry(path, failure), end; !failure && entry != end;
       entry.increment(failure)) {
    if (names.size() == kMostEntries) {
      truncated = true;
      break;
    }
    names.push_back(entry->path().filename().string());
  }
  if (failure) {
    throw Error(
        failure == std::errc::no_such_file_or_directory ? ErrorCode::notFound : ErrorCode::io,
        "The folder " + path + " cannot be listed: " + failure.message() + ".");
  }
  std::sort(names.begin(), names.end());
  auto entries = nlohmann::json::array();
  for (const auto& name : names) {
    job.checkpoint();
    nlohmann::json entry = facts(fs::path(path) / name);
    entry["name"] = toUtf8(name);
    entries.push_back(std::move(entry));
  }
  job.send({{"type", "list"}, {"path", path}, {"entries", entries}, {"truncated", truncated}});
  return {};
}

nlohmann::json handlePreview(JobContext& job) {
  const fs::path path = textField(job.request(), "path");
  const auto most = job.request().contains("count") ? countField(job.request(), "count") : 100;
  auto arrays = nlohmann::json::array();
  std::string format;
  if (path.extension() == ".npy") {
    format = "npy";
    arrays.push_back(headerOf(path.stem().string(), readNpyHeader(path)));
  } else if (path.extension() == ".npz") {
    format = "npz";
    const NpzReader archive(path);
    for (const auto& name : archive.names()) {
      if (arrays.size() >= std::min<std::uint64_t>(most, kMostEntries)) {
        break;
      }
      job.checkpoint();
      arrays.push_back(headerOf(name, archive.header(name)));
    }
  } else {
    throw Error(ErrorCode::unsupported,
                "Only .npy and .npz files can be previewed, not " + path.filename().string() + ".");
  }
  job.send({{"type", "preview"}, {"format", format}, {"arrays", arrays}});
  return {};
}

}  // namespace tarn::engine
