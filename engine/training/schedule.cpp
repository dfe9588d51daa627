#include "engine/training/schedule.h"

#include <cmath>
#include <numbers>

#include "engine/protocol/optimizer_spec.h"
#include "engine/training/settings_reader.h"

namespace tarn::engine {

double rateFactor(const Schedule& schedule, std::int64_t t, std::int64_t steps,
                  std::int64_t batchesPerEpoch) {
  if (t < schedule.warmup) {
    return static_cast<double>(t + 1) / static_cast<double>(schedule.warmup);
  }
  const std::int64_t since = t - schedule.warmup;
  switch (schedule.kind) {
    case Schedule::Kind::constant:
      return 1;
    case Schedule::Kind::cosine: {
      const double u = static_cast<double>(since) / static_cast<double>(steps - schedule.warmup);
      return schedule.final + (1 - schedule.final) * 0.5 * (1 + std::cos(std::numbers::pi * u));
    }
    case Schedule::Kind::step:
      return std::pow(schedule.gamma,
                      static_cast<double>(since / (schedule.every * batchesPerEpoch)));
  }
  return 1;
}

Schedule scheduleFromJson(const nlohmann::json& value) {
  if (value.is_string()) {
    const NamedOptions text = parseNamedOptions(value.get_ref<const std::string&>());
    nlohmann::json map = text.options;
    map["kind"] = text.name;
    return scheduleFromJson(map);
  }
  SettingsReader reader(value, "schedule");
  Schedule schedule;
  const std::string kind = reader.word("kind", {"constant", "cosine", "step"});
  schedule.kind = kind == "cosine" ? Schedule::Kind::cosine
                  : kind == "step" ? Schedule::Kind::step
                                   : Schedule::Kind::constant;
  schedule.warmup = reader.integer("warmup", 0, 0, std::int64_t{1} << 40);
  schedule.final = reader.number("final", 0, 0, 1);
  schedule.every = reader.integer("every", 30, 1, 1'000'000);
  schedule.gamma = reader.number("gamma", 0.1, 0, 1);
  reader.finish();
  return schedule;
}

nlohmann::json toJson(const Schedule& schedule) {
  nlohmann::json map = {{"warmup", schedule.warmup}};
  switch (schedule.kind) {
    case Schedule::Kind::constant:
      map["kind"] = "constant";
      break;
    case Schedule::Kind::cosine:
      map["kind"] = "cosine";
      map["final"] = schedule.final;
      break;
    case Schedule::Kind::step:
      map["kind"] = "step";
      map["every"] = schedule.every;
      map["gamma"] = schedule.gamma;
      break;
  }
  return map;
}

}  // namespace tarn::engine
