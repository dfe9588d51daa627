#pragma once

namespace tarn::engine {

class Server;

/// Adds the requests `train`, `optimizers` and `replay` (engine/protocol/README.md).
void registerTrainingHandlers(Server& server);

}  // namespace tarn::engine
