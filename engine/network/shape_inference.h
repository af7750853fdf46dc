#pragma once
/// \file
/// Types and shapes of all values of a network, with sizes unknown until it runs (kUnknownSize),
/// for the standard operators up to opset 18 and the operators that Caffe layers become
/// (docs/network.md, "Operators"). The outputs of unknown operators have unknown types and shapes.

#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::network {

/// Sets dtype and shape of every output of every node, from the inputs, parameters and constants.
/// Nodes must be in topological order. What was declared before fills sizes that cannot be
/// inferred; where it contradicts, what is inferred stays and `warnings` (if given) says so.
/// Errors: kInvalidArgument where operands do not fit: "node conv2 (Conv): input has 32 channels,
/// want 64 (weight [128, 64, 3, 3])".
Status InferShapes(Network& network, std::vector<std::string>* warnings = nullptr);

/// Returns "[1, ?, 28, 28]", "?" for an unknown rank.
std::string ShapeText(const NetworkShape& shape);
std::string ShapeText(const std::optional<NetworkShape>& shape);

}  // namespace dlv::network
