#include "ui/bridge/render_widget.h"

#include <QOpenGLContext>
#include <QOpenGLExtraFunctions>
#include <algorithm>
#include <cmath>

#include <vtkCallbackCommand.h>
#include <vtkCommand.h>
#include <vtkOpenGLFramebufferObject.h>
#include <vtkOpenGLState.h>

namespace tarn::ui {

RenderWidget::RenderWidget(QWidget* parent) : QOpenGLWidget(parent) {
  setUpdateBehavior(QOpenGLWidget::NoPartialUpdate);
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  window_->SetReadyForRendering(false);
  window_->SetOwnContext(0);
  window_->SetFrameBlitModeToNoBlit();
  connectWindow();
}

RenderWidget::~RenderWidget() {
  QObject::disconnect(contextGone_);
  if (rendering_) {
    makeCurrent();
    window_->Finalize();
    window_->SetReadyForRendering(false);
    doneCurrent();
  }
  window_->RemoveObserver(onWindowEvent_);
}

void RenderWidget::connectWindow() {
  onWindowEvent_->SetClientData(this);
  onWindowEvent_->SetCallback([](vtkObject*, unsigned long event, void* self, void* answer) {
    auto* widget = static_cast<RenderWidget*>(self);
    if (event == vtkCommand::WindowMakeCurrentEvent) {
      widget->makeWindowCurrent();
    } else if (event == vtkCommand::WindowIsCurrentEvent) {
      *static_cast<bool*>(answer) = widget->windowIsCurrent();
    } else if (event == vtkCommand::WindowSupportsOpenGLEvent) {
      *static_cast<int*>(answer) = 1;
    } else if (event == vtkCommand::WindowIsDirectEvent) {
      *static_cast<int*>(answer) = 1;
    }
  });
  for (const auto event :
       {vtkCommand::WindowMakeCurrentEvent, vtkCommand::WindowIsCurrentEvent,
        vtkCommand::WindowSupportsOpenGLEvent, vtkCommand::WindowIsDirectEvent}) {
    window_->AddObserver(event, onWindowEvent_);
  }
}

// QOpenGLWidget::makeCurrent() would also bind Qt's framebuffer, behind the back of VTK's cache.
void RenderWidget::makeWindowCurrent() {
  if (context() != nullptr && surface_ != nullptr && !windowIsCurrent()) {
    context()->makeCurrent(surface_);
  }
}

bool RenderWidget::windowIsCurrent() const {
  auto* current = QOpenGLContext::currentContext();
  return current != nullptr && current == context() && current->surface() == surface_;
}

void RenderWidget::requestRender() {
  dirty_ = true;
  update();
}

QPointF RenderWidget::toRenderPixels(const QPointF& position) const {
  const double ratio = devicePixelRatioF();
  return {position.x() * ratio, (height() - position.y()) * ratio - 1.0};
}

void RenderWidget::initializeGL() {
  QObject::disconnect(contextGone_);
  contextGone_ =
      connect(context(), &QOpenGLContext::aboutToBeDestroyed, this, &RenderWidget::releaseContext);
  surface_ = context()->surface();
  window_->SetReadyForRendering(true);
  window_->SetMapped(1);
  window_->OpenGLInitContext();
  rendering_ = window_->hasOpenGL();
  if (!rendering_) {
    window_->SetReadyForRendering(false);
    Q_EMIT failed(
        tr("The surface view needs OpenGL 3.2, which this display does not offer. The "
           "contour and the merge tree do not need it."));
    return;
  }
  window_->OpenGLInit();
  auto* state = window_->GetState();
  state->Reset();
  state->vtkglEnable(GL_DEPTH_TEST);
  state->vtkglDepthFunc(GL_LEQUAL);
  fitWindow();
}

void RenderWidget::releaseContext() {
  if (!rendering_) {
    return;
  }
  makeWindowCurrent();
  window_->Finalize();
  window_->SetReadyForRendering(false);
  rendering_ = false;
  surface_ = nullptr;
  dirty_ = true;
}

void RenderWidget::fitWindow() {
  const double ratio = devicePixelRatioF();
  const int wide = std::max(1, static_cast<int>(std::lround(width() * ratio)));
  const int high = std::max(1, static_cast<int>(std::lround(height() * ratio)));
  window_->SetSize(wide, high);
  window_->SetScreenSize(wide, high);
  window_->SetDPI(std::max(1, static_cast<int>(std::lround(72 * ratio))));
  dirty_ = true;
}

void RenderWidget::resizeGL(int /*width*/, int /*height*/) {
  fitWindow();
}

void RenderWidget::paintGL() {
  if (!rendering_ || painting_) {
    return;
  }
  painting_ = true;
  // Qt may hand over another surface after the widget was moved to another window.
  surface_ = context()->surface();
  auto* state = window_->GetState();
  state->Reset();
  state->Push();
  state->vtkglDepthFunc(GL_LEQUAL);
  const bool fresh = dirty_ || window_->GetDisplayFramebuffer()->GetFBOIndex() == 0;
  if (fresh) {
    dirty_ = false;
    window_->Render();
  }
  makeCurrent();
  copyToScreen();
  state->Pop();
  painting_ = false;
  if (fresh) {
    Q_EMIT rendered();
  }
}

void RenderWidget::copyToScreen() {
  auto* state = window_->GetState();
  auto* gl = context()->extraFunctions();
  const int* size = window_->GetSize();
  gl->glBindFramebuffer(GL_DRAW_FRAMEBUFFER, defaultFramebufferObject());
  const GLenum target = GL_COLOR_ATTACHMENT0;
  gl->glDrawBuffers(1, &target);
  state->vtkglDisable(GL_SCISSOR_TEST);
  window_->BlitDisplayFramebuffer(0, 0, 0, size[0], size[1], 0, 0, size[0], size[1],
                                  GL_COLOR_BUFFER_BIT, GL_NEAREST);
  // What VTK left in alpha would let the windows behind shine through.
  gl->glBindFramebuffer(GL_DRAW_FRAMEBUFFER, defaultFramebufferObject());
  state->vtkglColorMask(GL_FALSE, GL_FALSE, GL_FALSE, GL_TRUE);
  state->vtkglClearColor(0.0F, 0.0F, 0.0F, 1.0F);
  state->vtkglClear(GL_COLOR_BUFFER_BIT);
  state->vtkglColorMask(GL_TRUE, GL_TRUE, GL_TRUE, GL_TRUE);
}

}  // namespace tarn::ui
