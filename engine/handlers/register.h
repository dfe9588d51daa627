#pragma once

namespace tarn::engine {

class Server;

/// Adds every request that needs LibTorch, and what `hello` says about it.
void registerHandlers(Server& server);

}  // namespace tarn::engine
