#include "engine/optim/optimizer.h"

namespace tarn::engine {

std::vector<std::byte> saveState(Optimizer& optimizer) {
  StateWriter writer;
  optimizer.exchangeState(writer);
  return writer.take();
}

void restoreState(Optimizer& optimizer, std::span<const std::byte> bytes) {
  StateReader reader(bytes);
  optimizer.exchangeState(reader);
  reader.finish();
}

}  // namespace tarn::engine
