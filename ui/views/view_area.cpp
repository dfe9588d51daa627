#include "ui/views/view_area.h"

#include <QEvent>
#include <QLabel>
#include <QSplitter>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>

#include "ui/actions/icons.h"
#include "ui/views/contour_view.h"
#include "ui/views/curves_view.h"
#include "ui/views/persistence_view.h"
#include "ui/views/profile_view.h"
#include "ui/views/slice_bar.h"
#include "ui/views/spectrum_view.h"
#include "ui/views/surface_view.h"
#include "ui/views/tree_view.h"
#include "ui/views/volume_view.h"

namespace tarn::ui {

ViewArea::ViewArea(QWidget* parent)
    : QWidget(parent),
      layout_(new QVBoxLayout(this)),
      sliceBar_(new SliceBar),
      surface_(new SurfaceView(this)),
      contour_(new ContourView(this)),
      volume_(new VolumeView(this)),
      tree_(new TreeView(this)),
      persistence_(new PersistenceView(this)),
      profile_(new ProfileView(this)),
      spectrum_(new SpectrumView(this)),
      curves_(new CurvesView(this)),
      views_{surface_, contour_, volume_, tree_, persistence_, profile_, spectrum_, curves_},
      current_(surface_) {
  setObjectName("viewArea");
  layout_->setContentsMargins(0, 0, 0, 0);
  layout_->setSpacing(0);
  layout_->addWidget(sliceBar_);
  for (LandscapeView* view : views_) {
    view->installEventFilter(this);
    for (QWidget* child : view->findChildren<QWidget*>()) {
      child->installEventFilter(this);
    }
  }
  arrangement_ = makeTabs();
  layout_->addWidget(arrangement_, 1);
}

QString ViewArea::titleOf(const LandscapeView* view) const {
  return view == surface_       ? tr("Surface")
         : view == contour_     ? tr("Contour")
         : view == volume_      ? tr("Volume")
         : view == tree_        ? tr("Merge tree")
         : view == persistence_ ? tr("Persistence")
         : view == profile_     ? tr("Profile")
         : view == spectrum_    ? tr("Spectrum")
                                : tr("Curves");
}

QString ViewArea::iconOf(const LandscapeView* view) const {
  return view == surface_       ? QStringLiteral("surface")
         : view == contour_     ? QStringLiteral("contour")
         : view == volume_      ? QStringLiteral("volume")
         : view == tree_        ? QStringLiteral("tree")
         : view == persistence_ ? QStringLiteral("barcode")
         : view == profile_     ? QStringLiteral("profile")
         : view == spectrum_    ? QStringLiteral("spectrum")
                                : QStringLiteral("run");
}

QWidget* ViewArea::makeTabs() {
  tabs_ = new QTabWidget;
  tabs_->setObjectName("viewTabs");
  tabs_->setAccessibleName(tr("Views"));
  tabs_->setDocumentMode(true);
  for (LandscapeView* view : views_) {
    tabs_->addTab(view, themedIcon(iconOf(view)), titleOf(view));
  }
  tabs_->setTabVisible(tabs_->indexOf(volume_), volumeOffered_);
  tabs_->setCurrentWidget(current_);
  connect(tabs_, &QTabWidget::currentChanged, this, [this](int index) {
    current_ = views_[static_cast<std::size_t>(index)];
    Q_EMIT currentChanged();
  });
  return tabs_;
}

QWidget* ViewArea::makeTile(LandscapeView* view) {
  auto* tile = new QWidget;
  auto* column = new QVBoxLayout(tile);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* title = new QLabel(titleOf(view));
  title->setMargin(4);
  column->addWidget(title);
  column->addWidget(view, 1);
  view->show();
  return tile;
}

QWidget* ViewArea::makeTiles() {
  tabs_ = nullptr;
  // The landscape on the left over its persistence and the spectrum, what else is known of it and
  // the runs on the right.
  auto* across = new QSplitter(Qt::Horizontal);
  across->setObjectName("viewTiles");
  auto* left = new QSplitter(Qt::Vertical);
  left->addWidget(makeTile(surface_));
  volumeTile_ = makeTile(volume_);
  volumeTile_->setVisible(volumeOffered_);
  left->addWidget(volumeTile_);
  left->addWidget(makeTile(persistence_));
  left->addWidget(makeTile(spectrum_));
  auto* right = new QSplitter(Qt::Vertical);
  right->addWidget(makeTile(contour_));
  right->addWidget(makeTile(tree_));
  right->addWidget(makeTile(profile_));
  right->addWidget(makeTile(curves_));
  across->addWidget(left);
  across->addWidget(right);
  across->setStretchFactor(0, 3);
  across->setStretchFactor(1, 2);
  across->setSizes({3000, 2000});
  left->setSizes({2000, 2000, 1000, 1000});
  right->setSizes({1000, 1000, 1000, 1000});
  for (QSplitter* splitter : {across, left, right}) {
    splitter->setChildrenCollapsible(false);
  }
  return across;
}

void ViewArea::setTiled(bool tiled) {
  if (tiled == tiled_) {
    return;
  }
  tiled_ = tiled;
  QWidget* before = arrangement_;
  if (tabs_ != nullptr) {
    tabs_->disconnect(this);
  }
  for (LandscapeView* view : views_) {
    view->setParent(this);
  }
  layout_->removeWidget(before);
  delete before;
  volumeTile_ = nullptr;
  arrangement_ = tiled ? makeTiles() : makeTabs();
  layout_->addWidget(arrangement_, 1);
  arrangement_->show();
}

void ViewArea::offerVolume(bool offered) {
  volumeOffered_ = offered;
  if (!offered && current_ == volume_) {
    setCurrent(surface_);
  }
  if (tabs_ != nullptr) {
    tabs_->setTabVisible(tabs_->indexOf(volume_), offered);
  } else {
    volumeTile_->setVisible(offered);
  }
}

void ViewArea::setCurrent(LandscapeView* view) {
  if (tabs_ != nullptr) {
    tabs_->setCurrentWidget(view);
  } else {
    view->setFocus();
  }
  if (current_ != view) {
    current_ = view;
    Q_EMIT currentChanged();
  }
}

bool ViewArea::eventFilter(QObject* watched, QEvent* event) {
  if (tiled_ && (event->type() == QEvent::MouseButtonPress || event->type() == QEvent::FocusIn)) {
    for (LandscapeView* view : views_) {
      auto* widget = static_cast<QWidget*>(watched);
      if (view != current_ && (view == widget || view->isAncestorOf(widget))) {
        current_ = view;
        Q_EMIT currentChanged();
      }
    }
  }
  return QWidget::eventFilter(watched, event);
}

}  // namespace tarn::ui
