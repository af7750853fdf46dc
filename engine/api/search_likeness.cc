#include "engine/api/search_likeness.h"

#include <algorithm>

#include "engine/network/adjacency.h"

namespace dlv::api {
namespace {

/// "Conv 3x3 /2 64": what makes one layer another one.
std::string LayerText(const NetworkNode& node) {
  std::string text = node.op;
  for (const NetworkAttribute& attribute : node.attributes) {
    if (attribute.name != "kernel_shape" && attribute.name != "strides") continue;
    const auto* sizes = std::get_if<std::vector<std::int64_t>>(&attribute.value);
    if (sizes == nullptr) continue;
    text += attribute.name == "strides" ? " /" : " ";
    for (const std::int64_t size : *sizes) text += std::to_string(size) + "x";
  }
  const bool shaped =
      !node.outputs.empty() && node.outputs.front().shape && node.outputs.front().shape->size() > 1;
  return text + (shaped ? " " + std::to_string((*node.outputs.front().shape)[1]) : "");
}

}  // namespace

Features FeaturesOf(const Network& network) {
  const network::Adjacency adjacency(network);
  Features features;
  for (std::size_t i = 0; i < network.nodes.size(); ++i) {
    const NetworkNode& node = network.nodes[i];
    features["op " + node.op] += 1;
    features["layer " + LayerText(node)] += 2;
    for (const network::NodeIndex next : adjacency.next(static_cast<network::NodeIndex>(i)))
      features["edge " + node.op + " " + network.nodes[next].op] += 1;
  }
  return features;
}

Features FeaturesOf(const archive::Layout& layout) {
  Features features;
  for (const archive::LayoutTensor& tensor : layout.tensors) {
    if (tensor.role == TensorRole::kOptimizer) continue;
    std::string shape(NameOf(tensor.dtype));
    for (const std::int64_t size : tensor.shape) shape += " " + std::to_string(size);
    features["shape " + shape] += 2;
    features["name " + tensor.name] += 1;
  }
  return features;
}

double Likeness(const Features& a, const Features& b) {
  double both = 0, either = 0;
  for (const auto& [name, weight] : a) {
    const auto found = b.find(name);
    const double other = found == b.end() ? 0 : found->second;
    both += std::min(weight, other);
    either += std::max(weight, other);
  }
  for (const auto& [name, weight] : b) {
    if (!a.contains(name)) either += weight;
  }
  return either > 0 ? both / either : 0;
}

}  // namespace dlv::api
