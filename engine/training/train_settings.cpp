#include "engine/training/train_settings.h"

#include <limits>

#include "engine/training/settings_reader.h"
#include "topology/base/error.h"

namespace tarn::engine {
namespace {

nlohmann::json keyOrNull(const nlohmann::json& map, const char* key) {
  const auto found = map.find(key);
  return found == map.end() ? nlohmann::json() : *found;
}

}  // namespace

TrainSettings trainSettingsFromJson(const nlohmann::json& request) {
  TrainSettings settings;
  settings.optimizer = optimizerSpecFromJson(keyOrNull(request, "optimizer"));
  settings.schedule = scheduleFromJson(keyOrNull(request, "schedule"));
  settings.snapshots = snapshotPlanFromJson(keyOrNull(request, "snapshots"));
  SettingsReader reader(request, "run");
  settings.epochs = reader.integer("epochs", settings.epochs, 1, 1'000'000'000);
  settings.batchSize = reader.integer("batch_size", settings.batchSize, 1, 1'000'000'000);
  settings.orderSeed = static_cast<std::uint64_t>(
      reader.integer("order_seed", 0, 0, std::numeric_limits<std::int64_t>::max()));
  settings.validation = validationPlanFromJson(keyOrNull(request, "validation"));
  settings.threads = reader.integer("threads", 0, 0, 1024);
  settings.clip = reader.number("clip", 0, 0, 1e300);
  settings.metrics = reader.integer("metrics", settings.metrics, 1, 1'000'000);
  settings.checkpointEvery = reader.integer("checkpoint_every", 0, 0, 1'000'000'000'000);
  return settings;
}

nlohmann::json courseOf(const TrainSettings& settings) {
  nlohmann::json course{
      {"optimizer", toJson(settings.optimizer)}, {"epochs", settings.epochs},
      {"batch_size", settings.batchSize},        {"order_seed", settings.orderSeed},
      {"schedule", toJson(settings.schedule)},   {"clip", settings.clip}};
  if (settings.validation.any()) {
    course["validation"] = toJson(settings.validation);
  }
  return course;
}

}  // namespace tarn::engine
