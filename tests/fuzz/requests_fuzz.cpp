// What says what is to be computed, as JSON of a project file or a request and as words of the
// command line. A reader may refuse with an Error; what it accepts can be written and means the
// same then. The first byte says which reader.
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/landscape/direction_spec.h"
#include "engine/project/text.h"
#include "engine/protocol/optimizer_spec.h"
#include "engine/tasks/experiment.h"
#include "engine/training/train_settings.h"
#include "topology/base/error.h"

namespace {

using namespace tarn;
using nlohmann::json;

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void readRun(const json& request) {
  const json course = engine::courseOf(engine::trainSettingsFromJson(request));
  require(engine::courseOf(engine::trainSettingsFromJson(course)) == course);
}

void readExperiment(const json& map) {
  const ExperimentText text = textFromExperiment(map);
  const json experiment = experimentFromText(text);
  require(experimentFromText(textFromExperiment(experiment)) == experiment);
}

void readOptimizer(const std::string& text) {
  const json spec = toJson(parseOptimizerSpec(text));
  require(toJson(optimizerSpecFromJson(spec)) == spec);
}

json parse(std::string_view text) {
  return db::parseJson(text, "The input");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] % 5) {
      case 0:
        readRun(parse(text));
        break;
      case 1:
        readExperiment(parse(text));
        break;
      case 2:
        engine::directionSpecs(parse(text));
        break;
      case 3:
        transformFromText(text);
        break;
      default:
        readOptimizer(text);
    }
  } catch (const Error&) {
  }
  return 0;
}
