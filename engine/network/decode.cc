#include <cstring>
#include <string_view>

#include "engine/network/encoding.h"
#include "engine/network/encoding_limits.h"
#include "engine/network/limits.h"
#include "engine/network/normalise.h"
#include "engine/network/value_facts.h"

namespace dlv::network {
namespace {

/// Reads fields in order. The first fault is remembered and everything after it reads as zero or
/// empty, so that the code above needs no check after every field; counts are zero then, and loops
/// end. Ten thousand networks are decoded for one query: this is twice as fast as a Result a field.
class Source {
 public:
  explicit Source(std::span<const std::byte> bytes)
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  bool failed() const { return fault_ != nullptr; }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  Status status() const {
    if (fault_ == nullptr) return Ok();
    return Error{code_, "network, offset " + std::to_string(fault_at_ - begin_) + ": " + fault_};
  }
  void Fail(const char* why, ErrorCode code = ErrorCode::kCorruption) {
    if (fault_ != nullptr) return;
    fault_ = why;
    fault_at_ = at_;
    code_ = code;
    at_ = end_;
  }

  std::uint8_t Byte() {
    if (at_ == end_) {
      Fail("it ends too early");
      return 0;
    }
    return static_cast<std::uint8_t>(*at_++);
  }
  std::uint64_t Number() {
    const std::uint8_t first = Byte();
    return first < 0x80 ? first : LongNumber(first);
  }
  std::int64_t Signed() {
    const std::uint64_t raw = Number();
    return static_cast<std::int64_t>((raw >> 1) ^ (~(raw & 1) + 1));
  }
  double Real() {
    double value = 0;
    const auto bytes = Bytes(sizeof value);
    if (!bytes.empty()) std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
  std::span<const std::byte> Bytes(std::uint64_t size) {
    if (size > remaining()) {
      Fail("it ends too early");
      return {};
    }
    const std::span part(at_, static_cast<std::size_t>(size));
    at_ += part.size();
    return part;
  }
  void Text(std::string& text, std::size_t limit = kMaxNameBytes) {
    const std::uint64_t size = Number();
    if (size > limit) return Fail("a text is too long");
    const auto bytes = Bytes(size);
    if (!bytes.empty()) text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  std::uint32_t Index() {
    const std::uint64_t value = Number();
    if (value > 0xffffffff) Fail("a place is over 2^32");
    return failed() ? 0 : static_cast<std::uint32_t>(value);
  }
  /// How many items of at least `min_bytes` follow.
  std::size_t Count(std::size_t min_bytes) {
    const std::uint64_t count = Number();
    if (count > remaining() / min_bytes) {
      Fail("a count is larger than what follows");
      return 0;
    }
    items_ += static_cast<std::size_t>(count);
    if (items_ > kMaxEncodedItems) Fail("too many items", ErrorCode::kUnsupported);
    return failed() ? 0 : static_cast<std::size_t>(count);
  }

 private:
  std::uint64_t LongNumber(std::uint8_t byte) {
    std::uint64_t value = byte & 0x7f;
    for (unsigned shift = 7; shift < 64; shift += 7) {
      byte = Byte();
      if (failed()) return 0;
      const std::uint64_t low = byte & 0x7f;
      if (shift == 63 && low > 1) break;
      value |= low << shift;
      if (byte < 0x80) {
        if (byte == 0) break;
        return value;
      }
    }
    Fail("a number is not in its shortest form");
    return 0;
  }

  const std::byte* begin_;
  const std::byte* at_;
  const std::byte* end_;
  const std::byte* fault_at_ = nullptr;
  const char* fault_ = nullptr;
  ErrorCode code_ = ErrorCode::kCorruption;
  std::size_t items_ = 0;
};

/// Least bytes of each item.
constexpr std::size_t kValueBytes = 3, kParameterBytes = 4, kConstantBytes = 2, kNodeBytes = 8,
                      kAttributeBytes = 3, kOutputBytes = 2, kOperatorSetBytes = 2;

class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> bytes) : source_(bytes) {}

  Result<Network> Run() {
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
    Network network;
    Body(network, 0);
    if (!source_.failed() && source_.remaining() != 0) source_.Fail("bytes are left over");
    DLV_TRY(source_.status());
    const Status good = CheckNetwork(network);
    if (!good.ok()) {
      const bool beyond = good.error().code == ErrorCode::kUnsupported;
      return Error{beyond ? ErrorCode::kUnsupported : ErrorCode::kCorruption,
                   "network: " + good.error().message};
    }
    return network;
  }

 private:
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
    source_.Text(value.name);
    Dtype(value.dtype);
    Shape(value.shape);
  }
  void Parameter(NetworkParameter& parameter) {
    source_.Text(parameter.name);
    Dtype(parameter.dtype);
    Shape(parameter.shape);
    source_.Text(parameter.initializer);
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
    const unsigned kind = source_.Byte();
    if (kind > static_cast<unsigned>(OperandKind::kAbsent)) {
      return source_.Fail("no such kind of operand");
    }
    operand.kind = static_cast<OperandKind>(kind);
    if (operand.kind == OperandKind::kOuter) return source_.Text(operand.name);
    if (operand.kind == OperandKind::kAbsent) return;
    operand.index = source_.Index();
    if (operand.kind == OperandKind::kNode) operand.port = source_.Index();
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
        return source_.Text(attribute.value.emplace<std::string>(), kMaxConstantBytes);
      case AttributeKind::kIntegers:
        return List(attribute.value.emplace<std::vector<std::int64_t>>(), 1,
                    [&](std::int64_t& one) { one = source_.Signed(); });
      case AttributeKind::kReals:
        return List(attribute.value.emplace<std::vector<double>>(), sizeof(double),
                    [&](double& one) { one = source_.Real(); });
      case AttributeKind::kTexts:
        return List(attribute.value.emplace<std::vector<std::string>>(), 1,
                    [&](std::string& one) { source_.Text(one, kMaxConstantBytes); });
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
    source_.Text(node.name);
    source_.Text(node.original_name);
    source_.Text(node.op);
    source_.Text(node.domain);
    List(node.attributes, kAttributeBytes, [&](NetworkAttribute& one) {
      source_.Text(one.name);
      Payload(one, depth);
    });
    List(node.operands, 1, [&](NetworkOperand& one) { Operand(one); });
    List(node.outputs, kValueBytes, [&](NetworkValue& one) { Value(one); });
  }
  void Body(Network& network, unsigned depth) {
    if (depth > kMaxDepth) return source_.Fail("nested too deeply", ErrorCode::kUnsupported);
    source_.Text(network.name);
    List(network.operator_sets, kOperatorSetBytes, [&](auto& one) {
      source_.Text(one.first);
      one.second = source_.Signed();
    });
    List(network.inputs, kValueBytes, [&](NetworkValue& one) { Value(one); });
    List(network.parameters, kParameterBytes, [&](NetworkParameter& one) { Parameter(one); });
    List(network.constants, kConstantBytes, [&](NetworkConstant& one) { Constant(one); });
    List(network.nodes, kNodeBytes, [&](NetworkNode& one) { Node(one, depth); });
    List(network.outputs, kOutputBytes, [&](NetworkOutput& one) {
      source_.Text(one.name);
      Operand(one.source);
    });
  }

  Source source_;
};

}  // namespace

Result<Network> Decode(std::span<const std::byte> bytes) {
  if (bytes.size() > kMaxEncodedBytes) {
    return Error{ErrorCode::kUnsupported,
                 "network: an encoding of " + std::to_string(bytes.size()) +
                     " bytes, want at most " + std::to_string(kMaxEncodedBytes)};
  }
  return Decoder(bytes).Run();
}

}  // namespace dlv::network
