#pragma once

#include "engine/server/job.h"

namespace tarn::engine {

// Requests about files of the engine's host, for the client's file dialogs. Handlers; the keys and
// events are in engine/protocol/README.md.

nlohmann::json handleHash(JobContext& job);
nlohmann::json handleStat(JobContext& job);
/// At most 10,000 entries, in the order of their names; `truncated` says when there were more.
nlohmann::json handleList(JobContext& job);
/// The arrays of a .npy or .npz file, at most `count` of them.
nlohmann::json handlePreview(JobContext& job);

}  // namespace tarn::engine
