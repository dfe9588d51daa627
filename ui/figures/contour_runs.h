#pragma once

#include "ui/figures/line_labels.h"
#include "ui/figures/marks.h"
#include "ui/figures/plot_frame.h"
#include "ui/scene/landscape_data.h"

class QPainter;

namespace tarn::ui {

/// A run on the plane: line, marks along it, an open circle where it starts and a star where it
/// ends. Points that are not finite are left out. The halo keeps it apart from what lies below.
void paintRun(QPainter& painter, const PlotFrame& frame, const Trajectory& run, const RunLook& look,
              const QColor& halo = Qt::white);

/// Keeps the labels of iso-lines off a run.
void avoidRun(LineLabels& labels, const PlotFrame& frame, const Trajectory& run);

}  // namespace tarn::ui
