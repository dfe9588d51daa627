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

OptimizerOption weightDecayOption(double initial) {
  return nonNegativeOption("weight_decay", initial,
                           "times lr, the share of θ taken away each step");
}

OptimizerOption countOption(const std::string& name, std::int64_t initial, std::int64_t minimum,
                            std::int64_t maximum, const std::string& help) {
  OptimizerOption option;
  option.name = name;
  option.type = OptimizerOption::Type::integer;
  option.initial = initial;
  option.minimum = static_cast<double>(minimum);
  option.maximum = static_cast<double>(maximum);
  option.help = help;
  return option;
}

OptimizerOption wordOption(const std::string& name, const std::vector<std::string>& words,
                           const std::string& help) {
  OptimizerOption option;
  option.name = name;
  option.type = OptimizerOption::Type::word;
  option.initial = words.front();
  option.words = words;
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
