#pragma once

#include <QStringList>
#include <QWidget>

#include "ui/panels/axis_wish.h"

class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace tarn::ui {

class Field;

/// The fields of one axis; only those of its kind are shown.
class AxisEditor : public QWidget {
  Q_OBJECT

 public:
  /// The fields' object names begin with the prefix.
  explicit AxisEditor(const QString& prefix, QWidget* parent = nullptr);

  void setWish(const AxisWish& wish);
  AxisWish wish() const;
  /// Says beside the fields what is wrong; true when nothing is.
  bool check();
  void clearProblems();
  /// Says it beside the number of steps.
  void setStepsProblem(const QString& problem);
  /// The runs that are offered: "run/1".
  void setRuns(const QStringList& runs);
  /// Random axes are drawn with the seed of the experiment.
  void setSeed(int seed);
  void setSeedShown(bool shown);

 Q_SIGNALS:
  /// By the user.
  void changed();
  void seedChanged(int seed);

 private:
  Field* addField(const QString& label, QWidget* input, QWidget* beside = nullptr);
  QComboBox* addNames(const QString& objectName, const QString& name, const QString& tip);
  QWidget* browseButton(QWidget* input, const QString& filter);
  void showFields();
  void take();

  QString prefix_;
  QFormLayout* form_;
  QComboBox* kind_;
  QSpinBox* seed_;
  QComboBox* run_;
  QComboBox* from_;
  QComboBox* to_;
  QLineEdit* path_;
  QComboBox* range_;
  QSpinBox* steps_;
  Field* seedField_;
  Field* runField_;
  Field* fromField_;
  Field* toField_;
  Field* pathField_;
  Field* rangeField_;
  Field* stepsField_;
  bool seedShown_ = true;
  bool filling_ = false;
};

}  // namespace tarn::ui
