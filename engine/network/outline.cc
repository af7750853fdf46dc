#include "engine/network/outline.h"

#include <algorithm>
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

/// Views into one encoding as views of the same bytes in another.
class Moved {
 public:
  Moved(const std::byte* from, const std::byte* to) : from_(from), to_(to) {}
  std::span<const std::byte> operator()(std::span<const std::byte> bytes) const {
    return {to_ + (bytes.data() - from_), bytes.size()};
  }
  std::string_view operator()(std::string_view text) const {
    const auto* const from = reinterpret_cast<const char*>(from_);
    return {reinterpret_cast<const char*>(to_) + (text.data() - from), text.size()};
  }
  OutlineValue operator()(const OutlineValue& value) const {
    return {(*this)(value.name), (*this)(value.type)};
  }
  OutlineConstant operator()(const OutlineConstant& constant) const {
    return {(*this)(constant.encoded)};
  }

 private:
  const std::byte *from_, *to_;
};

class OutlineReader {
 public:
  /// Nodes that are as those of `like` (may be null) are taken from there; others get the next of
  /// `records` (may be null).
  OutlineReader(Outline& outline, const Outline* like, std::uint64_t* records)
      : outline_(outline),
        like_(like),
        records_(records),
        reader_(outline.encoding_),
        skip_(reader_),
        source_(reader_.source()) {
    outline.inputs.clear();
    outline.parameters.clear();
    outline.constants.clear();
    outline.outputs.clear();
  }

  Status Run() {
    if (!TakeHead()) DLV_TRY(Head());
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
  const std::byte* begin() const { return outline_.encoding_.data(); }
  Outline::Range RangeFrom(const std::byte* from, std::size_t items) const {
    return {static_cast<std::size_t>(from - begin()), source_.Since(from).size(),
            source_.items() - items};
  }

  Status Head() {
    const std::byte* const from = source_.at();
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
    outline_.head_ = RangeFrom(from, 0);
    return Ok();
  }
  bool TakeHead() {
    if (like_ == nullptr || !source_.Accept(like_->Bytes(like_->head_), like_->head_.items)) {
      return false;
    }
    const Moved moved(like_->encoding_.data(), begin());
    const auto take = [&](const auto& from, auto& to) {
      to.reserve(from.size());
      for (const auto& item : from) to.push_back(moved(item));
    };
    take(like_->inputs, outline_.inputs);
    take(like_->parameters, outline_.parameters);
    take(like_->constants, outline_.constants);
    outline_.head_ = like_->head_;
    return true;
  }

  template <class Item, class Function>
  void List(std::vector<Item>& items, std::size_t min_bytes, Function&& function) {
    const std::size_t count = source_.Count(min_bytes);
    items.reserve(count);
    while (items.size() < count && !source_.failed()) items.push_back(function());
  }

  void Nodes() {
    const std::size_t count = source_.Count(kNodeBytes);
    if (count > kMaxNodes) source_.Fail("too many nodes", ErrorCode::kUnsupported);
    outline_.nodes.resize(source_.failed() ? 0 : count);
    outline_.parts_.resize(outline_.nodes.size());
    while (nodes_ < outline_.nodes.size() && !source_.failed()) {
      if (!TakeNode()) Node();
    }
  }

  /// Room for `more` behind the first `used` of a list that never shrinks.
  template <class Item>
  static Item* Room(std::vector<Item>& list, std::size_t used, std::size_t more) {
    if (used + more > list.size()) list.resize(std::max(2 * list.size(), used + more));
    return list.data() + used;
  }

  bool TakeNode() {
    if (like_ == nullptr || nodes_ >= like_->nodes.size()) return false;
    const OutlineNode& known = like_->nodes[nodes_];
    const bool there = std::all_of(known.operands.begin(), known.operands.end(),
                                   [&](const OutlineOperand& operand) { return IsThere(operand); });
    const std::byte* const from = source_.at();
    Outline::Parts parts = like_->parts_[nodes_];
    if (!there || !source_.Accept(like_->Bytes(parts.range), parts.range.items)) return false;
    const Moved moved(like_->encoding_.data() + parts.range.begin, from);
    parts.range.begin = static_cast<std::size_t>(from - begin());
    OutlineNode& node = outline_.nodes[nodes_];
    node = known;
    node.name = moved(known.name);
    node.original_name = moved(known.original_name);
    node.op = moved(known.op);
    node.domain = moved(known.domain);
    node.attributes = moved(known.attributes);
    std::copy(known.operands.begin(), known.operands.end(),
              Room(outline_.operands_, operands_, known.operands.size()));
    std::transform(known.outputs.begin(), known.outputs.end(),
                   Room(outline_.values_, values_, known.outputs.size()), moved);
    Add(parts);
    return true;
  }

  void Node() {
    const std::byte* const from = source_.at();
    const std::size_t items = source_.items();
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
    OutlineOperand* const operands = Room(outline_.operands_, operands_, parts.operands);
    for (std::uint32_t i = 0; i < parts.operands; ++i) operands[i] = Operand();
    parts.outputs = static_cast<std::uint32_t>(source_.Count(kValueBytes));
    OutlineValue* const outputs = Room(outline_.values_, values_, parts.outputs);
    for (std::uint32_t i = 0; i < parts.outputs; ++i) outputs[i] = skip_.Value();
    if (parts.outputs == 0) source_.Fail("a node without an output");
    if (source_.failed()) return;
    parts.range = RangeFrom(from, items);
    if (records_ != nullptr) node.record = ++*records_;
    outline_.nodes[nodes_] = node;
    Add(parts);
  }
  void Add(const Outline::Parts& parts) {
    outline_.parts_[nodes_++] = parts;
    operands_ += parts.operands;
    values_ += parts.outputs;
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
        return operand.index < nodes_ && operand.port < outline_.parts_[operand.index].outputs;
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
  const Outline* like_;
  std::uint64_t* records_;
  FieldReader reader_;
  FieldSkipper skip_;
  EncodingSource& source_;
  std::size_t nodes_ = 0, operands_ = 0, values_ = 0;  ///< read so far
};

Status Outline::Read(std::span<const std::byte> encoding) {
  return ReadCopy(encoding, nullptr, nullptr);
}
Status Outline::Read(std::span<const std::byte> encoding, OutlineHistory& history) {
  return ReadCopy(encoding, history.last, &history.records);
}

Status Outline::ReadCopy(std::span<const std::byte> encoding, const Outline* like,
                         std::uint64_t* records) {
  if (encoding.size() > kMaxEncodedBytes) {
    return Error{ErrorCode::kUnsupported,
                 "network: an encoding of " + std::to_string(encoding.size()) +
                     " bytes, want at most " + std::to_string(kMaxEncodedBytes)};
  }
  encoding_.assign(encoding.begin(), encoding.end());
  const Status read = OutlineReader(*this, like, records).Run();
  if (!read.ok()) nodes.clear();
  return read;
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
