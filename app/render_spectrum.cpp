#include "app/render_spectrum.h"

#include <algorithm>
#include <utility>

#include "app/open_grid.h"
#include "engine/project/project.h"
#include "topology/base/error.h"
#include "topology/base/text.h"

namespace tarn::app {
namespace {

/// How to compute a part that is missing.
std::string optionFor(ui::SpectrumPart part) {
  switch (part) {
    case ui::SpectrumPart::eigenvalues:
      return "--top 10";
    case ui::SpectrumPart::density:
      return "--density";
    case ui::SpectrumPart::layers:
      return "--per-layer";
    case ui::SpectrumPart::batches:
      return "--splits 3 --inflation 16,64,256";
    case ui::SpectrumPart::weights:
      break;
  }
  return "--weights";
}

std::vector<ui::SpectrumPart> partsOf(const ui::SpectrumData& data, const std::string& word) {
  if (word.empty()) {
    auto parts = data.parts();
    if (parts.empty()) {
      throw Error(ErrorCode::notFound, "There is nothing in this spectrum to draw.");
    }
    return parts;
  }
  const ui::SpectrumPart part = ui::spectrumPartFromString(word);
  if (!data.has(part)) {
    throw Error(ErrorCode::notFound, "This spectrum has no " + word + ".",
                "Compute one that has: tarn spectrum " + optionFor(part) + ".");
  }
  return {part};
}

void requireLayer(const ui::SpectrumData& data, const std::string& layer) {
  const bool known =
      data.weightsOf(layer) ||
      std::ranges::find(data.layers, layer, &ui::LayerCurvature::layer) != data.layers.end();
  if (layer.empty() || known) {
    return;
  }
  std::vector<std::string> names;
  for (const ui::LayerCurvature& one : data.layers) {
    names.push_back(one.layer);
  }
  for (const ui::WeightSpectrum& one : data.weights) {
    names.push_back(one.title());
  }
  throw Error(ErrorCode::usage, "This spectrum has no layer '" + layer + "'.",
              names.empty() ? "It has no layers at all." : "It has " + tarn::joined(names) + ".");
}

}  // namespace

ResultAddress spectrumAddress(const std::string& file) {
  if (!isProject(file)) {
    throw Error(ErrorCode::usage, "'" + file + "' is no project, so it has no spectrum.",
                "Name a NAME.tarn.");
  }
  ResultAddress address = parseAddress(file);
  if (address.path.string() == file) {
    address.kind = ResultKind::spectrum;
  }
  if (address.kind != ResultKind::spectrum) {
    throw Error(ErrorCode::usage, "'" + file + "' is not the address of a spectrum.",
                "Write NAME.tarn#spectrum/ID; `tarn info` lists the ids.");
  }
  return address;
}

nlohmann::json writeSpectrum(const SpectrumPicture& picture, const ui::FigureSpec& spec) {
  const ResultAddress address = spectrumAddress(picture.file);
  const auto project = Project::open(address.path, Access::read);
  const auto id = project->resolve(address.kind, address.id);
  const auto data =
      std::make_shared<const ui::SpectrumData>(ui::spectrumDataOf(project->spectrum(id).result));
  const auto parts = partsOf(*data, picture.part);
  requireLayer(*data, picture.style.layer);
  ui::writeSpectrumFigure(picture.out, data, parts, picture.style, spec);
  nlohmann::json words = nlohmann::json::array();
  for (const ui::SpectrumPart part : parts) {
    words.push_back(toString(part));
  }
  return {{"figure", picture.out.string()},
          {"view", "spectrum"},
          {"spectrum", formatAddress({address.path, ResultKind::spectrum, id})},
          {"parts", words}};
}

}  // namespace tarn::app
