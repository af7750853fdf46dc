#include "cli/json_network.h"

#include <cmath>

#include "cli/json_values.h"
#include "cli/network_table.h"

namespace dlv::cli {
namespace {

Json GraphJson(const Network& network);

Json FiniteOrNull(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json SizesJson(const std::optional<NetworkShape>& shape) {
  if (!shape) return nullptr;
  Json sizes = Json::array();
  for (const std::int64_t size : *shape) sizes.push_back(size < 0 ? Json(nullptr) : Json(size));
  return sizes;
}

Json TypeJson(const std::optional<DType>& dtype) {
  return dtype ? Json(std::string(dlv::NameOf(*dtype))) : Json(nullptr);
}

Json ValueJson(const NetworkValue& value) {
  return {
      {"name", value.name}, {"dtype", TypeJson(value.dtype)}, {"shape", SizesJson(value.shape)}};
}

Json ValueJson(const NetworkConstant& constant) {
  return {{"dtype", std::string(dlv::NameOf(constant.dtype))},
          {"shape", constant.shape},
          {"bytes", constant.bytes.size()}};
}

struct AttributeJson {
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(double value) const { return FiniteOrNull(value); }
  Json operator()(const std::string& value) const { return value; }
  Json operator()(const std::vector<std::int64_t>& values) const { return values; }
  Json operator()(const std::vector<double>& values) const {
    Json list = Json::array();
    for (const double value : values) list.push_back(FiniteOrNull(value));
    return list;
  }
  Json operator()(const std::vector<std::string>& values) const { return values; }
  Json operator()(const NetworkConstant& value) const { return ValueJson(value); }
  Json operator()(const std::shared_ptr<const Network>& network) const {
    return GraphJson(*network);
  }
};

std::string OperandName(const Network& network, const NetworkOperand& operand) {
  switch (operand.kind) {
    case OperandKind::kNode:
      return network.nodes[operand.index].name;
    case OperandKind::kInput:
      return network.inputs[operand.index].name;
    case OperandKind::kParameter:
      return network.parameters[operand.index].name;
    case OperandKind::kOuter:
      return operand.name;
    case OperandKind::kConstant:
    case OperandKind::kAbsent:
      break;
  }
  return "";
}

Json OperandJson(const Network& network, const NetworkOperand& operand) {
  static constexpr const char* kKinds[] = {"node",     "input", "parameter",
                                           "constant", "outer", "absent"};
  Json value = {{"kind", kKinds[static_cast<std::size_t>(operand.kind)]}};
  if (operand.kind == OperandKind::kConstant) {
    value["constant"] = ValueJson(network.constants[operand.index]);
  } else if (operand.kind != OperandKind::kAbsent) {
    value["name"] = OperandName(network, operand);
  }
  if (operand.kind == OperandKind::kNode) value["output"] = operand.port;
  return value;
}

Json NodeJson(const Network& network, const NetworkNode& node) {
  Json attributes = Json::object();
  for (const NetworkAttribute& attribute : node.attributes) {
    attributes[attribute.name] = std::visit(AttributeJson(), attribute.value);
  }
  Json operands = Json::array();
  for (const NetworkOperand& operand : node.operands) {
    operands.push_back(OperandJson(network, operand));
  }
  Json outputs = Json::array();
  for (const NetworkValue& output : node.outputs) outputs.push_back(ValueJson(output));
  return {{"name", node.name},
          {"original_name", node.original_name},
          {"op", node.op},
          {"domain", node.domain},
          {"attributes", attributes},
          {"operands", operands},
          {"outputs", outputs}};
}

/// Keys that a subgraph has, too.
Json GraphJson(const Network& network) {
  Json inputs = Json::array();
  for (const NetworkValue& input : network.inputs) inputs.push_back(ValueJson(input));
  Json outputs = Json::array();
  for (const NetworkOutput& output : network.outputs) {
    outputs.push_back({{"name", output.name}, {"source", OperandJson(network, output.source)}});
  }
  Json nodes = Json::array();
  for (const NetworkNode& node : network.nodes) nodes.push_back(NodeJson(network, node));
  return {{"name", network.name}, {"inputs", inputs}, {"outputs", outputs}, {"nodes", nodes}};
}

Json ParametersJson(const NetworkReport& report) {
  Json parameters = Json::array();
  for (std::size_t i = 0; i < report.network.parameters.size(); ++i) {
    const NetworkParameter& parameter = report.network.parameters[i];
    Json value = {{"name", parameter.name},
                  {"dtype", TypeJson(parameter.dtype)},
                  {"shape", SizesJson(parameter.shape)}};
    if (i < report.bindings.size()) {
      const ParameterBinding& binding = report.bindings[i];
      value["tensor"] = binding.tensor.empty() ? Json(nullptr) : Json(binding.tensor);
      value["match"] = std::string(NameOf(binding.match));
    }
    if (!parameter.initializer.empty()) value["initializer"] = parameter.initializer;
    parameters.push_back(std::move(value));
  }
  return parameters;
}

}  // namespace

std::string NetworkDocument(const std::string& reference, const NetworkReport& report,
                            OutputMode mode) {
  const auto replace = Json::error_handler_t::replace;
  if (mode == OutputMode::kJsonLines) {
    std::string lines;
    for (const NetworkNode& node : report.network.nodes) {
      lines += NodeJson(report.network, node).dump(-1, ' ', true, replace) + "\n";
    }
    return lines;
  }
  Json sets = Json::object();
  for (const auto& [domain, version] : report.network.operator_sets) sets[domain] = version;
  Json document = {{"reference", reference}, {"id", report.id.Hex()}, {"file", report.file}};
  document.update(GraphJson(report.network));
  document["operator_sets"] = std::move(sets);
  document["parameters"] = ParametersJson(report);
  document["unused_tensors"] = report.unused_tensors;
  document["warnings"] = report.warnings;
  return document.dump(2, ' ', true, replace) + "\n";
}

}  // namespace dlv::cli
