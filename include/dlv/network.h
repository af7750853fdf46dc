#pragma once
/// \file
/// Networks: a directed acyclic graph of nodes (operators) with typed attributes, the parameters
/// that they use by tensor name, and the values that flow between them.
///
/// The vocabulary is that of the ONNX operators; Caffe layers are imported into it. Networks come
/// from files of a version (ONNX, Caffe prototxt, dlv's own text form, docs/network.md) and refer
/// to tensors by name: they hold no weights, only small constants.
///
///     DLV_ASSIGN(const NetworkReport report, repository.ReadNetwork("resnet20"));
///     for (const NetworkNode& node : report.network.nodes) { ... node.op, node.name ... }

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dlv/dtype.h"
#include "dlv/ids.h"

namespace dlv {

struct Network;

/// Sizes of a value's axes. kUnknownSize where a size is not known before the network runs, e.g.
/// the batch.
inline constexpr std::int64_t kUnknownSize = -1;
using NetworkShape = std::vector<std::int64_t>;

/// A small tensor inside a network: the value of a folded constant or of a tensor attribute.
struct NetworkConstant {
  DType dtype = DType::kI64;
  NetworkShape shape;            ///< no unknown sizes
  std::vector<std::byte> bytes;  ///< C order, little-endian; size = elements * size of dtype
  bool operator==(const NetworkConstant&) const = default;
};

/// The value of an attribute. Subgraphs (bodies of If, Loop, Scan) are networks of their own; the
/// pointer is never null and what it points to never changes, so copies may share it.
using AttributeValue =
    std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>,
                 std::vector<std::string>, NetworkConstant, std::shared_ptr<const Network>>;

struct NetworkAttribute {
  std::string name;  ///< as the operator's definition names it: "kernel_shape", "pads"
  AttributeValue value;
};

/// What an operand is.
enum class OperandKind : std::uint8_t {
  kNode,       ///< output `port` of node `index`
  kInput,      ///< the network's input `index`
  kParameter,  ///< the network's parameter `index`
  kConstant,   ///< the network's constant `index`
  kOuter,      ///< inside a subgraph: the enclosing network's value `name`
  kAbsent,     ///< an optional operand that is not given
};             // On disk: do not renumber.

struct NetworkOperand {
  OperandKind kind = OperandKind::kAbsent;
  std::uint32_t index = 0;
  std::uint32_t port = 0;
  std::string name;  ///< kOuter only
  bool operator==(const NetworkOperand&) const = default;
};

/// An output of a node, or an input of the network.
struct NetworkValue {
  std::string name;            ///< as the file named it; may be empty for outputs that nobody uses
  std::optional<DType> dtype;  ///< unknown: nothing
  std::optional<NetworkShape> shape;  ///< unknown rank: nothing
  bool operator==(const NetworkValue&) const = default;
};

struct NetworkNode {
  std::string name;                          ///< unique in its network (docs/network.md, "Names")
  std::string original_name;                 ///< as the file named it; may be empty
  std::string op;                            ///< "Conv"
  std::string domain;                        ///< empty: the standard operators
  std::vector<NetworkAttribute> attributes;  ///< ascending by name
  std::vector<NetworkOperand> operands;      ///< data, then parameters, in the operator's order
  std::vector<NetworkValue> outputs;         ///< at least one
};

/// A tensor that the network needs, found in a snapshot by name.
struct NetworkParameter {
  std::string name;  ///< of the tensor
  std::optional<DType> dtype;
  std::optional<NetworkShape> shape;
  /// For parameters that are made by a query and have no tensor yet: "normal(0, 0.02, seed=7)",
  /// as in docs/dql.md; else empty.
  std::string initializer;
  bool operator==(const NetworkParameter&) const = default;
};

/// An output of the network.
struct NetworkOutput {
  std::string name;
  NetworkOperand source;  ///< kNode, kInput, kParameter or kConstant
};

struct Network {
  std::string name;
  /// Versions of the operator sets, ascending by domain: {"", 13}.
  std::vector<std::pair<std::string, std::int64_t>> operator_sets;
  std::vector<NetworkValue> inputs;
  std::vector<NetworkParameter> parameters;
  std::vector<NetworkConstant> constants;
  std::vector<NetworkNode> nodes;  ///< each after the nodes that it reads
  std::vector<NetworkOutput> outputs;
};

/// SHA-256 over the canonical encoding of a network: equal graphs have equal ids, whatever version
/// or file they came from.
struct NetworkIdKind;
using NetworkId = Digest<NetworkIdKind>;

/// How a parameter of a network found its tensor.
enum class ParameterMatch : std::uint8_t {
  kName,     ///< by name, shape and kind of number alike
  kContent,  ///< by content id: the same numbers under another name
  kGuess,    ///< the only tensor left of that type and shape
  kDerived,  ///< the network's numbers were computed from these: BatchNormalization folded into
             ///< Conv
  kNone,
};

struct ParameterBinding {
  std::string parameter;
  std::string tensor;  ///< of the snapshot; empty: none
  ParameterMatch match = ParameterMatch::kNone;
};

/// A version's network.
struct NetworkReport {
  NetworkId id;
  std::string file;  ///< the version's file that it was read from
  Network network;
  std::vector<ParameterBinding> bindings;   ///< one a parameter, in their order
  std::vector<std::string> unused_tensors;  ///< parameters of the snapshot that no node uses
  std::vector<std::string> warnings;
};

/// What was changed about a node that two networks have.
struct NodeChange {
  std::string before, after;  ///< names; differ where the node was renamed
  /// "kernel_shape: [3, 3] -> [5, 5]", "op: Relu -> LeakyRelu", "input 0: conv1 -> pool1"
  std::vector<std::string> differences;
};

/// The difference of two networks: nodes are matched by name, then by structure.
struct NetworkDiff {
  std::vector<std::string> added, removed;   ///< "conv3 (Conv)"
  std::vector<NodeChange> changed, renamed;  ///< renamed: nothing but the name differs
  std::size_t same = 0;
  bool identical() const {
    return added.empty() && removed.empty() && changed.empty() && renamed.empty();
  }
};

}  // namespace dlv
