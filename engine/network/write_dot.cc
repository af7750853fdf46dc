#include <algorithm>
#include <functional>

#include "engine/network/attributes.h"
#include "engine/network/dot.h"
#include "engine/network/families.h"
#include "engine/network/quoting.h"
#include "engine/network/shape_inference.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

constexpr std::size_t kLongest = 60;  ///< characters of a name in a label

struct Colour {
  std::string_view family, fill;
};
constexpr Colour kColours[] = {
    {"CONV", "#dbe9f6"}, {"FULL", "#fde2c8"},   {"POOL", "#d9f0d3"},    {"NORM", "#efe3f5"},
    {"ADD", "#f7f3c4"},  {"CONCAT", "#f7f3c4"}, {"SOFTMAX", "#f6d5d5"},
};

/// A label in quotes; `lines` are joined by line breaks. DOT knows the escapes \" and \\ and, as
/// line breaks, \n, so what Quoted makes of control characters must be escaped once more.
std::string Label(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) {
    std::string shown = Quoted(line);
    shown = shown.substr(1, shown.size() - 2);
    if (!text.empty()) text += "\\n";
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const bool escape = shown[i] == '\\' && i + 1 < shown.size();
      const bool own = escape && (shown[i + 1] == '"' || shown[i + 1] == '\\');
      if (own) {
        text += {shown[i], shown[i + 1]};
        ++i;
      } else {
        text += escape ? "\\\\" : std::string(1, shown[i]);
      }
    }
  }
  return "\"" + text + "\"";
}

/// Cut at a character, not inside one.
std::string Short(const std::string& name) {
  if (name.size() <= kLongest) return name;
  std::size_t cut = kLongest - 3;
  while (cut > 0 && (static_cast<std::uint8_t>(name[cut]) & 0xc0) == 0x80) --cut;
  return name.substr(0, cut) + "...";
}

std::string Sizes(const std::vector<std::int64_t>& sizes) {
  std::string text;
  for (const std::int64_t size : sizes) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

/// " /2", " /2x1"; nothing for a step of 1 along all axes.
std::string StepText(const std::vector<std::int64_t>& strides) {
  const bool equal =
      std::adjacent_find(strides.begin(), strides.end(), std::not_equal_to<>()) == strides.end();
  if (strides.empty() || (equal && strides.front() == 1)) return {};
  return " /" + (equal ? std::to_string(strides.front()) : Sizes(strides));
}

/// "Conv 3x3 /2": with the window and its step, where that is not 1.
std::string OperatorText(const NetworkNode& node) {
  std::string text = Short(node.op);
  const auto* kernel = IntegersAttribute(node, "kernel_shape");
  if (kernel == nullptr) return text;
  const auto* strides = IntegersAttribute(node, "strides");
  return text + " " + Sizes(*kernel) + (strides == nullptr ? "" : StepText(*strides));
}

/// The name of a parameter without that of its node in front.
std::string OwnName(const NetworkNode& node, const std::string& parameter) {
  const std::string prefix = node.name + ".";
  return Short(parameter.starts_with(prefix) ? parameter.substr(prefix.size()) : parameter);
}

class Drawer {
 public:
  Drawer(const Network& network, const DotOptions& options)
      : network_(network), options_(options) {}

  std::string Run() {
    out_ = "digraph " + Label({Short(network_.name)}) + " {\n" +
           "  rankdir=TB;\n  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f4f4f4\", "
           "fontname=\"Helvetica\", fontsize=11];\n  edge [fontname=\"Helvetica\", fontsize=9];\n";
    for (std::size_t i = 0; i < network_.inputs.size(); ++i) End("in", i, network_.inputs[i].name);
    for (std::size_t i = 0; i < network_.nodes.size(); ++i) Node(i);
    for (std::size_t i = 0; i < network_.outputs.size(); ++i) {
      End("out", i, network_.outputs[i].name);
      Edge(network_.outputs[i].source, "out" + std::to_string(i));
    }
    return out_ + "}\n";
  }

 private:
  void End(const std::string& kind, std::size_t place, const std::string& name) {
    out_ += "  " + kind + std::to_string(place) +
            " [shape=oval, fillcolor=white, label=" + Label({Short(name)}) + "];\n";
  }

  void Node(std::size_t place) {
    const NetworkNode& node = network_.nodes[place];
    const std::string id = "n" + std::to_string(place);
    std::vector<std::string> lines = {Short(node.name), OperatorText(node)};
    if (options_.parameters) {
      for (const NetworkOperand& operand : node.operands) {
        if (operand.kind != OperandKind::kParameter) continue;
        const NetworkParameter& parameter = network_.parameters[operand.index];
        lines.push_back(OwnName(node, parameter.name) + " " + ShapeText(parameter.shape));
      }
    }
    out_ += "  " + id + " [label=" + Label(lines) + Fill(place) + "];\n";
    for (const NetworkOperand& operand : node.operands) Edge(operand, id);
  }

  std::string Fill(std::size_t place) const {
    if (options_.highlight != nullptr && options_.highlight->Has(static_cast<NodeIndex>(place))) {
      return ", fillcolor=\"#ffd54f\", penwidth=2";
    }
    const std::string_view family = FamilyOf(network_, place);
    for (const Colour& colour : kColours) {
      if (colour.family == family) return ", fillcolor=\"" + std::string(colour.fill) + "\"";
    }
    return {};
  }

  void Edge(const NetworkOperand& from, const std::string& to) {
    if (from.kind != OperandKind::kNode && from.kind != OperandKind::kInput) return;
    const std::string id =
        (from.kind == OperandKind::kNode ? "n" : "in") + std::to_string(from.index);
    const auto type = TypeOf(network_, from);
    out_ += "  " + id + " -> " + to;
    if (options_.shapes && type.shape) out_ += " [label=" + Label({ShapeText(*type.shape)}) + "]";
    out_ += ";\n";
  }

  const Network& network_;
  const DotOptions& options_;
  std::string out_;
};

}  // namespace

std::string WriteDot(const Network& network, const DotOptions& options) {
  return Drawer(network, options).Run();
}

}  // namespace dlv::network
