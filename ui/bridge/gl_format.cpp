#include "ui/bridge/gl_format.h"

#include <QCoreApplication>
#include <QSurfaceFormat>
#include <clocale>

namespace tarn::ui {

void prepareOpenGL() {
  QSurfaceFormat format;
  format.setRenderableType(QSurfaceFormat::OpenGL);
  format.setVersion(3, 2);
  format.setProfile(QSurfaceFormat::CoreProfile);
  format.setSwapBehavior(QSurfaceFormat::DoubleBuffer);
  format.setRedBufferSize(8);
  format.setGreenBufferSize(8);
  format.setBlueBufferSize(8);
  format.setAlphaBufferSize(8);
  format.setDepthBufferSize(8);
  format.setStencilBufferSize(0);
  // VTK antialiases in its own framebuffer.
  format.setSamples(0);
  QSurfaceFormat::setDefaultFormat(format);
  QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
}

void useDecimalPoint() {
  std::setlocale(LC_NUMERIC, "C");
}

}  // namespace tarn::ui
