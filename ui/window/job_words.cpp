#include "ui/window/job_words.h"

#include <QObject>

#include "ui/window/sampling_job.h"

namespace tarn::ui {

JobWords wordsFor(const SamplingOrder& order) {
  const QString file = QString::fromStdString(order.project.filename().string());
  if (order.training) {
    return {order.training->resume ? QObject::tr("Training in %1, continued").arg(file)
                                   : QObject::tr("Training into %1").arg(file),
            QObject::tr("The training is complete."), QObject::tr("The training was stopped"),
            QObject::tr("The training failed")};
  }
  if (order.spectrum) {
    return {QObject::tr("Spectrum into %1").arg(file), QObject::tr("The spectrum is complete."),
            QObject::tr("The spectrum was stopped"), QObject::tr("The spectrum failed")};
  }
  if (order.estimate) {
    return {QObject::tr("Measuring the speed of a sampling"),
            QObject::tr("The speed of the sampling was measured."),
            QObject::tr("The measurement was stopped"), QObject::tr("The measurement failed")};
  }
  return {order.growth
              ? QObject::tr("Growing landscape %1 of %2").arg(order.growth->landscape).arg(file)
          : order.resume != 0
              ? QObject::tr("Sampling landscape %1 of %2, continued").arg(order.resume).arg(file)
              : QObject::tr("Sampling %1 into %2")
                    .arg(QString::fromStdString(order.request.name), file),
          QObject::tr("The sampling is complete."), QObject::tr("The sampling was stopped"),
          QObject::tr("The sampling failed")};
}

std::string landscapeName(const LandscapeRequest& request) {
  std::string name;
  for (const std::string& direction : request.directions) {
    name += (name.empty() ? "" : ", ") + direction;
  }
  return request.normalize == "none" ? name : name + ", " + request.normalize;
}

}  // namespace tarn::ui
