#include "engine/network/outline.h"

#include <utility>

#include "engine/network/field_reader.h"
#include "engine/network/known_value.h"

namespace dlv::network {
namespace {

/// Steps over fields as FieldReader reads them, and refuses what it refuses.
class FieldSkipper {
 public:
  explicit FieldSkipper(FieldReader& reader) : reader_(reader), source_(reader.source()) {}

  std::span<const std::byte> Type() {
    const std::byte* const begin = source_.at();
    if (source_.Byte() > kDTypeCount) source_.Fail("no such element type");
    const std::uint64_t rank = source_.Number();
    if (rank > kMaxRank + 1) source_.Fail("too many axes");
    for (std::uint64_t i = 1; i < rank && !source_.failed(); ++i) {
      if (source_.Number() > static_cast<std::uint64_t>(kMaxAxis) + 1) {
        source_.Fail("an axis is too large");
      }
    }
    return source_.Since(begin);
  }
  OutlineValue Value() {
    const std::string_view name = source_.Text();
    return {name, Type()};
  }
  OutlineConstant Constant() {
    const std::byte* const begin = source_.at();
    NetworkConstant constant;
    reader_.Constant(constant);
    return {source_.Since(begin)};
  }
  /// Returns whether it is a subgraph.
  bool Payload() {
    const std::byte* const begin = source_.at();
    switch (static_cast<AttributeKind>(source_.Byte())) {
      case AttributeKind::kInteger:
        source_.Signed();
        return false;
      case AttributeKind::kReal:
        source_.Real();
        return false;
      case AttributeKind::kText:
        source_.Text(kMaxConstantBytes);
        return false;
      case AttributeKind::kIntegers:
        for (std::size_t left = source_.Count(1); left > 0; --left) source_.Signed();
        return false;
      case AttributeKind::kReals:
        source_.Bytes(source_.Count(sizeof(double)) * sizeof(double));
        return false;
      case AttributeKind::kTexts:
        for (std::size_t left = source_.Count(1); left > 0; --left) source_.Text(kMaxConstantBytes);
        return false;
      case AttributeKind::kConstant:
        Constant();
        return false;
      case AttributeKind::kNetwork: {
        source_.StepBack(begin);
        NetworkAttribute attribute;
        reader_.Payload(attribute, 0);
        return true;
      }
    }
    source_.Fail("no such kind of attribute");
    return false;
  }

 private:
  FieldReader& reader_;
  EncodingSource& source_;
};

/// Calls `function(name)` for each attribute, with the reader at its value, as long as that returns
/// false; it must read the value, or step over it.
template <class Function>
void ForEachAttribute(const OutlineNode& node, Function&& function) {
  FieldReader reader(node.attributes);
  EncodingSource& source = reader.source();
  for (std::size_t left = source.Count(kAttributeBytes); left > 0; --left) {
    if (function(reader, source.Text())) return;
  }
}

}  // namespace

class OutlineReader {
 public:
  explicit OutlineReader(Outline& outline)
      : outline_(outline), reader_(outline.encoding_), skip_(reader_), source_(reader_.source()) {
    outline.inputs.clear();
    outline.parameters.clear();
    outline.constants.clear();
    outline.nodes.clear();
    outline.outputs.clear();
    outline.operands_.clear();
    outline.values_.clear();
    outline.parts_.clear();
  }

  Status Run() {
    DLV_TRY(reader_.Head());
    source_.Text();
    for (std::size_t left = source_.Count(kOperatorSetBytes); left > 0; --left) {
      source_.Text();
      source_.Signed();
    }
    List(outline_.inputs, kValueBytes, [&] { return skip_.Value(); });
    List(outline_.parameters, kParameterBytes, [&] {
      const OutlineValue parameter = skip_.Value();
      source_.Text();  // its initializer
      return parameter;
    });
    List(outline_.constants, kConstantBytes, [&] { return skip_.Constant(); });
    Nodes();
    List(outline_.outputs, kOutputBytes, [&] {
      const std::string_view name = source_.Text();
      return OutlineOutput{name, Operand()};
    });
    DLV_TRY(reader_.End());
    HandOut();
    return Ok();
  }

 private:
  template <class Item, class Function>
  void List(std::vector<Item>& items, std::size_t min_bytes, Function&& function) {
    const std::size_t count = source_.Count(min_bytes);
    items.reserve(count);
    while (items.size() < count && !source_.failed()) items.push_back(function());
  }

  void Nodes() {
    const std::size_t count = source_.Count(kNodeBytes);
    if (count > kMaxNodes) source_.Fail("too many nodes", ErrorCode::kUnsupported);
    if (source_.failed()) return;
    outline_.nodes.reserve(count);
    outline_.parts_.reserve(count);
    outline_.operands_.reserve(2 * count);
    outline_.values_.reserve(count);
    while (outline_.parts_.size() < count && !source_.failed()) Node();
  }

  void Node() {
    OutlineNode node;
    node.name = source_.Text();
    node.original_name = source_.Text();
    node.op = source_.Text();
    node.domain = source_.Text();
    const std::byte* const attributes = source_.at();
    for (std::size_t left = source_.Count(kAttributeBytes); left > 0; --left) {
      source_.Text();
      node.has_subgraph |= skip_.Payload();
    }
    node.attributes = source_.Since(attributes);
    Outline::Parts parts;
    parts.operands = static_cast<std::uint32_t>(source_.Count(1));
    for (std::uint32_t i = 0; i < parts.operands; ++i) outline_.operands_.push_back(Operand());
    parts.outputs = static_cast<std::uint32_t>(source_.Count(kValueBytes));
    for (std::uint32_t i = 0; i < parts.outputs; ++i) outline_.values_.push_back(skip_.Value());
    if (parts.outputs == 0) source_.Fail("a node without an output");
    if (source_.failed()) return;
    outline_.nodes.push_back(node);
    outline_.parts_.push_back(parts);
  }

  OutlineOperand Operand() {
    OutlineOperand operand;
    reader_.Place(operand);
    if (!source_.failed() && !IsThere(operand)) source_.Fail("it reads what is not there");
    return operand;
  }
  bool IsThere(const OutlineOperand& operand) const {
    switch (operand.kind) {
      case OperandKind::kNode:
        return operand.index < outline_.parts_.size() &&
               operand.port < outline_.parts_[operand.index].outputs;
      case OperandKind::kInput:
        return operand.index < outline_.inputs.size();
      case OperandKind::kParameter:
        return operand.index < outline_.parameters.size();
      case OperandKind::kConstant:
        return operand.index < outline_.constants.size();
      case OperandKind::kOuter:
        return false;  // nothing encloses it
      case OperandKind::kAbsent:
        break;
    }
    return true;
  }

  void HandOut() {
    const OutlineOperand* operands = outline_.operands_.data();
    const OutlineValue* values = outline_.values_.data();
    for (std::size_t i = 0; i < outline_.parts_.size(); ++i) {
      outline_.nodes[i].operands = {operands, outline_.parts_[i].operands};
      outline_.nodes[i].outputs = {values, outline_.parts_[i].outputs};
      operands += outline_.parts_[i].operands;
      values += outline_.parts_[i].outputs;
    }
  }

  Outline& outline_;
  FieldReader reader_;
  FieldSkipper skip_;
  EncodingSource& source_;
};

Status Outline::Read(std::span<const std::byte> encoding) {
  if (encoding.size() > kMaxEncodedBytes) {
    return Error{ErrorCode::kUnsupported,
                 "network: an encoding of " + std::to_string(encoding.size()) +
                     " bytes, want at most " + std::to_string(kMaxEncodedBytes)};
  }
  encoding_.assign(encoding.begin(), encoding.end());
  return OutlineReader(*this).Run();
}

ValueType TypeOf(const OutlineValue& value) {
  FieldReader reader(value.type);
  ValueType type;
  reader.Dtype(type.dtype);
  reader.Shape(type.shape);
  return type;
}

ValueType TypeOf(const Outline& outline, const OutlineOperand& operand) {
  switch (operand.kind) {
    case OperandKind::kNode:
      return TypeOf(outline.nodes[operand.index].outputs[operand.port]);
    case OperandKind::kInput:
      return TypeOf(outline.inputs[operand.index]);
    case OperandKind::kParameter:
      return TypeOf(outline.parameters[operand.index]);
    case OperandKind::kConstant: {
      FieldReader reader(outline.constants[operand.index].encoded);
      NetworkConstant constant;
      reader.Constant(constant);
      return {constant.dtype, std::move(constant.shape)};
    }
    case OperandKind::kOuter:
    case OperandKind::kAbsent:
      break;
  }
  return {};
}

std::optional<double> ScalarOf(const OutlineConstant& constant) {
  FieldReader reader(constant.encoded);
  NetworkConstant decoded;
  reader.Constant(decoded);
  return ScalarOf(decoded);
}

std::optional<AttributeValue> FindAttribute(const OutlineNode& node, std::string_view name) {
  std::optional<AttributeValue> found;
  ForEachAttribute(node, [&](FieldReader& reader, std::string_view attribute) {
    if (attribute != name) {
      FieldSkipper(reader).Payload();
      return false;
    }
    NetworkAttribute decoded;
    reader.Payload(decoded, 0);
    found = std::move(decoded.value);
    return true;
  });
  return found;
}

double RealAttribute(const OutlineNode& node, std::string_view name, double otherwise) {
  const auto value = FindAttribute(node, name);
  if (!value) return otherwise;
  if (const auto* real = std::get_if<double>(&*value)) return *real;
  const auto* whole = std::get_if<std::int64_t>(&*value);
  return whole == nullptr ? otherwise : static_cast<double>(*whole);
}

std::string TextAttribute(const OutlineNode& node, std::string_view name,
                          std::string_view otherwise) {
  auto value = FindAttribute(node, name);
  auto* text = value ? std::get_if<std::string>(&*value) : nullptr;
  return text == nullptr ? std::string(otherwise) : std::move(*text);
}

std::optional<std::vector<std::int64_t>> IntegersAttribute(const OutlineNode& node,
                                                           std::string_view name) {
  auto value = FindAttribute(node, name);
  auto* wholes = value ? std::get_if<std::vector<std::int64_t>>(&*value) : nullptr;
  if (wholes == nullptr) return std::nullopt;
  return std::move(*wholes);
}

std::vector<std::shared_ptr<const Network>> SubgraphsOf(const OutlineNode& node) {
  std::vector<std::shared_ptr<const Network>> bodies;
  ForEachAttribute(node, [&](FieldReader& reader, std::string_view) {
    NetworkAttribute decoded;
    reader.Payload(decoded, 0);
    if (const auto* body = std::get_if<std::shared_ptr<const Network>>(&decoded.value)) {
      bodies.push_back(*body);
    }
    return false;
  });
  return bodies;
}

}  // namespace dlv::network
