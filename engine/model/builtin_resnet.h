#pragma once

#include <memory>
#include <string>

#include "engine/model/builtin_spec.h"
#include "engine/model/model.h"

namespace tarn::engine {

/// The grammar of `resnet20`, `resnet32` and `resnet56`, as a remedy.
const std::string& resnetGrammar();

/// The residual networks for 3×32×32 images and 10 classes of He et al., Deep Residual Learning
/// for Image Recognition (2016), section 4.2: a 3×3 convolution to 16 channels, three stages of
/// (depth − 2)/6 blocks of two 3×3 convolutions with 16, 32 and 64 channels, the second and third
/// stage halving the image, and the average over it before a linear layer. Shortcuts have no
/// parameters (option A): where a stage begins they take every second pixel and pad with channels
/// of zeros. ResNet-20 has 269,722 parameters.
///
/// skip=off leaves the shortcuts out; bn=off gives the convolutions a bias instead of BatchNorm.
/// Names and order of the tensors are those of the usual PyTorch modules (`conv1`, `bn1`,
/// `layer1.0.conv1`, …, `linear`). The start is He's (normal, variance 2/fan-in) with linear.bias
/// uniform as in PyTorch; without BatchNorm but with shortcuts the second convolution of a block is
/// divided by √blocks, so that the sum over the blocks stays of one size.
/// Throws Error(usage).
std::unique_ptr<Model> makeResnet(BuiltinSpec spec, const std::string& sha256);

}  // namespace tarn::engine
