#pragma once

#include <QString>
#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace tarn::ui {

/// What leads along an axis of a landscape.
enum class AxisKind { hessianTop, hessianBottom, random, gradient, pca, update, between, file };

inline constexpr std::array kAxisKinds{
    AxisKind::hessianTop, AxisKind::hessianBottom, AxisKind::random,  AxisKind::gradient,
    AxisKind::pca,        AxisKind::update,        AxisKind::between, AxisKind::file};

/// How the window names a kind, and a sentence on it.
QString nameOf(AxisKind kind);
QString explanationOf(AxisKind kind);

/// One axis as the window's fields describe it.
struct AxisWish {
  AxisKind kind = AxisKind::hessianTop;
  std::string run = {};   ///< of pca and update: "3" or "run/3"; empty: the latest
  std::string from = {};  ///< of between: the checkpoint that becomes the centre; empty: the model
  std::string to = {};    ///< of between: the checkpoint where the coefficient is 1
  std::string path = {};  ///< of file
  std::string range = "auto";
  std::uint64_t steps = 41;

  bool operator==(const AxisWish&) const = default;
};

/// What is wrong with an axis, by field; empty: nothing. Files are looked for, not read.
struct AxisProblems {
  QString run;
  QString from;
  QString to;
  QString path;
  QString range;

  bool none() const {
    return run.isEmpty() && from.isEmpty() && to.isEmpty() && path.isEmpty() && range.isEmpty();
  }
};
AxisProblems problemsOf(const AxisWish& wish);

/// What is wrong with the axes together, in a sentence; empty: nothing. `most`: how many axes there
/// may be.
QString problemTogether(const std::vector<AxisWish>& axes, std::size_t most);

/// The words of --directions for the axes; neighbours of one kind make one word: hessian:2. Throws
/// Error(usage) for an axis with problems.
std::vector<std::string> wordsOf(const std::vector<AxisWish>& axes);

/// The axes of a comma list such as "hessian:2,random:1", all with this range and these steps.
/// Throws Error(usage) for a word that cannot be read.
std::vector<AxisWish> axesFromText(const QString& text, const std::string& range,
                                   std::uint64_t steps);

/// What each axis will be called: "hessian:1", "random:1", "pca:2", "between:b.pt".
std::vector<QString> axisNames(const std::vector<AxisWish>& axes);

/// How many points the grid has.
double pointCount(const std::vector<AxisWish>& axes);

}  // namespace tarn::ui
