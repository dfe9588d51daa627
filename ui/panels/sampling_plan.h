#pragma once

#include <QString>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace tarn::ui {

/// "hessian:2, random" as the engine's list of directions. Throws Error(usage) for an empty entry
/// or a count that is none.
std::vector<std::string> directionsFromText(const QString& text);
/// How many axes these directions span.
std::size_t axisCount(const std::vector<std::string>& directions);
/// "41" or "41,21": one for all axes or one each. Throws Error(usage).
std::vector<std::uint64_t> stepsFromText(const QString& text, std::size_t axes);
/// "auto", "rel:0.5, abs:1": one for all axes or one each. Throws Error(usage).
std::vector<std::string> rangeFromText(const QString& text, std::size_t axes);

/// The points of a grid with these steps.
double pointCount(const std::vector<std::uint64_t>& steps, std::size_t axes);
/// "12 s", "3 min 20 s", "2 h 5 min".
QString durationText(double seconds);

}  // namespace tarn::ui
