#include <catch2/catch_test_macros.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "matrices.h"
#include "support/optional_data.h"
#include "support/reference_optimizers.h"
#include "support/reference_preconditioned.h"

using namespace tarn::test::reference;
using nlohmann::json;

namespace {

struct Record {
  Matrix start;
  std::vector<Matrix> gradients;
  std::vector<std::pair<int, Matrix>> weights;  ///< after so many steps
};

/// The first basis of SOAP's left side in the record `soap/tall` beyond the three eigenvectors that
/// the first gradient (7×3) determines. The authors' program got it from LAPACK, where it is
/// arbitrary; these columns were found by fitting a rotation of the null space (6 numbers) to the
/// 21 weights after step 5 only, so that the weights after step 20 test the rule.
Matrix openColumnsOfSoapTall() {
  Matrix columns(7, 4);
  columns << -0.5679503800714021, -0.5563418942053057, 0.2623496430314127, 0.05445206661281467,
      -0.2782468944210562, 0.5724323188861687, -0.01808883391829776, 0.00516390855250446,
      -0.3567326698038012, 0.36164081013914817, 0.5866501866859892, 0.26917745402702015,
      -0.10353196582931608, -0.24083804542264473, 0.03232260164442344, -0.6864862394623723,
      -0.2567015609679345, 0.35398577072833765, 0.05438637875285961, -0.6499131540890319,
      -0.5213462695007927, 0.06853601664263195, -0.7598758829478025, 0.15811503831886783,
      0.35261358700734846, 0.20979701120412342, -0.07261563945490454, -0.07681780107413132;
  return columns;
}

std::vector<Matrix> runSoap(const Record& record, const json& o) {
  Soap soap;
  soap.options.lr = o.at("lr");
  soap.options.beta1 = o.at("beta1");
  soap.options.beta2 = o.at("beta2");
  soap.options.weightDecay = o.at("weight_decay");
  soap.options.interval = o.at("precondition_frequency");
  const Matrix& first = record.gradients.front();
  if (first.rows() > first.cols()) {
    Matrix basis(first.rows(), first.rows());
    basis << thinSvd(first).left, openColumnsOfSoapTall();
    soap.options.left = basis;
  }
  return weightsAfterEach(soap, record.start, record.gradients);
}

std::vector<Matrix> runConda(const Record& record, const json& o) {
  Conda conda;
  conda.options.lr = o.at("lr");
  conda.options.beta1 = o.at("beta1");
  conda.options.beta2 = o.at("beta2");
  conda.options.weightDecay = o.at("weight_decay");
  conda.options.interval = o.at("update_gap");
  conda.options.scale = o.at("scale");
  return weightsAfterEach(conda, record.start, record.gradients);
}

std::vector<Matrix> runPolarGrad(const Record& record, const json& o, PolarGrad::Order order) {
  PolarGrad polarGrad;
  polarGrad.options.lr = o.at("lr");
  polarGrad.options.momentum = o.at("momentum");
  polarGrad.options.weightDecay = o.at("weight_decay");
  polarGrad.options.order = order;
  polarGrad.options.method = o.at("method") == "ns" ? PolarMethod::newtonSchulz : PolarMethod::qdwh;
  polarGrad.options.innerSteps = o.at("inner_steps");
  return weightsAfterEach(polarGrad, record.start, record.gradients);
}

template <class Optimizer>
Optimizer withMomentumOptions(const json& o) {
  Optimizer optimizer;
  optimizer.options.lr = o.at("lr");
  optimizer.options.momentum = o.at("momentum");
  optimizer.options.weightDecay = o.at("weight_decay");
  return optimizer;
}

std::vector<Matrix> runAuon(const Record& record, const json& o) {
  auto auon = withMomentumOptions<Auon>(o);
  auon.options.rule = Auon::Rule::repository;
  auon.options.gamma = o.at("gamma");
  auon.options.newtonSchulzSteps = o.value("ns_steps", 0);
  return weightsAfterEach(auon, record.start, record.gradients);
}

std::vector<Matrix> runHtMuon(const Record& record, const json& o) {
  auto htMuon = withMomentumOptions<HtMuon>(o);
  htMuon.options.power = o.at("power");
  return weightsAfterEach(htMuon, record.start, record.gradients);
}

std::vector<Matrix> runReference(const std::string& name, const Record& record, const json& o) {
  const auto starts = [&](const char* with) { return name.rfind(with, 0) == 0; };
  if (starts("muon/")) {
    return weightsAfterEach(withMomentumOptions<Muon>(o), record.start, record.gradients);
  }
  if (starts("rmnp/")) {
    return weightsAfterEach(withMomentumOptions<Rmnp>(o), record.start, record.gradients);
  }
  if (starts("htmuon/")) {
    return runHtMuon(record, o);
  }
  if (starts("auon-")) {
    return runAuon(record, o);
  }
  if (starts("polargrad-momentum-first-")) {
    return runPolarGrad(record, o, PolarGrad::Order::momentumFirst);
  }
  if (starts("polargrad-polar-first-")) {
    return runPolarGrad(record, o, PolarGrad::Order::polarFirst);
  }
  if (starts("conda/")) {
    return runConda(record, o);
  }
  if (starts("soap/")) {
    return runSoap(record, o);
  }
  FAIL("no rule for the record " << name);
  return {};
}

Matrix matrixOf(const json& values, Eigen::Index rows, Eigen::Index columns) {
  const auto numbers = values.get<std::vector<double>>();
  REQUIRE(static_cast<Eigen::Index>(numbers.size()) == rows * columns);
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  return Eigen::Map<const RowMajor>(numbers.data(), rows, columns);
}

Record recordOf(const json& entry) {
  const Eigen::Index m = entry.at("shape").at(0);
  const Eigen::Index n = entry.at("shape").at(1);
  Record record;
  record.start = matrixOf(entry.at("w0"), m, n);
  for (const auto& gradient : entry.at("grads")) {
    record.gradients.push_back(matrixOf(gradient, m, n));
  }
  for (const int steps : {1, 5, 20}) {
    record.weights.emplace_back(steps, matrixOf(entry.at("w" + std::to_string(steps)), m, n));
  }
  return record;
}

}  // namespace

// Expected weights: the authors' own Python programs in double precision (see the data's README).
// The distance is relative to how far the weights moved, which is less than their size.
TEST_CASE("the references walk where the authors' own programs walk") {
  const auto path = tarn::test::optionalData("conformance/optimizers.json");
  if (!path) {
    SKIP("the optional records of optimizers are not here");
  }
  const json records = json::parse(std::ifstream(*path));
  REQUIRE(records.size() == 22);
  for (const auto& [name, entry] : records.items()) {
    INFO(name);
    const bool loose = name.find("qdwh") != std::string::npos || name.rfind("soap", 0) == 0;
    const double tolerance = loose ? 1e-6 : 1e-8;
    const Record record = recordOf(entry);
    const auto after = runReference(name, record, entry.at("options"));
    for (const auto& [steps, expected] : record.weights) {
      INFO("after " << steps << " steps");
      const Matrix& weights = after.at(static_cast<std::size_t>(steps - 1));
      CHECK((weights - expected).norm() <= tolerance * (expected - record.start).norm());
    }
  }
}
