#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "topology/base/error.h"

class QHBoxLayout;
class QLabel;

namespace tarn::ui {

/// A message over the views, with buttons: what happened, why, what to do. Never modal; a new
/// message replaces the one before it.
class NoticeBar : public QWidget {
  Q_OBJECT

 public:
  enum class Kind { information, question, problem };
  struct Choice {
    QString objectName;
    QString text;
    std::function<void()> chosen;
  };

  explicit NoticeBar(QWidget* parent = nullptr);

  void showNotice(Kind kind, const QString& title, const QString& detail,
                  std::vector<Choice> choices = {});
  void showError(const QString& title, const Error& error, std::vector<Choice> choices = {});
  /// Title and detail of what is shown; empty when hidden.
  QString text() const;
  void dismiss();
  /// What the close button of the bar chooses; by default nothing.
  void setDismissChoice(const QString& objectName) { dismissChoice_ = objectName; }

 protected:
  void changeEvent(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;

 private:
  void clearChoices();

  QString dismissChoice_;
  Kind kind_ = Kind::information;
  QLabel* icon_;
  QLabel* title_;
  QLabel* detail_;
  QHBoxLayout* buttons_;
};

}  // namespace tarn::ui
