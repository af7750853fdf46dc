#pragma once
/// \file
/// Families of operators, and templates of nodes: `has POOL("MAX")`, `insert = RELU("relu$1")`.
///
/// The table of families (families.cc) is the only place that knows which operators belong where:
/// CONV, POOL (kinds MAX, AVG, GLOBAL), FULL, NORM, RELU, LEAKYRELU, PRELU, ELU, SELU, GELU,
/// SIGMOID, HARDSIGMOID, HARDSWISH, SWISH, SOFTPLUS, TANH, CLIP, SOFTMAX, DROPOUT, LRN, CONCAT,
/// ADD. IP and INNERPRODUCT are other names of FULL, BATCHNORM of NORM.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::network {

struct Outline;  // engine/network/outline.h
struct OutlineNode;

/// Names of all families, in the table's order. For completion and suggestions.
std::span<const std::string_view> FamilyNames();

/// Returns the canonical spelling ("CONV" for "conv"), or nothing. Case does not count.
std::optional<std::string_view> FindFamily(std::string_view name);

/// Returns the family of a node, "" where it has none. It depends on more than the operator:
/// MatMul is FULL when one factor is a weight, and so is the Add that adds a parameter to
/// such a MatMul; an Add is ADD otherwise. Clip at 0 and 6 is RELU.
/// O(1) but for Add and MatMul.
std::string_view FamilyOf(const Network& network, std::size_t node);
std::string_view FamilyOf(const Outline& network, std::size_t node);

/// Returns whether the node is of that family (in its canonical spelling). Clip at 0 and 6 is RELU
/// and CLIP; else this is what FamilyOf says.
bool IsOf(const Network& network, std::size_t node, std::string_view family);
bool IsOf(const Outline& network, std::size_t node, std::string_view family);

/// Returns whether a pool is of a kind: MAX, AVG, GLOBAL. GlobalAveragePool is AVG and GLOBAL.
bool HasKind(std::string_view op, std::string_view kind);

/// An argument in the parentheses of a template.
using TemplateValue =
    std::variant<std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>>;
struct TemplateArgument {
  std::string key;  ///< `stride` in `CONV(3, 3, stride=2)`; empty: by place
  TemplateValue value;
};

/// A template that was checked (MakeTemplate).
struct NodeTemplate {
  std::string family;
  std::string kind;                  ///< POOL: "MAX", "AVG" or "GLOBAL"; else empty
  std::optional<std::string> name;   ///< the text that is no kind: a name, or a pattern of names
  std::vector<std::int64_t> kernel;  ///< CONV, POOL: whole numbers by place; empty: any
  /// Other properties by key, ascending: attributes of the operator ("strides", "alpha"), and the
  /// short forms stride, pad, dilation, group, kernel, which are stored as attributes. For insert
  /// also channels (CONV), units (FULL), init, bias_init, bias, seed.
  std::vector<NetworkAttribute> properties;
};

/// Checks a template. Texts by place: one of the family's kinds (case does not count), else the
/// name. Numbers by place: kernel of CONV and POOL, units of FULL, alpha of LEAKYRELU and ELU,
/// ratio of DROPOUT, axis of SOFTMAX and CONCAT, size of LRN.
/// Errors: kNotFound (no such family, key or kind; with what there is), kInvalidArgument (an
/// argument of the wrong type, given twice, out of range).
Result<NodeTemplate> MakeTemplate(std::string_view family,
                                  std::span<const TemplateArgument> arguments);

/// Returns whether a node matches family, kind, kernel and properties (an absent attribute counts
/// with its default). `name` is not compared: what patterns mean is the caller's.
bool Matches(const Network& network, std::size_t node, const NodeTemplate& wanted);
bool Matches(const Outline& network, std::size_t node, const NodeTemplate& wanted);

/// Whether Matches depends on the node alone, as it is encoded, and on nothing around it.
bool MatchesAlone(const OutlineNode& node, const NodeTemplate& wanted);

/// A node made from a template, to stand behind a value. Its operands: kAbsent at `data_operand`
/// stands for the value; parameters are numbered from 0 in `parameters`.
struct MadeNode {
  NetworkNode node;
  std::size_t data_operand = 0;
  std::vector<NetworkParameter> parameters;  ///< each with an initializer
};

/// Makes the node that `insert` puts behind `value`. CONV keeps the channels unless told, FULL the
/// features; NORM is BatchNormalization at its start (ones, zeros, zeros, ones); weights get
/// "kaiming(seed=N)" unless `init` says other (initializer.h), N from the parameter's name unless
/// `seed` is given. Parameters are named NAME.weight, NAME.bias, ...
/// Errors: kInvalidArgument (a template without a name; a layer with weights behind a value whose
/// channels are unknown; CONCAT and ADD, which need a second input).
Result<MadeNode> MakeNode(const NodeTemplate& wanted, std::string_view name,
                          const NetworkValue& value);

}  // namespace dlv::network
