#include "engine/tasks/experiment.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

#include "topology/base/error.h"

using namespace tarn;
using Catch::Matchers::ContainsSubstring;

namespace {

ExperimentText digits() {
  ExperimentText text;
  text.model = "mlp:64-32-10";
  text.data = "/data/digits.npz";
  return text;
}

}  // namespace

TEST_CASE("an experiment in words becomes the protocol's map and words again") {
  ExperimentText text = digits();
  text.subset = "200@7";
  text.transform = "layout=nhwc,scale=1/255,mean=.5;0.25,std=2;4";
  text.threads = 2;
  text.seed = 9;
  text.memoryMib = 512;

  const auto experiment = experimentFromText(text);

  CHECK(experiment.at("model").at("spec") == "mlp:64-32-10");
  CHECK(experiment.at("data").at("subset") == nlohmann::json{{"count", 200}, {"seed", 7}});
  const auto& transform = experiment.at("data").at("transform");
  CHECK(transform.at("layout") == "nhwc");
  CHECK(transform.at("scale").get<double>() == 1.0 / 255.0);
  CHECK(transform.at("mean") == nlohmann::json{0.5, 0.25});
  CHECK(transform.at("std") == nlohmann::json{2.0, 4.0});
  CHECK(experimentFromText(textFromExperiment(experiment)) == experiment);
}

TEST_CASE("the first N samples have no seed") {
  ExperimentText text = digits();
  text.subset = "200";
  CHECK(experimentFromText(text).at("data").at("subset").at("seed").is_null());
}

TEST_CASE("a relative path of a model file becomes absolute, a built-in stays as it is") {
  ExperimentText text = digits();
  text.model = "nets/resnet.pt";
  CHECK(std::string(experimentFromText(text).at("model").at("spec")).starts_with('/'));
  CHECK(modelIsFile("nets/resnet.pt"));
  CHECK_FALSE(modelIsFile("convnet:1x8x8-8-10@init:3"));
}

TEST_CASE("weights of a built-in and lists of data files become absolute, made data stays") {
  ExperimentText text = digits();
  text.model = "resnet20:skip=off@w.safetensors";
  text.data = "x.npy;y.npy";
  const auto experiment = experimentFromText(text);
  const std::string spec = experiment.at("model").at("spec");
  CHECK(spec.starts_with("resnet20:skip=off@/"));
  CHECK(spec.ends_with("/w.safetensors"));
  const std::string data = experiment.at("data").at("path");
  CHECK(data.starts_with('/'));
  CHECK_THAT(data, ContainsSubstring("/x.npy;/"));
  CHECK(experimentFromText(textFromExperiment(experiment)) == experiment);
  text.data = "pinn-convection:x=8,t=4";
  CHECK(experimentFromText(text).at("data").at("path") == text.data);
  CHECK(dataFiles(text.data).empty());
  CHECK(modelIsFile("resnet20.pt"));
  CHECK_FALSE(modelIsFile("resnet56"));
}

TEST_CASE("a choice of parameters and a mode are part of the model") {
  ExperimentText text = digits();
  CHECK_FALSE(experimentFromText(text).at("model").contains("parameters"));
  CHECK_FALSE(experimentFromText(text).at("model").contains("mode"));
  text.parameters = "layer1,!*.bias";
  text.mode = "train";
  text.loss = "huber:delta=1,decay=0.5";
  const auto experiment = experimentFromText(text);
  CHECK(experiment.at("model").at("parameters") == nlohmann::json{"layer1", "!*.bias"});
  CHECK(experiment.at("model").at("mode") == "train");
  CHECK(experiment.at("loss") == "huber:decay=0.5");
  CHECK(experimentFromText(textFromExperiment(experiment)) == experiment);
}

TEST_CASE("a built-in with a name that no file could have is a built-in") {
  CHECK_FALSE(modelIsFile("mlp:" + std::string(5000, '9')));
}

TEST_CASE("a model alone is an experiment without data") {
  ExperimentText text = digits();
  const auto model = modelFromText(text);
  CHECK(model.at("model") == experimentFromText(text).at("model"));
  CHECK_FALSE(model.contains("data"));
  CHECK(textFromExperiment(model).model == text.model);
  CHECK(textFromExperiment(model).data.empty());
}

TEST_CASE("a map that is no experiment is refused") {
  for (const char* text :
       {"{}", "[]", "null", R"({"model": 3, "data": {"path": "x"}})",
        R"({"model": {"spec": "mlp:2-2"}, "data": {"path": 7}})",
        R"({"model": {"spec": "mlp:2-2"}, "data": {"path": "x"}, "threads": "two"})",
        R"({"model": {"spec": "mlp:2-2"}, "data": {"path": "x", "subset": []}})"}) {
    INFO(text);
    CHECK_THROWS_AS(textFromExperiment(nlohmann::json::parse(text)), Error);
  }
}

TEST_CASE("words that can't be read are named") {
  ExperimentText text = digits();
  const auto complaint = [&] {
    try {
      experimentFromText(text);
    } catch (const Error& error) {
      CHECK(error.code() == ErrorCode::usage);
      CHECK_FALSE(error.remedy().empty());
      return std::string(error.what());
    }
    return std::string();
  };
  SECTION("a subset of nothing") {
    text.subset = "0";
    CHECK_THAT(complaint(), ContainsSubstring("--subset '0'"));
  }
  SECTION("a seed that is no number") {
    text.subset = "20@x";
    CHECK_THAT(complaint(), ContainsSubstring("20@x"));
  }
  SECTION("a division by zero") {
    text.transform = "scale=1/0";
    CHECK_THAT(complaint(), ContainsSubstring("1/0"));
  }
  SECTION("an unknown layout") {
    text.transform = "layout=hwcn";
    CHECK_THAT(complaint(), ContainsSubstring("layout=hwcn"));
  }
  SECTION("an empty part of a choice of parameters") {
    text.parameters = "layer1,,head";
    CHECK_THAT(complaint(), ContainsSubstring("layer1,,head"));
  }
  SECTION("an option that the loss has not") {
    text.loss = "mse:delta=2";
    CHECK_THAT(complaint(), ContainsSubstring("delta=2"));
  }
  SECTION("a mode that is none") {
    text.mode = "sleep";
    CHECK_THAT(complaint(), ContainsSubstring("sleep"));
  }
  SECTION("no data") {
    text.data.clear();
    CHECK_THAT(complaint(), ContainsSubstring("No data"));
  }
}
