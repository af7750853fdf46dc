#pragma once
/// \file
/// The steps of Normalise; each on one network, without its subgraphs.

#include <string>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"

namespace dlv::network {

/// Checks places, sorts attributes, and puts nodes behind what they read (also from their
/// subgraphs), otherwise as they were.
/// Errors: kInvalidArgument (a cycle with its nodes, an operand without a source, an attribute
/// twice), kUnsupported.
Status SortNodes(Network& network);

/// Takes out nodes whose outputs are all replaced or that nobody reads and that do not carry data,
/// parameters and constants that nobody reads, and constants that are there twice.
void Compact(Network& network, const std::vector<std::vector<NetworkOperand>>& replacements);

/// Gives every node its unique name (docs/network.md, "Names").
void NameNodes(Network& network);

}  // namespace dlv::network
