#include "engine/training/run_state.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "topology/base/error.h"

namespace tarn::engine {
namespace {

constexpr const char* format = "tarn training checkpoint 2";

void exchange(StateArchive& archive, Model& model, RunState& state, const std::string& course) {
  std::string foundFormat = format;
  archive.text("format", foundFormat);
  std::string foundCourse = course;
  archive.text("course", foundCourse);
  if (foundFormat != format || foundCourse != course) {
    throw Error(ErrorCode::badInput,
                "The checkpoint belongs to another run: " + foundCourse.substr(0, 400) + ".",
                "Resume with the model, data, optimizer and settings the run was started with.");
  }
  archive.integer("step", state.step);
  archive.number("loss", state.mean.loss);
  archive.number("correct", state.mean.correct);
  archive.integer("samples", state.mean.samples);
  archive.integer("last step", state.last.step);
  archive.number("last loss", state.last.loss);
  archive.number("last accuracy", state.last.accuracy);
  at::Tensor parameters = model.parameters().flat();
  archive.tensor("parameters", parameters);
  at::Tensor buffers = model.buffers();
  archive.tensor("buffers", buffers);
  model.setBuffers(buffers);
  const at::Generator& generator = at::detail::getDefaultCPUGenerator();
  at::Tensor random = generator.get_state();
  archive.tensor("random", random);
  at::Generator(generator).set_state(random);
  state.optimizer->exchangeState(archive);
}

}  // namespace

std::vector<std::byte> saveRun(Model& model, RunState& state, const std::string& course) {
  StateWriter writer;
  exchange(writer, model, state, course);
  return writer.take();
}

void restoreRun(Model& model, RunState& state, const std::string& course,
                std::span<const std::byte> bytes) {
  StateReader reader(bytes);
  exchange(reader, model, state, course);
  reader.finish();
  if (state.step < 0 || state.mean.samples < 0) {
    throw Error(ErrorCode::badInput, "The checkpoint's counters are negative: it is damaged.",
                "Start the run again.");
  }
}

}  // namespace tarn::engine
