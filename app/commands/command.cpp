#include "app/commands/command.h"

#include <iostream>

namespace tarn::app {

// nlohmann::json writes NaN and infinities as null, which is what the command line promises.
void printJson(const nlohmann::json& document) {
  std::cout << document.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n'
            << std::flush;
}

void warn(const std::string& sentence) {
  std::cerr << "tarn: warning: " << sentence << '\n';
}

void remark(const GlobalOptions& global, const std::string& sentence) {
  if (!global.quiet) {
    std::cerr << "tarn: " << sentence << '\n';
  }
}

}  // namespace tarn::app
