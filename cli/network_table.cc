#include "cli/network_table.h"

#include <algorithm>
#include <array>
#include <vector>

#include "cli/human.h"
#include "cli/text.h"
#include "cli/version_text.h"
#include "dlv/network_text.h"

namespace dlv::cli {
namespace {

constexpr std::size_t kFewLeft = 6;

const std::vector<std::int64_t>* IntegersOf(const NetworkNode& node, std::string_view name) {
  for (const NetworkAttribute& attribute : node.attributes) {
    if (attribute.name == name) return std::get_if<std::vector<std::int64_t>>(&attribute.value);
  }
  return nullptr;
}

std::string Joined(const std::vector<std::int64_t>& sizes) {
  std::string text;
  for (const std::int64_t size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

std::string ValueText(const std::string& name, const std::optional<DType>& dtype,
                      const std::optional<NetworkShape>& shape) {
  return Sanitize(name) + " " + std::string(dtype ? dlv::NameOf(*dtype) : "?") + " " +
         NetworkShapeText(shape);
}

/// The value that an output of the network is.
const NetworkValue* ValueOf(const Network& network, const NetworkOutput& output) {
  const NetworkOperand& source = output.source;
  if (source.kind == OperandKind::kInput && source.index < network.inputs.size())
    return &network.inputs[source.index];
  if (source.kind != OperandKind::kNode || source.index >= network.nodes.size()) return nullptr;
  const auto& outputs = network.nodes[source.index].outputs;
  return source.port < outputs.size() ? &outputs[source.port] : nullptr;
}

bool IsKnown(const NetworkParameter& parameter) {
  return parameter.shape && std::find(parameter.shape->begin(), parameter.shape->end(),
                                      kUnknownSize) == parameter.shape->end();
}

std::string Few(const std::vector<std::string>& names, bool all) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!all && i == kFewLeft) {
      return text + " and " + std::to_string(names.size() - i) + " more (--json lists them)";
    }
    text += (i == 0 ? "" : ", ") + Sanitize(names[i]);
  }
  return text;
}

std::string OperatorSetsText(const Network& network) {
  std::string text;
  for (const auto& [domain, version] : network.operator_sets) {
    text += (text.empty() ? "" : ", ") + (domain.empty() ? "operators" : Sanitize(domain)) + " " +
            std::to_string(version);
  }
  return text;
}

/// The parameters of a node, without its name in front of theirs: "weight, bias".
std::string ParametersText(const Network& network, const NetworkNode& node) {
  std::string text;
  for (const NetworkOperand& operand : node.operands) {
    if (operand.kind != OperandKind::kParameter || operand.index >= network.parameters.size())
      continue;
    const NetworkParameter& parameter = network.parameters[operand.index];
    const std::string prefix = node.name + ".";
    const bool own = !node.name.empty() && parameter.name.starts_with(prefix);
    text +=
        (text.empty() ? "" : ", ") + (own ? parameter.name.substr(prefix.size()) : parameter.name);
  }
  return text;
}

/// The elements of the parameters of a node; "?" where a size is not known.
std::string CountText(const Network& network, const NetworkNode& node) {
  std::uint64_t count = 0;
  bool any = false;
  for (const NetworkOperand& operand : node.operands) {
    if (operand.kind != OperandKind::kParameter || operand.index >= network.parameters.size())
      continue;
    const NetworkParameter& parameter = network.parameters[operand.index];
    if (!IsKnown(parameter)) return "?";
    any = true;
    count += CountOf(parameter);
  }
  return any ? HumanCount(count) : "";
}

/// "309.6 k in 14 parameters"
std::string WeightsText(const Network& network) {
  std::uint64_t elements = 0;
  bool known = true;
  for (const NetworkParameter& parameter : network.parameters) {
    elements += CountOf(parameter);
    known = known && IsKnown(parameter);
  }
  return HumanCount(elements) + (known ? "" : " or more") + " in " +
         Plural(network.parameters.size(), "parameter");
}

/// A line for each network in a node: the branches of an If, the body of a Loop.
void ShowBodies(Output& out, const Network& network) {
  const char* label = "inside";
  for (const NetworkNode& node : network.nodes) {
    for (const NetworkAttribute& attribute : node.attributes) {
      const auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value);
      if (body == nullptr) continue;
      out.Field(label, Sanitize(node.name) + " " + Sanitize(attribute.name) + ": " +
                           Plural((*body)->nodes.size(), "node") +
                           ((*body)->parameters.empty() ? "" : ", " + WeightsText(**body)));
      label = "";
    }
  }
}

void ShowHead(Output& out, const NetworkReport& report) {
  const Network& network = report.network;
  std::string line = Plural(network.nodes.size(), "node");
  if (!network.name.empty()) line += ", \"" + Sanitize(network.name) + "\"";
  const std::string sets = OperatorSetsText(network);
  if (!sets.empty()) line += ", " + sets;
  out.Field("network", line);
  if (!report.file.empty()) out.Field("from", Sanitize(report.file));
  const char* label = network.inputs.size() == 1 ? "input" : "inputs";
  for (const NetworkValue& input : network.inputs) {
    out.Field(label, ValueText(input.name, input.dtype, input.shape));
    label = "";
  }
  label = network.outputs.size() == 1 ? "output" : "outputs";
  for (const NetworkOutput& output : network.outputs) {
    const NetworkValue* value = ValueOf(network, output);
    out.Field(label, value == nullptr ? Sanitize(output.name)
                                      : ValueText(output.name, value->dtype, value->shape));
    label = "";
  }
}

void ShowJoined(Output& out, const NetworkReport& report) {
  if (report.bindings.empty()) return;
  std::array<std::size_t, 5> counts = {};
  for (const ParameterBinding& binding : report.bindings) {
    ++counts[static_cast<std::size_t>(binding.match)];
  }
  std::string text = WeightsText(report.network);
  for (const auto match : {ParameterMatch::kName, ParameterMatch::kContent, ParameterMatch::kGuess,
                           ParameterMatch::kDerived, ParameterMatch::kNone}) {
    const std::size_t count = counts[static_cast<std::size_t>(match)];
    if (count == 0) continue;
    text += ", " + std::to_string(count) + " " +
            (match == ParameterMatch::kNone ? "without a tensor" : std::string(NameOf(match)));
  }
  out.Field("weights", text);
}

void ShowLeft(Output& out, const NetworkReport& report) {
  const bool all = out.terminal().width == 0;
  std::vector<std::string> none;
  for (const ParameterBinding& binding : report.bindings) {
    if (binding.match == ParameterMatch::kNone) none.push_back(binding.parameter);
  }
  if (!none.empty()) out.Field("no tensor", Few(none, all));
  if (!report.unused_tensors.empty()) out.Field("not used", Few(report.unused_tensors, all));
}

}  // namespace

std::string_view NameOf(ParameterMatch match) {
  switch (match) {
    case ParameterMatch::kName:
      return "by name";
    case ParameterMatch::kContent:
      return "by content";
    case ParameterMatch::kGuess:
      return "by guess";
    case ParameterMatch::kDerived:
      return "derived";
    case ParameterMatch::kNone:
      break;
  }
  return "none";
}

std::uint64_t CountOf(const NetworkParameter& parameter) {
  if (!parameter.shape) return 0;
  std::uint64_t count = 1;
  for (const std::int64_t size : *parameter.shape) {
    if (size < 0 || __builtin_mul_overflow(count, static_cast<std::uint64_t>(size), &count))
      return 0;
  }
  return count;
}

std::string OperatorText(const NetworkNode& node) {
  std::string text = (node.domain.empty() ? "" : node.domain + ".") + node.op;
  const auto* kernel = IntegersOf(node, "kernel_shape");
  if (kernel == nullptr || kernel->empty()) return text;
  text += " " + Joined(*kernel);
  const auto* strides = IntegersOf(node, "strides");
  if (strides == nullptr || strides->empty()) return text;
  const auto is = [&](std::int64_t stride) {
    return std::all_of(strides->begin(), strides->end(),
                       [&](std::int64_t each) { return each == stride; });
  };
  if (is(1)) return text;
  return text + " /" + (is(strides->front()) ? std::to_string(strides->front()) : Joined(*strides));
}

void ShowNetwork(Output& out, const std::string& reference, const NetworkReport& report) {
  const Style& style = out.style();
  out.Line(style(Paint::kBold, Sanitize(reference)) + "  " +
           style(Paint::kYellow, report.id.Hex(12)));
  ShowHead(out, report);
  ShowJoined(out, report);
  ShowBodies(out, report.network);
  out.Line("");
  Table table({{"NODE", Align::kLeft, 0, 12, Cut::kMiddle},
               {"OPERATOR", Align::kLeft, 0, 10, Cut::kEnd},
               {"OUTPUT", Align::kLeft, 2, 0, Cut::kEnd},
               {"PARAMETERS", Align::kLeft, 3, 12, Cut::kEnd},
               {"COUNT", Align::kRight, 1, 0, Cut::kEnd}});
  for (const NetworkNode& node : report.network.nodes) {
    const std::string shape = node.outputs.empty() ? "" : NetworkShapeText(node.outputs[0].shape);
    table.AddRow({node.name, OperatorText(node), shape, ParametersText(report.network, node),
                  CountText(report.network, node)});
  }
  out.Print(table);
  ShowLeft(out, report);
}

}  // namespace dlv::cli
