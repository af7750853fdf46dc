#pragma once
/// \file
/// From a network as a file has it to the one that dlv stores (docs/network.md).
///
/// What a reader of a format gives ("raw"):
/// - nodes in any order, with the names of the file in `original_name` (`name` is not read);
///   operands refer to nodes by their place in `nodes` (in that order) and to outputs by port;
/// - Constant nodes are nodes with an attribute "value" (NetworkConstant), "value_int",
///   "value_ints", "value_float" or "value_floats"; Identity, Dropout, ... are nodes;
/// - initialisers that are weights are parameters. Those whose values decide shapes (integers, at
///   most kMaxFoldedElements elements, e.g. the target of a Reshape) are better given as constants,
///   because only then are they known to shape inference; they may be parameters all the same;
/// - graph inputs that are initialisers too (opset below 9) are left out of `inputs`;
/// - shapes that the file declares stand in `outputs`; inference has the last word;
/// - in subgraphs, values of the enclosing networks are kOuter operands by their name in the file;
///   an enclosing parameter is named by the parameter's name;
/// - attributes in any order.

#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::network {

/// A network ready to be stored, with what should be said about it.
struct Normalised {
  Network network;
  /// "node conv3 (Conv): the file says [1, 64, 28, 28], inferred [1, 64, 27, 27]"
  std::vector<std::string> warnings;
};

/// Returns the network in topological order (that of the file where it is one already), with
/// - Constant nodes, and those that compute from constants and known shapes only, folded into
///   constants; Identity of a parameter or constant replaced by it; nodes that nobody reads after
///   that removed; Reshape targets that only take the batch from their own input made constant;
///   Identity of data and Dropout stay;
/// - unique names by the four rules, attributes sorted, `original_name` and names of outputs kept;
/// - dtypes and shapes inferred (shape_inference.h); subgraphs treated likewise.
/// Running it on its own result changes nothing.
/// Errors: kInvalidArgument (a cycle, an operand without a source, a shape that contradicts: the
/// message names the node), kUnsupported (beyond limits.h).
Result<Normalised> Normalise(Network raw);

/// Returns ok when every operand, port, index and size is in its bounds and nodes stand after what
/// they read; what Normalise, Decode and ReadText guarantee.
/// Errors: kInvalidArgument, with the node's name.
Status CheckNetwork(const Network& network);

/// Returns "conv1 (Conv)" for messages: the name, else the original name, else "#7".
std::string Describe(const Network& network, std::size_t node);

}  // namespace dlv::network
