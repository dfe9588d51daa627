#include "topology/merge_tree/connectivity.h"

#include <string>

#include "topology/base/error.h"

namespace tarn {

std::string_view toString(Connectivity connectivity) {
  switch (connectivity) {
    case Connectivity::axes2n:
      return "2n";
    case Connectivity::freudenthal:
      return "freudenthal";
    case Connectivity::full:
      return "full";
  }
  throw Error(ErrorCode::internal, "A connectivity has no name.");
}

Connectivity dual(Connectivity connectivity) {
  switch (connectivity) {
    case Connectivity::axes2n:
      return Connectivity::full;
    case Connectivity::full:
      return Connectivity::axes2n;
    case Connectivity::freudenthal:
      return Connectivity::freudenthal;
  }
  throw Error(ErrorCode::internal, "A connectivity has no dual.");
}

Connectivity connectivityFromString(std::string_view name) {
  for (const auto known : {Connectivity::axes2n, Connectivity::freudenthal, Connectivity::full}) {
    if (toString(known) == name) {
      return known;
    }
  }
  throw Error(ErrorCode::usage, "There is no connectivity '" + std::string(name) + "'.",
              "Choose 2n, freudenthal or full.");
}

}  // namespace tarn
