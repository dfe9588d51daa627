#include <catch2/catch_session.hpp>

#include "engine/server/heap.h"

// As tarn-engine does.
int main(int argc, char** argv) {
  tarn::engine::keepFreedMemory();
  return Catch::Session().run(argc, argv);
}
