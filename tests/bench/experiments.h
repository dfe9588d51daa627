#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "engine/protocol/sha256.h"
#include "support/optional_data.h"
#include "support/paths.h"

namespace tarn::bench {

/// A network on the handwritten digits.
inline nlohmann::json digits(const std::string& network) {
  return {{"model", {{"spec", network}}},
          {"data",
           {{"path", test::sourceFile("resources/digits/digits.npz")},
            {"transform", {{"layout", "nchw"}, {"scale", 1.0 / 16}}}}},
          {"loss", "cross-entropy"}};
}

/// ResNet-20 on 200 images; none where the optional test data is absent.
inline std::optional<nlohmann::json> residualNetwork() {
  const auto model = test::optionalData("data/resnet20.pt");
  const auto data = test::optionalData("data/cifar10-test-1000.npz");
  if (!model || !data) {
    return std::nullopt;
  }
  return nlohmann::json{{"model", {{"spec", model->string()}, {"sha256", sha256OfFile(*model)}}},
                        {"data",
                         {{"path", data->string()},
                          {"subset", {{"count", 200}, {"seed", nullptr}}},
                          {"transform",
                           {{"layout", "nhwc"},
                            {"scale", 1.0 / 255},
                            {"mean", {.485, .456, .406}},
                            {"std", {.229, .224, .225}}}}}},
                        {"loss", "cross-entropy"}};
}

}  // namespace tarn::bench
