#pragma once
/// \file
/// A network read in place: the names, operators and edges of its nodes as views into its encoding.
/// Attributes, types and constants are decoded when somebody asks for them.
///
/// That is what a predicate of a query asks of ten thousand networks, at a tenth of what Decode
/// takes. Members are called as those of Network, and the functions below as those on parts of a
/// Network, so that rules over both are written once.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/network/value_facts.h"

namespace dlv::network {

struct OutlineOperand {
  OperandKind kind = OperandKind::kAbsent;
  std::uint32_t index = 0;
  std::uint32_t port = 0;
  bool operator==(const OutlineOperand&) const = default;
};

/// An input, a parameter or an output of a node.
struct OutlineValue {
  std::string_view name;
  std::span<const std::byte> type;  ///< element type and shape, encoded
};

struct OutlineConstant {
  std::span<const std::byte> encoded;
};

struct OutlineNode {
  std::string_view name, original_name, op, domain;
  std::span<const std::byte> attributes;  ///< encoded
  std::span<const OutlineOperand> operands;
  std::span<const OutlineValue> outputs;  ///< at least one
  bool has_subgraph = false;
  /// The same of nodes of several networks that are encoded alike, as far as they were read one
  /// after the other (OutlineHistory); 0: not known.
  std::uint64_t record = 0;
};

struct OutlineOutput {
  std::string_view name;
  OutlineOperand source;
};

struct Outline;
/// What was read before a network, of whom it may take over what is encoded alike: versions of one
/// architecture differ in a few nodes.
struct OutlineHistory {
  const Outline* last = nullptr;  ///< null: none
  std::uint64_t records = 0;      ///< given out
};

/// May be moved, not copied.
struct Outline {
  Outline() = default;
  /// Makes it that of a copy of the encoding; in the memory that it had. After an error it is of
  /// nothing that may be used. Every place that an operand names is there, nodes stand after what
  /// they read, and all fields are well-formed; of what Decode checks besides, nothing is: names
  /// that are there twice, the order of attributes, the insides of subgraphs. Errors: kCorruption
  /// (with the offset), kUnsupported (a newer version, beyond limits.h).
  Status Read(std::span<const std::byte> encoding);
  /// The same, with less work where the last one was much alike; it must not be this one.
  Status Read(std::span<const std::byte> encoding, OutlineHistory& history);

  std::vector<OutlineValue> inputs, parameters;
  std::vector<OutlineConstant> constants;
  std::vector<OutlineNode> nodes;
  std::vector<OutlineOutput> outputs;

  /// What the views point into.
  std::span<const std::byte> encoding() const { return encoding_; }

  Outline(Outline&&) noexcept = default;
  Outline& operator=(Outline&&) noexcept = default;

 private:
  friend class OutlineReader;
  /// Bytes of the encoding, and the items counted in them.
  struct Range {
    std::size_t begin = 0, size = 0, items = 0;
  };
  /// How many of the lists below are a node's. The lists may move while they grow.
  struct Parts {
    std::uint32_t operands = 0, outputs = 0;
    Range range;
  };
  std::span<const std::byte> Bytes(const Range& range) const {
    return encoding().subspan(range.begin, range.size);
  }
  Status ReadCopy(std::span<const std::byte> encoding, const Outline* like, std::uint64_t* records);

  std::vector<std::byte> encoding_;
  Range head_;  ///< all before the nodes
  std::vector<OutlineOperand> operands_;
  std::vector<OutlineValue> values_;
  std::vector<Parts> parts_;
};

ValueType TypeOf(const OutlineValue& value);
/// Nothing of kOuter and kAbsent.
ValueType TypeOf(const Outline& outline, const OutlineOperand& operand);
inline std::optional<NetworkShape> ShapeOf(const OutlineValue& value) {
  return TypeOf(value).shape;
}
inline const std::optional<NetworkShape>& ShapeOf(const NetworkValue& value) { return value.shape; }

/// The one element of a constant with one element.
std::optional<double> ScalarOf(const OutlineConstant& constant);

/// As those of attributes.h.
std::optional<AttributeValue> FindAttribute(const OutlineNode& node, std::string_view name);
double RealAttribute(const OutlineNode& node, std::string_view name, double otherwise);
std::string TextAttribute(const OutlineNode& node, std::string_view name,
                          std::string_view otherwise);
std::optional<std::vector<std::int64_t>> IntegersAttribute(const OutlineNode& node,
                                                           std::string_view name);
inline bool IsOperator(const OutlineNode& node, std::string_view op) {
  return node.op == op && node.domain.empty();
}
/// The node's subgraphs.
std::vector<std::shared_ptr<const Network>> SubgraphsOf(const OutlineNode& node);
template <class Function>
void ForEachSubgraph(const OutlineNode& node, Function&& function) {
  if (!node.has_subgraph) return;
  for (const auto& body : SubgraphsOf(node)) function(*body);
}

}  // namespace dlv::network
