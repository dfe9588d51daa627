#pragma once

#include <QWidget>
#include <optional>

#include "engine/tasks/landscape_task.h"
#include "ui/panels/axis_wish.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QToolButton;
class QTreeWidget;

namespace tarn::ui {

class AxisEditor;
class Field;

/// The axes of the next landscape: what leads along each, how far it reaches and in how many steps.
class DirectionsPanel : public QWidget {
  Q_OBJECT

 public:
  static constexpr std::size_t mostAxes = 5;

  explicit DirectionsPanel(QWidget* parent = nullptr);

  /// Directions, normalization, ranges and steps. Nothing when something is wrong; it is then said
  /// beside the field.
  std::optional<LandscapeRequest> request();
  /// Axes in the words of the command line, "hessian:1,hessian:-1", with the range and the steps
  /// that the first axis has. Throws Error(usage).
  void setDirections(const QString& words);
  std::size_t axes() const { return axes_.size(); }
  /// Of the grid as it is described now.
  double points() const { return pointCount(axes_); }
  void setRuns(const QStringList& runs);
  void setSeed(int seed);

 Q_SIGNALS:
  void changed();
  void seedChanged(int seed);

 private:
  void offerKinds();
  void add(AxisKind kind);
  void remove();
  void move(int by);
  void select(int axis);
  void showSelected();
  void takeEdit();
  void showAxes();
  void showNormalization();
  int selected() const;

  std::vector<AxisWish> axes_{{}, {}};
  QTreeWidget* list_;
  QToolButton* add_;
  QToolButton* remove_;
  QToolButton* up_;
  QToolButton* down_;
  AxisEditor* editor_;
  QCheckBox* alike_;
  QComboBox* normalize_;
  QLabel* note_;
  Field* listField_;
};

}  // namespace tarn::ui
