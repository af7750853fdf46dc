#pragma once
/// \file
/// Layers that compare scores with labels, as Caffe's networks for training have them.

#include <string>
#include <vector>

#include "dlv/network.h"

namespace dlv::network {

/// Takes the Caffe layers out that compare what a node makes with labels (Accuracy,
/// SoftmaxWithLoss and other losses), and the inputs that are nothing but their labels. Outputs are
/// then the others that the network has, and scores that only such layers read, those of the last
/// layer first. Returns the layers, "loss (SoftmaxWithLoss)", in their order; nothing, and the
/// network is as it was, where something else reads labels or what such a layer makes.
std::vector<std::string> TakeOutLabelLayers(Network& network);

}  // namespace dlv::network
