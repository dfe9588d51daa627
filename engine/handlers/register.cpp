#include "engine/handlers/register.h"

#include <memory>
#include <string>
#include <thread>

#include <dlfcn.h>
#include <torch/torch.h>
#include <torch/version.h>

#include "engine/handlers/handlers.h"
#include "engine/handlers/training_handlers.h"
#include "engine/server/server.h"

namespace tarn::engine {
namespace {

/// What LibTorch was built for, as its configuration says: "mkl", "open", "generic", …
std::string configuredBlas() {
  const auto text = at::show_config();
  const auto key = text.find("BLAS_INFO=");
  if (key == std::string::npos) {
    return "unknown";
  }
  const auto begin = key + 10;
  return text.substr(begin, text.find_first_of(", \n", begin) - begin);
}

/// The linear algebra library that is loaded. "generic" is whatever stands behind libblas.so.3:
/// OpenBLAS answers by a function of its own, the slow reference library has none.
std::string blasName() {
  using Describe = const char* (*)();
  if (const auto openBlas =
          reinterpret_cast<Describe>(dlsym(RTLD_DEFAULT, "openblas_get_config"))) {
    return openBlas();
  }
  const auto name = configuredBlas();
  return name == "generic" ? "reference BLAS" : name;
}

nlohmann::json devices() {
  auto result = nlohmann::json::array({"cpu"});
  if (torch::cuda::is_available()) {
    result.push_back("cuda");
  }
  return result;
}

}  // namespace

void registerHandlers(Server& server) {
  const auto experiments = std::make_shared<OpenedExperiments>();
  const auto with = [&](nlohmann::json (*handle)(JobContext&, OpenedExperiments&)) {
    return [experiments, handle](JobContext& job) { return handle(job, *experiments); };
  };
  server.on("describe", with(handleDescribe));
  server.on("weights", handleWeights);
  server.on("spectrum", with(handleSpectrum));
  server.on("directions", with(handleDirections));
  server.on("range", with(handleRange));
  server.on("sample", with(handleSample));
  server.on("plan", with(handlePlan));
  server.on("weight_spectra", handleWeightSpectra);
  registerTrainingHandlers(server);
  server.helloDetails([] {
    return nlohmann::json{{"libtorch", TORCH_VERSION},
                          {"devices", devices()},
                          {"threads", std::thread::hardware_concurrency()},
                          {"blas", blasName()}};
  });
}

}  // namespace tarn::engine
