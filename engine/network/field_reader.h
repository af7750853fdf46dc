#pragma once
/// \file
/// The parts of an encoded network (docs/format/network.md), read into the parts of a Network.
/// Defined here, so that decoding ten thousand networks calls nothing for a field.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dlv/network.h"
#include "engine/network/encoding_source.h"
#include "engine/network/value_facts.h"

namespace dlv::network {

/// Least bytes of each item.
inline constexpr std::size_t kValueBytes = 3, kParameterBytes = 4, kConstantBytes = 2,
                             kNodeBytes = 8, kAttributeBytes = 3, kOutputBytes = 2,
                             kOperatorSetBytes = 2;

/// Faults are kept by the source; see there. `depth` is how many networks enclose a part.
class FieldReader {
 public:
  explicit FieldReader(std::span<const std::byte> bytes) : source_(bytes) {}

  EncodingSource& source() { return source_; }

  /// What comes before the body. Errors: kCorruption, kUnsupported (a newer version).
  Status Head() {
    const auto magic = source_.Bytes(kEncodingMagic.size());
    if (source_.failed() || std::memcmp(magic.data(), kEncodingMagic.data(), magic.size()) != 0) {
      return Error{ErrorCode::kCorruption, "network, offset 0: not the encoding of a network"};
    }
    const unsigned version = source_.Byte();
    DLV_TRY(source_.status());
    if (version != kEncodingVersion) {
      return Error{version > kEncodingVersion ? ErrorCode::kUnsupported : ErrorCode::kCorruption,
                   "network: encoding version " + std::to_string(version) + ", want " +
                       std::to_string(kEncodingVersion)};
    }
    return Ok();
  }
  /// That nothing failed and nothing is left over.
  Status End() {
    if (!source_.failed() && source_.remaining() != 0) source_.Fail("bytes are left over");
    return source_.status();
  }

  void Text(std::string& text, std::size_t limit = kMaxNameBytes) {
    const std::string_view view = source_.Text(limit);
    if (!view.empty()) text.assign(view);
  }
  /// Makes room for the items and reads each in place.
  template <class Item, class Function>
  void List(std::vector<Item>& items, std::size_t min_bytes, Function&& function) {
    const std::size_t count = source_.Count(min_bytes);
    if (count == 0) return;
    items.reserve(count);
    for (std::size_t i = 0; i < count && !source_.failed(); ++i) function(items.emplace_back());
  }

  void Dtype(std::optional<DType>& dtype) {
    const unsigned code = source_.Byte();
    if (code > kDTypeCount) return source_.Fail("no such element type");
    if (code != 0) dtype = static_cast<DType>(code - 1);
  }
  void Shape(std::optional<NetworkShape>& shape) {
    const std::uint64_t rank = source_.Number();
    if (rank == 0) return;
    if (rank - 1 > kMaxRank) return source_.Fail("too many axes");
    shape.emplace(static_cast<std::size_t>(rank - 1));
    for (std::int64_t& size : *shape) {
      const std::uint64_t raw = source_.Number();
      if (raw > static_cast<std::uint64_t>(kMaxAxis) + 1) source_.Fail("an axis is too large");
      size = static_cast<std::int64_t>(raw) - 1;
    }
  }
  void Value(NetworkValue& value) {
    Text(value.name);
    Dtype(value.dtype);
    Shape(value.shape);
  }
  void Parameter(NetworkParameter& parameter) {
    Text(parameter.name);
    Dtype(parameter.dtype);
    Shape(parameter.shape);
    Text(parameter.initializer);
  }
  void Constant(NetworkConstant& constant) {
    std::optional<DType> dtype;
    std::optional<NetworkShape> shape;
    Dtype(dtype);
    Shape(shape);
    const auto elements = shape ? ElementsOf(*shape) : std::nullopt;
    if (!dtype || !elements) return source_.Fail("a constant without a known type");
    const auto bytes =
        source_.Bytes(static_cast<std::uint64_t>(*elements) * std::uint64_t{SizeOf(*dtype)});
    constant = {*dtype, std::move(*shape), {bytes.begin(), bytes.end()}};
  }
  void Operand(NetworkOperand& operand) {
    const std::string_view outer = Place(operand);
    if (!outer.empty()) operand.name.assign(outer);
  }
  /// Kind, index and port of an operand; returns the name of an outer one.
  template <class Operand>
  std::string_view Place(Operand& operand) {
    const unsigned kind = source_.Byte();
    if (kind > static_cast<unsigned>(OperandKind::kAbsent)) {
      source_.Fail("no such kind of operand");
      return {};
    }
    operand.kind = static_cast<OperandKind>(kind);
    if (operand.kind == OperandKind::kOuter) return source_.Text();
    if (operand.kind == OperandKind::kAbsent) return {};
    operand.index = source_.Index();
    if (operand.kind == OperandKind::kNode) operand.port = source_.Index();
    return {};
  }

  void Payload(NetworkAttribute& attribute, unsigned depth) {
    switch (static_cast<AttributeKind>(source_.Byte())) {
      case AttributeKind::kInteger:
        attribute.value = source_.Signed();
        return;
      case AttributeKind::kReal:
        attribute.value = source_.Real();
        return;
      case AttributeKind::kText:
        return Text(attribute.value.emplace<std::string>(), kMaxConstantBytes);
      case AttributeKind::kIntegers:
        return List(attribute.value.emplace<std::vector<std::int64_t>>(), 1,
                    [&](std::int64_t& one) { one = source_.Signed(); });
      case AttributeKind::kReals:
        return List(attribute.value.emplace<std::vector<double>>(), sizeof(double),
                    [&](double& one) { one = source_.Real(); });
      case AttributeKind::kTexts:
        return List(attribute.value.emplace<std::vector<std::string>>(), 1,
                    [&](std::string& one) { Text(one, kMaxConstantBytes); });
      case AttributeKind::kConstant:
        return Constant(attribute.value.emplace<NetworkConstant>());
      case AttributeKind::kNetwork: {
        const auto body = std::make_shared<Network>();
        Body(*body, depth + 1);
        attribute.value = std::shared_ptr<const Network>(body);
        return;
      }
    }
    source_.Fail("no such kind of attribute");
  }
  void Node(NetworkNode& node, unsigned depth) {
    Text(node.name);
    Text(node.original_name);
    Text(node.op);
    Text(node.domain);
    List(node.attributes, kAttributeBytes, [&](NetworkAttribute& one) {
      Text(one.name);
      Payload(one, depth);
    });
    List(node.operands, 1, [&](NetworkOperand& one) { Operand(one); });
    List(node.outputs, kValueBytes, [&](NetworkValue& one) { Value(one); });
  }
  void Body(Network& network, unsigned depth) {
    if (depth > kMaxDepth) return source_.Fail("nested too deeply", ErrorCode::kUnsupported);
    Text(network.name);
    List(network.operator_sets, kOperatorSetBytes, [&](auto& one) {
      Text(one.first);
      one.second = source_.Signed();
    });
    List(network.inputs, kValueBytes, [&](NetworkValue& one) { Value(one); });
    List(network.parameters, kParameterBytes, [&](NetworkParameter& one) { Parameter(one); });
    List(network.constants, kConstantBytes, [&](NetworkConstant& one) { Constant(one); });
    List(network.nodes, kNodeBytes, [&](NetworkNode& one) { Node(one, depth); });
    List(network.outputs, kOutputBytes, [&](NetworkOutput& one) {
      Text(one.name);
      Operand(one.source);
    });
  }

 private:
  EncodingSource source_;
};

}  // namespace dlv::network
