#pragma once

#include <QWidget>

class QAbstractButton;
class QButtonGroup;
class QComboBox;

namespace tarn::ui {

/// Which of several parts a view shows: a row of buttons, or a list where there is no room for
/// them.
class PartChooser : public QWidget {
  Q_OBJECT

 public:
  /// objectName: of the list; what is chosen, for people.
  PartChooser(const char* objectName, const QString& text, const QString& tip);

  /// ids are not −1. The first one added is chosen.
  void add(const char* objectName, const QString& text, const QString& tip, int id);
  void setAvailable(int id, bool available);
  /// Says nothing to others.
  void choose(int id);

  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 Q_SIGNALS:
  void chosen(int id);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  QButtonGroup* buttons_;
  QWidget* row_;
  QComboBox* list_;
};

}  // namespace tarn::ui
