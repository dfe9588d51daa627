#pragma once

namespace tarn::engine {

class Server;

/// Adds the requests `train` and `optimizers` (engine/protocol/README.md).
void registerTrainingHandlers(Server& server);

}  // namespace tarn::engine
