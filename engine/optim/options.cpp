#include "engine/optim/options.h"

namespace tarn::engine {

OptimizerOption learningRateOption(double initial) {
  return nonNegativeOption("lr", initial, "learning rate; the schedule multiplies it");
}

OptimizerOption decayRateOption(const std::string& name, double initial, const std::string& help) {
  OptimizerOption option = nonNegativeOption(name, initial, help);
  option.maximum = 1;
  option.maximumExcluded = true;
  return option;
}

OptimizerOption nonNegativeOption(const std::string& name, double initial,
                                  const std::string& help) {
  OptimizerOption option;
  option.name = name;
  option.initial = initial;
  option.minimum = 0;
  option.help = help;
  return option;
}

OptimizerOption switchOption(const std::string& name, bool initial, const std::string& help) {
  OptimizerOption option;
  option.name = name;
  option.type = OptimizerOption::Type::boolean;
  option.initial = initial;
  option.help = help;
  return option;
}

}  // namespace tarn::engine
