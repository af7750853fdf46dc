#include <openssl/evp.h>

#include <cstring>
#include <limits>
#include <string_view>

#include "engine/network/encoding.h"
#include "engine/network/encoding_limits.h"

namespace dlv::network {
namespace {

class Encoder {
 public:
  std::vector<std::byte> Run(const Network& network) {
    Raw(kEncodingMagic.data(), kEncodingMagic.size());
    Byte(kEncodingVersion);
    Body(network);
    return std::move(bytes_);
  }

 private:
  void Raw(const void* data, std::size_t size) {
    const auto* begin = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), begin, begin + size);
  }
  void Byte(std::uint8_t value) { bytes_.push_back(static_cast<std::byte>(value)); }
  void Number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) Byte(static_cast<std::uint8_t>(value | 0x80));
    Byte(static_cast<std::uint8_t>(value));
  }
  void Signed(std::int64_t value) {
    Number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  void Real(double value) { Raw(&value, sizeof value); }
  void Text(std::string_view text) {
    Number(text.size());
    Raw(text.data(), text.size());
  }
  template <class Items, class Function>
  void List(const Items& items, Function&& function) {
    Number(items.size());
    for (const auto& item : items) function(item);
  }

  void Sizes(const NetworkShape& shape) {
    for (const std::int64_t size : shape) Number(static_cast<std::uint64_t>(size + 1));
  }
  void Type(const std::optional<DType>& dtype, const std::optional<NetworkShape>& shape) {
    Byte(dtype ? static_cast<std::uint8_t>(static_cast<unsigned>(*dtype) + 1) : std::uint8_t{0});
    Number(shape ? shape->size() + 1 : 0);
    if (shape) Sizes(*shape);
  }
  void Value(const NetworkValue& value) {
    Text(value.name);
    Type(value.dtype, value.shape);
  }
  void Parameter(const NetworkParameter& parameter) {
    Text(parameter.name);
    Type(parameter.dtype, parameter.shape);
    Text(parameter.initializer);
  }
  void Constant(const NetworkConstant& constant) {
    Type(constant.dtype, constant.shape);
    Raw(constant.bytes.data(), constant.bytes.size());
  }
  void Operand(const NetworkOperand& operand) {
    Byte(static_cast<std::uint8_t>(operand.kind));
    switch (operand.kind) {
      case OperandKind::kNode:
        Number(operand.index);
        Number(operand.port);
        break;
      case OperandKind::kInput:
      case OperandKind::kParameter:
      case OperandKind::kConstant:
        Number(operand.index);
        break;
      case OperandKind::kOuter:
        Text(operand.name);
        break;
      case OperandKind::kAbsent:
        break;
    }
  }

  void Payload(std::int64_t value) { Signed(value); }
  void Payload(double value) { Real(value); }
  void Payload(const std::string& value) { Text(value); }
  void Payload(const NetworkConstant& value) { Constant(value); }
  void Payload(const std::shared_ptr<const Network>& value) { Body(*value); }
  template <class T>
  void Payload(const std::vector<T>& values) {
    List(values, [&](const T& value) { Payload(value); });
  }
  void Attribute(const NetworkAttribute& attribute) {
    Text(attribute.name);
    Byte(static_cast<std::uint8_t>(attribute.value.index() + 1));
    std::visit([&](const auto& value) { Payload(value); }, attribute.value);
  }
  void Node(const NetworkNode& node) {
    Text(node.name);
    Text(node.original_name);
    Text(node.op);
    Text(node.domain);
    List(node.attributes, [&](const NetworkAttribute& one) { Attribute(one); });
    List(node.operands, [&](const NetworkOperand& one) { Operand(one); });
    List(node.outputs, [&](const NetworkValue& one) { Value(one); });
  }
  void Body(const Network& network) {
    Text(network.name);
    List(network.operator_sets, [&](const auto& one) {
      Text(one.first);
      Signed(one.second);
    });
    List(network.inputs, [&](const NetworkValue& one) { Value(one); });
    List(network.parameters, [&](const NetworkParameter& one) { Parameter(one); });
    List(network.constants, [&](const NetworkConstant& one) { Constant(one); });
    List(network.nodes, [&](const NetworkNode& one) { Node(one); });
    List(network.outputs, [&](const NetworkOutput& one) {
      Text(one.name);
      Operand(one.source);
    });
  }

  std::vector<std::byte> bytes_;
};

static_assert(std::variant_size_v<AttributeValue> ==
              static_cast<std::size_t>(AttributeKind::kNetwork));

}  // namespace

std::vector<std::byte> Encode(const Network& network) { return Encoder().Run(network); }

NetworkId IdOf(std::span<const std::byte> encoding) {
  constexpr char kDomain[] = "dlv-network";  // with its zero
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  NetworkId id;
  unsigned size = 0;
  const bool done = context != nullptr && EVP_DigestInit_ex(context, EVP_sha256(), nullptr) == 1 &&
                    EVP_DigestUpdate(context, kDomain, sizeof kDomain) == 1 &&
                    EVP_DigestUpdate(context, encoding.data(), encoding.size()) == 1 &&
                    EVP_DigestFinal_ex(context, id.bytes.data(), &size) == 1;
  EVP_MD_CTX_free(context);
  DLV_CHECK(done && size == id.bytes.size(), "hashing memory cannot fail");
  return id;
}

NetworkId IdOf(const Network& network) { return IdOf(Encode(network)); }

}  // namespace dlv::network
