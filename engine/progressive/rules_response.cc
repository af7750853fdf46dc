// Local response normalisation: ONNX LRN (operator versions 1 and 13), across channels; LRN of
// Caffe within them.

#include "engine/network/attributes.h"
#include "engine/progressive/graph_builder.h"
#include "engine/progressive/response_layer.h"

namespace dlv::progressive {
namespace {

Outcome AddResponse(GraphBuilder& builder, const NetworkNode& node, const Response& response) {
  const auto value = node.operands.empty() ? std::nullopt : builder.ValueOf(node.operands[0]);
  if (!value) return NoRule{"its input is not a value"};
  if (!response.IsUsable()) return NoRule{"its attributes are out of range"};
  builder.Add(
      std::make_unique<ResponseLayer>(builder.name(), *value, builder.ExtentOf(*value), response));
  return {};
}

Outcome Across(GraphBuilder& builder, const NetworkNode& node) {
  Response response;
  response.size = network::IntegerAttribute(node, "size", 0);
  response.share =
      network::RealAttribute(node, "alpha", 1e-4f) / static_cast<double>(response.size);
  response.beta = network::RealAttribute(node, "beta", 0.75);
  response.bias = network::RealAttribute(node, "bias", 1);
  return AddResponse(builder, node, response);
}

Outcome Within(GraphBuilder& builder, const NetworkNode& node) {
  Response response;
  response.size = network::IntegerAttribute(node, "local_size", 5);
  response.within = true;
  if (response.size < 1 || response.size > 1024 || response.size % 2 == 0)
    return NoRule{"its size is even or out of range"};
  response.share =
      network::RealAttribute(node, "alpha", 1) / static_cast<double>(response.around());
  response.beta = network::RealAttribute(node, "beta", 0.75);
  return AddResponse(builder, node, response);
}

constexpr RuleRow kResponseRules[] = {{"", "LRN", Across}, {"caffe", "LRN", Within}};

}  // namespace

std::span<const RuleRow> ResponseRules() { return kResponseRules; }

}  // namespace dlv::progressive
