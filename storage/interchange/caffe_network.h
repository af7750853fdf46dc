#pragma once
/// \file
/// Caffe layers as nodes. Layers that mean exactly what an ONNX operator means become that
/// operator; the others keep their type as operator, in the domain "caffe", with their settings.

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "storage/interchange/caffe_layer.h"
#include "storage/interchange/network_readers.h"

namespace dlv::interchange {

inline constexpr std::string_view kCaffeDomain = "caffe";

using CaffeShape = std::optional<NetworkShape>;

/// A blob as the layers so far have left it.
struct CaffeValue {
  NetworkOperand operand;
  CaffeShape shape;
  bool is_read = false;
};

/// A node as a layer's function makes it; what is common to all layers is added after it.
struct CaffeNode {
  std::string op;
  std::string domain;  ///< empty: the standard operators
  std::vector<NetworkAttribute> attributes;
  struct Parameter {
    std::size_t place = 0;  ///< among the layer's blobs
    CaffeShape shape;
  };
  std::vector<Parameter> parameters;
  std::vector<CaffeShape> shapes;  ///< of the tops; missing: unknown
  bool flatten_before = false;     ///< the input is made a matrix first
};

/// Returns the node of a layer from the shapes of what it reads.
CaffeNode MakeCaffeNode(const CaffeLayer& layer, const std::vector<CaffeShape>& bottoms);

/// Whether a layer gives the network's inputs.
bool IsCaffeInput(const CaffeLayer& layer);
/// Returns the shapes of the tops of such a layer, as far as the file says.
std::vector<CaffeShape> CaffeInputShapes(const CaffeLayer& layer);

/// Returns the network of the layers in one phase.
/// Errors: kCorruption naming the layer that reads what no layer before it makes; kUnsafe.
Result<Network> BuildCaffeNetwork(const Tree& tree, std::string_view phase);

}  // namespace dlv::interchange
