#pragma once
/// \file
/// Networks as text: dlv's own form (docs/network.md), DOT for graphviz, and values for people.

#include <string>
#include <string_view>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv {

/// Returns the network in dlv's text form, which a commit takes back (CommitRequest::graph, a file
/// whose name ends in .dlvnet).
std::string NetworkText(const Network& network);

/// Returns the network of a text; types and shapes that were left out are inferred, names that are
/// missing are made.
/// Errors: kSyntax with line and column; kInvalidArgument (a graph that cannot be, naming the
/// node); kUnsupported (too large).
Result<Network> ParseNetworkText(std::string_view text);

/// Returns a digraph for graphviz: nodes with operator and weights, edges with shapes.
std::string NetworkDot(const Network& network);

/// Returns "[3, 3]", "0.1", "\"SAME_UPPER\"", "f32 [2, 2]", "network of 7 nodes".
std::string AttributeText(const AttributeValue& value);

/// Returns "[1, ?, 28, 28]"; "?" where the rank is not known.
std::string NetworkShapeText(const std::optional<NetworkShape>& shape);

}  // namespace dlv
