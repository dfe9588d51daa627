#include "ui/scene/colour_map.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>

#include "topology/base/error.h"

namespace tarn::ui {
namespace {

using Anchors = std::array<std::uint32_t, 17>;

// Seventeen evenly spaced colours of each published table; in between they are interpolated
// linearly in sRGB, which stays within 11 of 255 of the tables (viridis 6, batlow 3).
// Sources: viridis, magma, inferno (S. van der Walt, N. Smith) and cividis (Nuñez, Anderton,
// Renslow) as in matplotlib, CC0; batlow from Crameri's Scientific colour maps 7.0.1, MIT.
constexpr Anchors kViridis = {0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d,
                              0x2c728e, 0x26818e, 0x21908c, 0x1f9f88, 0x28ae80, 0x3ebc74,
                              0x5dc963, 0x82d34c, 0xabdc32, 0xd5e21a, 0xfde725};
constexpr Anchors kCividis = {0x00224e, 0x002e6a, 0x1a386f, 0x32436d, 0x434e6c, 0x52596d,
                              0x61656f, 0x6f7073, 0x7c7b78, 0x8b8778, 0x9b9376, 0xaba072,
                              0xbbad6c, 0xccba64, 0xddc958, 0xefd748, 0xfee838};
constexpr Anchors kMagma = {0x000004, 0x0a0822, 0x1d1146, 0x36106a, 0x50127c, 0x691c81,
                            0x822681, 0x9c2e7f, 0xb63779, 0xcf4170, 0xe65163, 0xf5695c,
                            0xfb8761, 0xfea571, 0xfec387, 0xfde0a2, 0xfcfdbf};
constexpr Anchors kInferno = {0x000004, 0x0b0724, 0x210c4a, 0x3c0965, 0x57106d, 0x70196e,
                              0x89226a, 0xa32b61, 0xbb3755, 0xd14644, 0xe35932, 0xf1711e,
                              0xf98d0a, 0xfcab0f, 0xf9ca32, 0xf2e865, 0xfcffa4};
constexpr Anchors kBatlow = {0x011959, 0x0d315d, 0x114360, 0x175262, 0x226061, 0x356a59,
                             0x4d734d, 0x667b3e, 0x828232, 0xa0892b, 0xbf9035, 0xdc954c,
                             0xf19d6b, 0xfca891, 0xfdb4b4, 0xfcbfd6, 0xfaccfa};
constexpr std::array<std::uint32_t, 2> kGrey = {0x111111, 0xf5f5f5};

constexpr std::array<std::string_view, 6> kNames = {"viridis", "cividis", "magma",
                                                    "inferno", "batlow",  "grey"};

std::span<const std::uint32_t> anchorsOf(std::string_view name) {
  const std::array<std::span<const std::uint32_t>, kNames.size()> tables = {
      kViridis, kCividis, kMagma, kInferno, kBatlow, kGrey};
  const auto* const found = std::ranges::find(kNames, name);
  if (found != kNames.end()) {
    return tables[static_cast<std::size_t>(found - kNames.begin())];
  }
  std::string known;
  for (const std::string_view one : kNames) {
    known += (known.empty() ? "" : ", ") + std::string(one);
  }
  throw Error(ErrorCode::usage, "There is no colour map '" + std::string(name) + "'.",
              "Use one of " + known + ".");
}

}  // namespace

ColourMap::ColourMap(std::string_view name, bool reversed)
    : anchors_(anchorsOf(name)), reversed_(reversed) {}

Rgb ColourMap::at(double t) const {
  const double inside = std::isnan(t) ? 0.0 : std::clamp(t, 0.0, 1.0);
  const double place =
      (reversed_ ? 1.0 - inside : inside) * static_cast<double>(anchors_.size() - 1);
  const std::size_t lower = std::min(static_cast<std::size_t>(place), anchors_.size() - 2);
  const double part = place - static_cast<double>(lower);
  const auto mix = [&](unsigned int shift) {
    const double from = (anchors_[lower] >> shift) & 0xffU;
    const double to = (anchors_[lower + 1] >> shift) & 0xffU;
    return static_cast<std::uint8_t>(std::lround(from + part * (to - from)));
  };
  return {mix(16), mix(8), mix(0)};
}

std::span<const std::string_view> colourMapNames() {
  return kNames;
}

}  // namespace tarn::ui
