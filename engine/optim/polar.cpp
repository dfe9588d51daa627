#include "engine/optim/polar.h"

#include <ATen/ATen.h>

#include "engine/optim/factorizations.h"
#include "engine/optim/newton_schulz.h"
#include "engine/optim/options.h"
#include "engine/optim/polar_express.h"
#include "engine/optim/qdwh.h"
#include "topology/base/error.h"

namespace tarn::engine {

PolarMethod::PolarMethod(const OptimizerValues& values)
    : word_(values.word("polar")), steps_(values.integer("polar_steps")) {
  if (word_ == "svd" && steps_ > 0) {
    throw Error(ErrorCode::usage, "polar=svd takes no polar_steps: it is exact.",
                "Leave polar_steps out, or choose another polar method.");
  }
  if (steps_ == 0) {
    steps_ = word_ == "qdwh" ? kQdwhSteps : word_ == "polar-express" ? 8 : 5;
  }
}

at::Tensor PolarMethod::operator()(const at::Tensor& matrix) const {
  if (word_ == "qdwh") {
    return qdwh(matrix, steps_);
  }
  if (word_ == "newton-schulz") {
    return newtonSchulz(matrix, steps_);
  }
  if (word_ == "polar-express") {
    return polarExpress(matrix, steps_);
  }
  const Svd svd = thinSvd(matrix);
  return (svd.u * (svd.s > 0)).mm(svd.v.t());  // of the matrix 0 it is 0, as elsewhere
}

std::vector<OptimizerOption> polarOptions() {
  return {wordOption("polar", {"qdwh", "newton-schulz", "polar-express", "svd"},
                     "how polar factors are found: exactly but for newton-schulz"),
          countOption("polar_steps", 0, 0, 100,
                      "its iterations; 0: qdwh 6, newton-schulz 5, polar-express 8")};
}

}  // namespace tarn::engine
