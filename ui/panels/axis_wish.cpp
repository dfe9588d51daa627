#include "ui/panels/axis_wish.h"

#include <QFileInfo>
#include <QObject>
#include <QStringList>
#include <algorithm>
#include <map>
#include <set>

#include "engine/protocol/range_text.h"
#include "engine/tasks/direction_text.h"
#include "engine/tasks/experiment.h"
#include "topology/base/error.h"
#include "ui/panels/field.h"

namespace tarn::ui {
namespace {

/// The word of one axis alone.
DirectionWord wordOf(const AxisWish& wish) {
  switch (wish.kind) {
    case AxisKind::hessianTop:
      return {"hessian"};
    case AxisKind::hessianBottom:
      return {"hessian", -1};
    case AxisKind::random:
      return {"random"};
    case AxisKind::gradient:
      return {"gradient"};
    case AxisKind::pca:
    case AxisKind::update: {
      const std::string kind = wish.kind == AxisKind::pca ? "pca" : "update";
      return parseDirection(wish.run.empty() ? kind : kind + "@" + wish.run);
    }
    case AxisKind::between:
      return parseDirection("between:" + (wish.from.empty() ? "" : wish.from + ";") + wish.to);
    case AxisKind::file:
      return parseDirection("file:" + wish.path);
  }
  return {};
}

QString fileProblem(const std::string& path) {
  const QFileInfo info(QString::fromStdString(path));
  return info.isFile() && info.isReadable()
             ? QString()
             : QObject::tr("There is no file %1 that can be read.").arg(info.filePath());
}

QString checkpointProblem(const std::string& text) {
  if (text.find(';') != std::string::npos) {
    return QObject::tr("One checkpoint is named here: the name has no semicolon.");
  }
  try {
    checkpointFromText(text);
  } catch (const Error& error) {
    return sentencesOf(error);
  }
  return !text.starts_with("run/") && modelIsFile(text) ? fileProblem(text) : QString();
}

/// The file of PATH or PATH#NAME.
std::string fileOf(const std::string& path) {
  return path.substr(0, path.rfind('#'));
}

std::string shortName(const std::string& path) {
  return path.starts_with("run/")
             ? path
             : QFileInfo(QString::fromStdString(path)).fileName().toStdString();
}

/// Neighbours that one word stands for.
bool continues(const DirectionWord& before, const DirectionWord& word) {
  return before.kind == word.kind && before.run == word.run &&
         (before.count < 0) == (word.count < 0) &&
         (word.kind == "hessian" || word.kind == "random" || word.kind == "pca");
}

}  // namespace

QString nameOf(AxisKind kind) {
  switch (kind) {
    case AxisKind::hessianTop:
      return QObject::tr("Hessian, largest");
    case AxisKind::hessianBottom:
      return QObject::tr("Hessian, smallest");
    case AxisKind::random:
      return QObject::tr("Random");
    case AxisKind::gradient:
      return QObject::tr("Gradient");
    case AxisKind::pca:
      return QObject::tr("PCA of a run");
    case AxisKind::update:
      return QObject::tr("Last update of a run");
    case AxisKind::between:
      return QObject::tr("Between checkpoints");
    case AxisKind::file:
      return QObject::tr("From a file");
  }
  return {};
}

QString explanationOf(AxisKind kind) {
  switch (kind) {
    case AxisKind::hessianTop:
      return QObject::tr(
          "The eigenvector of the Hessian's largest eigenvalue; a second such axis takes the next "
          "one");
    case AxisKind::hessianBottom:
      return QObject::tr(
          "The eigenvector of the Hessian's smallest eigenvalue; a second such axis takes the next "
          "one");
    case AxisKind::random:
      return QObject::tr("Gaussian, orthogonal to the other random axes");
    case AxisKind::gradient:
      return QObject::tr("The gradient of the loss at the model");
    case AxisKind::pca:
      return QObject::tr(
          "The main way of a training run's snapshots; a second such axis takes the next one");
    case AxisKind::update:
      return QObject::tr("The last snapshot of a training run minus the one before");
    case AxisKind::between:
      return QObject::tr("The way from the model, or from a checkpoint, to another checkpoint");
    case AxisKind::file:
      return QObject::tr("A vector, or a tensor for each of the model's");
  }
  return {};
}

AxisProblems problemsOf(const AxisWish& wish) {
  AxisProblems problems;
  if (wish.kind == AxisKind::pca || wish.kind == AxisKind::update) {
    try {
      wordOf(wish);
    } catch (const Error&) {
      problems.run = QObject::tr("'%1' is not the number of a run. Leave it empty for the latest.")
                         .arg(QString::fromStdString(wish.run));
    }
  }
  if (wish.kind == AxisKind::between) {
    problems.from = wish.from.empty() ? QString() : checkpointProblem(wish.from);
    problems.to = wish.to.empty() ? QObject::tr("Name the checkpoint that the axis leads to.")
                                  : checkpointProblem(wish.to);
  }
  if (wish.kind == AxisKind::file) {
    problems.path = wish.path.empty() ? QObject::tr("Name a .npy or .safetensors file.")
                                      : fileProblem(fileOf(wish.path));
  }
  if (wish.range != "runs") {
    try {
      parseRange(wish.range);
    } catch (const Error&) {
      problems.range =
          QObject::tr(
              "'%1' is not a range. Write auto, runs, rel:0.5 (of the parameters' norm), "
              "abs:1 or abs:-0.5..1.5.")
              .arg(QString::fromStdString(wish.range));
    }
  }
  return problems;
}

QString problemTogether(const std::vector<AxisWish>& axes, std::size_t most) {
  if (axes.empty()) {
    return QObject::tr("Add at least one axis.");
  }
  if (axes.size() > most) {
    return QObject::tr("There may be %1 axes at most.").arg(most);
  }
  std::set<std::string> centres;
  std::set<std::string> once;
  for (const AxisWish& axis : axes) {
    if (axis.kind == AxisKind::between && !axis.from.empty()) {
      centres.insert(axis.from);
    }
    const bool alone = axis.kind == AxisKind::gradient || axis.kind == AxisKind::update ||
                       axis.kind == AxisKind::between || axis.kind == AxisKind::file;
    const std::string what = nameOf(axis.kind).toStdString() + axis.run + axis.to + axis.path;
    if (alone && !once.insert(what).second) {
      return QObject::tr("%1 is there twice: a landscape needs axes that are not parallel.")
          .arg(nameOf(axis.kind));
    }
  }
  return centres.size() > 1 ? QObject::tr(
                                  "There is one centre: name the same checkpoint under From "
                                  "for every axis, or leave it empty.")
                            : QString();
}

std::vector<std::string> wordsOf(const std::vector<AxisWish>& axes) {
  std::vector<DirectionWord> words;
  bool hasCentre = false;
  for (const AxisWish& axis : axes) {
    DirectionWord word = wordOf(axis);
    if (word.checkpoints.size() > 1) {
      // The centre is named once.
      if (hasCentre) {
        word.checkpoints.erase(word.checkpoints.begin());
      }
      hasCentre = true;
    }
    if (!words.empty() && continues(words.back(), word)) {
      words.back().count += word.count;
    } else {
      words.push_back(std::move(word));
    }
  }
  std::vector<std::string> texts;
  std::ranges::transform(words, std::back_inserter(texts),
                         [](const DirectionWord& word) { return toString(word); });
  return texts;
}

std::vector<AxisWish> axesFromText(const QString& text, const std::string& range,
                                   std::uint64_t steps) {
  std::vector<AxisWish> axes;
  for (const QString& part : text.split(',')) {
    const DirectionWord word = parseDirection(part.trimmed().toStdString());
    AxisWish axis;
    axis.range = range;
    axis.steps = steps;
    axis.kind = word.kind == "random"     ? AxisKind::random
                : word.kind == "gradient" ? AxisKind::gradient
                : word.kind == "pca"      ? AxisKind::pca
                : word.kind == "update"   ? AxisKind::update
                : word.kind == "between"  ? AxisKind::between
                : word.kind == "file"     ? AxisKind::file
                : word.count < 0          ? AxisKind::hessianBottom
                                          : AxisKind::hessianTop;
    axis.run = word.run ? std::to_string(*word.run) : "";
    axis.path = word.path;
    axis.from = word.checkpoints.size() > 1 ? word.checkpoints.front() : "";
    const auto ends = word.ends();
    for (std::size_t i = 0; i < word.axes(); ++i) {
      axis.to = i < ends.size() ? ends[i] : "";
      axes.push_back(axis);
    }
  }
  return axes;
}

std::vector<QString> axisNames(const std::vector<AxisWish>& axes) {
  std::vector<QString> names;
  std::map<std::pair<AxisKind, std::string>, int> places;
  for (const AxisWish& axis : axes) {
    const int place = ++places[{axis.kind, axis.run}];
    const QString run =
        axis.run.empty() ? QString() : QStringLiteral("@") + QString::fromStdString(axis.run);
    switch (axis.kind) {
      case AxisKind::hessianTop:
        names.push_back(QStringLiteral("hessian:%1").arg(place));
        break;
      case AxisKind::hessianBottom:
        names.push_back(QStringLiteral("hessian:-%1").arg(place));
        break;
      case AxisKind::random:
        names.push_back(QStringLiteral("random:%1").arg(place));
        break;
      case AxisKind::gradient:
        names.push_back(QStringLiteral("gradient"));
        break;
      case AxisKind::pca:
        names.push_back(QStringLiteral("pca:%1%2").arg(place).arg(run));
        break;
      case AxisKind::update:
        names.push_back(QStringLiteral("update%1").arg(run));
        break;
      case AxisKind::between:
        names.push_back(QStringLiteral("between:") + QString::fromStdString(shortName(axis.to)));
        break;
      case AxisKind::file:
        names.push_back(QStringLiteral("file:") + QString::fromStdString(shortName(axis.path)));
        break;
    }
  }
  return names;
}

double pointCount(const std::vector<AxisWish>& axes) {
  double points = 1;
  for (const AxisWish& axis : axes) {
    points *= static_cast<double>(axis.steps);
  }
  return points;
}

}  // namespace tarn::ui
