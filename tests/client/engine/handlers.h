#pragma once

#include "engine/server/server.h"

namespace tarn::test {

/// The requests of the test engine; each is a line in handlers.cpp.
void addHandlers(engine::Server& server);

}  // namespace tarn::test
