#include "ui/actions/export_dialog.h"

#include <QClipboard>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/actions/action.h"
#include "ui/actions/icons.h"

namespace tarn::ui {

ExportDialog::ExportDialog(ExportOrder order, LandscapeStyle style, QWidget* parent)
    : QDialog(parent),
      first_(std::move(order)),
      style_(std::move(style)),
      view_(new QComboBox),
      format_(new QComboBox),
      file_(new QLineEdit(QString::fromStdString(first_.file.string()))),
      width_(new QSpinBox),
      height_(new QSpinBox),
      scale_(new QDoubleSpinBox),
      pixels_(new QLabel),
      command_(new QLineEdit) {
  setObjectName("exportDialog");
  setWindowTitle(tr("Export view"));
  describe(view_, "exportViewKind", tr("View"), tr("Which view is exported"));
  describe(format_, "exportFormat", tr("Format"),
           tr("SVG and PDF keep lines and text as such; PNG is an image"));
  describe(file_, "exportFile", tr("File"), tr("Where the figure is written"));
  describe(width_, "exportWidth", tr("Width"), tr("Width in pixels of 1/96 inch"));
  describe(height_, "exportHeight", tr("Height"), tr("Height in pixels of 1/96 inch"));
  describe(scale_, "exportScale", tr("Scale"), tr("PNG: image pixels for each of these pixels"));
  describe(command_, "exportCommand", tr("Command"), tr("The command line that makes this figure"));
  for (const ViewKind kind : viewKinds(first_.axes)) {
    view_->addItem(viewTitle(kind), static_cast<int>(kind));
  }
  view_->setCurrentIndex(view_->findData(static_cast<int>(first_.view)));
  for (QSpinBox* box : {width_, height_}) {
    box->setRange(100, 10'000);
    box->setSuffix(tr(" px"));
    box->setSingleStep(50);
  }
  width_->setValue(first_.size.width());
  height_->setValue(first_.size.height());
  scale_->setRange(0.5, 8);
  scale_->setSingleStep(0.5);
  scale_->setPrefix("×");
  scale_->setValue(first_.scale);
  command_->setReadOnly(true);

  auto* browseButton = new QToolButton;
  describe(browseButton, "exportBrowse", tr("Choose file"), tr("Choose file"));
  browseButton->setIcon(themedIcon("browse"));
  auto* copy = new QToolButton;
  describe(copy, "exportCopyCommand", tr("Copy as command"),
           tr("Copy the command line that makes this figure"));
  copy->setIcon(themedIcon("copy"));
  const auto together = [](QWidget* first, QWidget* second) {
    auto* row = new QHBoxLayout;
    row->addWidget(first, 1);
    row->addWidget(second);
    return row;
  };
  auto* size = new QHBoxLayout;
  size->addWidget(width_);
  size->addWidget(new QLabel("×"));
  size->addWidget(height_);
  size->addStretch(1);

  auto* form = new QFormLayout;
  form->addRow(tr("&View"), view_);
  form->addRow(tr("&Format"), format_);
  form->addRow(tr("F&ile"), together(file_, browseButton));
  form->addRow(tr("&Size"), size);
  form->addRow(tr("S&cale"), together(scale_, pixels_));
  form->addRow(tr("C&ommand"), together(command_, copy));
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  auto* write = buttons->addButton(tr("&Export"), QDialogButtonBox::AcceptRole);
  describe(write, "exportAccept", tr("Export"), tr("Write the figure"));
  auto* column = new QVBoxLayout(this);
  column->addLayout(form);
  column->addWidget(buttons);
  setMinimumWidth(520);

  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(buttons, &QDialogButtonBox::accepted, this, [this] {
    Q_EMIT exportRequested(this->order());
    accept();
  });
  connect(browseButton, &QToolButton::clicked, this, &ExportDialog::browse);
  connect(copy, &QToolButton::clicked, this,
          [this] { QGuiApplication::clipboard()->setText(command_->text()); });
  connect(view_, &QComboBox::currentIndexChanged, this, &ExportDialog::viewChanged);
  connect(format_, &QComboBox::currentTextChanged, this, &ExportDialog::formatChanged);
  connect(file_, &QLineEdit::textChanged, this, [this, write] {
    write->setEnabled(!file_->text().trimmed().isEmpty());
    showCommand();
  });
  connect(width_, &QSpinBox::valueChanged, this, &ExportDialog::showCommand);
  connect(height_, &QSpinBox::valueChanged, this, &ExportDialog::showCommand);
  connect(scale_, &QDoubleSpinBox::valueChanged, this, &ExportDialog::showCommand);
  viewChanged();
}

ViewKind ExportDialog::view() const {
  return static_cast<ViewKind>(view_->currentData().toInt());
}

void ExportDialog::viewChanged() {
  const QString before = format_->currentText();
  format_->clear();
  for (const QString& format : exportFormats(view())) {
    format_->addItem(format.toUpper());
  }
  format_->setCurrentText(before);
  // A name that was only proposed follows the view.
  const QFileInfo info(file_->text());
  for (const ViewKind kind : viewKinds(first_.axes)) {
    if (info.completeBaseName().toStdString() == viewWord(kind)) {
      file_->setText(
          info.dir().filePath(QString::fromStdString(viewWord(view())) + "." + info.suffix()));
      break;
    }
  }
  formatChanged();
}

void ExportDialog::formatChanged() {
  if (format_->currentText().isEmpty()) {
    return;
  }
  const QFileInfo info(file_->text());
  file_->setText(
      info.dir().filePath(info.completeBaseName() + "." + format_->currentText().toLower()));
  scale_->setEnabled(format_->currentText() == "PNG");
  showCommand();
}

void ExportDialog::showCommand() {
  const ExportOrder now = order();
  pixels_->setText(scale_->isEnabled() ? tr("%1 × %2 image pixels")
                                             .arg(qRound(now.size.width() * now.scale))
                                             .arg(qRound(now.size.height() * now.scale))
                                       : tr("%1 × %2 cm")
                                             .arg(now.size.width() / 96.0 * 2.54, 0, 'f', 1)
                                             .arg(now.size.height() / 96.0 * 2.54, 0, 'f', 1));
  command_->setText(QString::fromStdString(renderCommand(now, style_)));
  command_->setCursorPosition(0);
}

void ExportDialog::browse() {
  auto* dialog = new QFileDialog(this, tr("Export to"), file_->text(),
                                 tr("Figure (*.%1)").arg(format_->currentText().toLower()));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(format_->currentText().toLower());
  connect(dialog, &QFileDialog::fileSelected, file_, &QLineEdit::setText);
  dialog->open();
}

ExportOrder ExportDialog::order() const {
  ExportOrder now = first_;
  now.view = view();
  now.file = QFileInfo(file_->text().trimmed()).absoluteFilePath().toStdString();
  now.size = QSize(width_->value(), height_->value());
  now.scale = scale_->isEnabled() ? scale_->value() : 1.0;
  return now;
}

}  // namespace tarn::ui
