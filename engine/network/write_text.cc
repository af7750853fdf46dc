#include "engine/network/quoting.h"
#include "engine/network/raw_number.h"
#include "engine/network/shape_inference.h"
#include "engine/network/text_form.h"

namespace dlv::network {
namespace {

std::string ElementText(DType dtype, const std::byte* at) {
  switch (dtype) {
    case DType::kBool:
      return std::to_string(LoadAs<std::uint8_t>(at));
    case DType::kI32:
      return std::to_string(LoadAs<std::int32_t>(at));
    case DType::kI64:
      return std::to_string(LoadAs<std::int64_t>(at));
    case DType::kF32:
      return RealText(LoadAs<float>(at));
    case DType::kF64:
      return RealText(LoadAs<double>(at));
    default:
      return {};
  }
}

std::string HexOf(const std::vector<std::byte>& bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::byte one : bytes) {
    const auto byte = static_cast<std::uint8_t>(one);
    text += {kDigits[byte >> 4], kDigits[byte & 15]};
  }
  return text;
}

/// `i64 [2] (1, -1)`; element types that are not written as numbers: `f16 [2] hex "3c003c00"`.
std::string ConstantText(const NetworkConstant& constant) {
  std::string text = std::string(NameOf(constant.dtype)) + " " + ShapeText(constant.shape);
  const std::size_t size = SizeOf(constant.dtype), count = constant.bytes.size() / size;
  const std::byte zeros[16] = {};
  if (ElementText(constant.dtype, zeros).empty())
    return text + " hex \"" + HexOf(constant.bytes) + "\"";
  text += " (";
  for (std::size_t i = 0; i < count; ++i) {
    text += (i == 0 ? "" : ", ") + ElementText(constant.dtype, constant.bytes.data() + i * size);
  }
  return text + ")";
}

std::string TypeText(const std::optional<DType>& dtype, const std::optional<NetworkShape>& shape) {
  if (!dtype && !shape) return {};
  return ": " + (dtype ? std::string(NameOf(*dtype)) : "?") +
         (shape ? " " + ShapeText(*shape) : "");
}

class Writer {
 public:
  explicit Writer(const Network& network) : network_(network) {}

  std::string Run() {
    Body(network_, "");
    return std::move(out_) + "\n";
  }

 private:
  void Line(const std::string& indent, const std::string& text) { out_ += indent + text + "\n"; }

  void Body(const Network& network, const std::string& indent) {
    out_ += "network " + Quoted(network.name) + " {\n";
    const std::string inner = indent + "  ";
    for (const auto& [domain, version] : network.operator_sets) {
      Line(inner, "operators " + Quoted(domain) + " " + std::to_string(version));
    }
    for (const NetworkValue& input : network.inputs) {
      Line(inner, "input " + NameText(input.name) + TypeText(input.dtype, input.shape));
    }
    for (const NetworkParameter& one : network.parameters) {
      Line(inner, "parameter " + NameText(one.name) + TypeText(one.dtype, one.shape) +
                      (one.initializer.empty() ? "" : " = " + Quoted(one.initializer)));
    }
    for (std::size_t i = 0; i < network.constants.size(); ++i) {
      Line(inner, "constant " + std::to_string(i) + " = " + ConstantText(network.constants[i]));
    }
    for (const NetworkNode& node : network.nodes) Node(network, node, inner);
    for (const NetworkOutput& output : network.outputs) {
      Line(inner, "output " + NameText(output.name) + " = " + OperandText(network, output.source));
    }
    out_ += indent + "}";
  }

  static std::string OperandText(const Network& network, const NetworkOperand& operand) {
    switch (operand.kind) {
      case OperandKind::kNode:
        return NameText(network.nodes[operand.index].name) +
               (operand.port == 0 ? "" : ":" + std::to_string(operand.port));
      case OperandKind::kInput:
        return "@" + NameText(network.inputs[operand.index].name);
      case OperandKind::kParameter:
        return "$" + NameText(network.parameters[operand.index].name);
      case OperandKind::kConstant:
        return "#" + std::to_string(operand.index);
      case OperandKind::kOuter:
        return "^" + NameText(operand.name);
      case OperandKind::kAbsent:
        break;
    }
    return "-";
  }

  void Node(const Network& network, const NetworkNode& node, const std::string& indent) {
    out_ += indent + "node " + NameText(node.name);
    if (node.original_name != node.name) out_ += " was " + Quoted(node.original_name);
    out_ +=
        " = " + (node.domain.empty() ? "" : Quoted(node.domain) + " ") + NameText(node.op) + "(";
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
      out_ += (i == 0 ? "" : ", ") + OperandText(network, node.operands[i]);
    }
    out_ += ")";
    if (!node.attributes.empty()) Attributes(node, indent);
    out_ += "\n" + indent + "  -> ";
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const NetworkValue& value = node.outputs[i];
      out_ += (i == 0 ? "" : ", ") + NameText(value.name) + TypeText(value.dtype, value.shape);
    }
    out_ += "\n";
  }

  void Attributes(const NetworkNode& node, const std::string& indent) {
    out_ += " { ";
    bool first = true;
    for (const NetworkAttribute& attribute : node.attributes) {
      out_ += (first ? "" : ", ") + NameText(attribute.name) + " = ";
      first = false;
      if (const auto* body = std::get_if<std::shared_ptr<const Network>>(&attribute.value)) {
        Body(**body, indent + "  ");
      } else {
        std::visit([&](const auto& value) { out_ += ValueText(value); }, attribute.value);
      }
    }
    out_ += " }";
  }

  static std::string ValueText(std::int64_t value) { return std::to_string(value); }
  static std::string ValueText(double value) { return RealText(value); }
  static std::string ValueText(const std::string& value) { return Quoted(value); }
  static std::string ValueText(const NetworkConstant& value) { return ConstantText(value); }
  static std::string ValueText(const std::shared_ptr<const Network>&) { return {}; }
  static std::string_view EmptyPrefix(const std::vector<std::int64_t>&) { return ""; }
  static std::string_view EmptyPrefix(const std::vector<double>&) { return "reals "; }
  static std::string_view EmptyPrefix(const std::vector<std::string>&) { return "texts "; }
  template <class T>
  static std::string ValueText(const std::vector<T>& values) {
    std::string text = values.empty() ? std::string(EmptyPrefix(values)) + "[" : "[";
    for (std::size_t i = 0; i < values.size(); ++i)
      text += (i == 0 ? "" : ", ") + ValueText(values[i]);
    return text + "]";
  }

  const Network& network_;
  std::string out_;
};

}  // namespace

std::string WriteText(const Network& network) { return Writer(network).Run(); }

}  // namespace dlv::network
