// An engine that keeps what it opened last must never compute with what is no longer there.

#include "engine/handlers/opened_experiments.h"

#include <catch2/matchers/catch_matchers_string.hpp>

#include "engine/curvature/random_vector.h"
#include "support.h"
#include "topology/base/error.h"
#include "topology/io/npz.h"
#include "torch_catch.h"

using Catch::Matchers::ContainsSubstring;
using namespace tarn;
using nlohmann::json;

namespace {

void writeData(const std::filesystem::path& path, std::uint64_t seed) {
  const auto values = engine::gaussianVector(20, seed);
  const auto* first = values.const_data_ptr<double>();
  writeNpz(path.string(),
           {{"inputs", NdArray::fromDoubles({10, 2}, {first, first + 20})},
            {"targets", NdArray::fromInt64({10}, std::vector<std::int64_t>(10, 1))}});
}

json experimentIn(const std::filesystem::path& path) {
  return {{"model", {{"spec", "mlp:2-3-2@init:3"}}},
          {"data", {{"path", path.string()}}},
          {"loss", "cross-entropy"}};
}

}  // namespace

TEST_CASE("an experiment that is kept is opened as it was, whatever became of the copies") {
  const test::TemporaryFolder folder;
  writeData(folder / "data.npz", 1);
  const test::RecordedJob job({{"experiment", experimentIn(folder / "data.npz")}});
  engine::OpenedExperiments experiments;
  const auto first = experiments.of(job);
  const auto theta = first.model->parameters().flat().clone();
  first.model->parameters().set(at::zeros_like(theta));
  first.model->setTraining(true);
  const auto second = experiments.of(job);
  CHECK(at::equal(second.model->parameters().flat(), theta));
  CHECK_FALSE(second.model->training());
  // It is the one that was kept: its data are the same memory.
  CHECK(second.data.inputs[0].is_same(first.data.inputs[0]));
  CHECK(second.outputShape == first.outputShape);
}

TEST_CASE("what has changed is opened anew: the request, or a file") {
  const test::TemporaryFolder folder;
  const auto path = folder / "data.npz";
  writeData(path, 1);
  test::RecordedJob job({{"experiment", experimentIn(path)}});
  engine::OpenedExperiments experiments;
  const auto first = experiments.of(job);

  auto other = experimentIn(path);
  other["model"]["spec"] = "mlp:2-3-2@init:4";
  job.setRequest({{"experiment", other}});
  CHECK_FALSE(
      at::equal(experiments.of(job).model->parameters().flat(), first.model->parameters().flat()));

  job.setRequest({{"experiment", experimentIn(path)}});
  CHECK(at::equal(experiments.of(job).data.inputs[0], first.data.inputs[0]));
  writeData(path, 2);
  const auto changed = experiments.of(job);
  CHECK_FALSE(at::equal(changed.data.inputs[0], first.data.inputs[0]));
  CHECK(changed.data.sha256 != first.data.sha256);

  std::filesystem::remove(path);
  REQUIRE_THROWS_WITH(experiments.of(job), ContainsSubstring("data.npz"));
}
