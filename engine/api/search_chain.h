#pragma once
/// \file
/// Chains of operators, as `dlv search --arch 'Conv->Relu->*POOL(MAX)'` takes them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dlv/network.h"
#include "dlv/result.h"
#include "engine/network/adjacency.h"

namespace dlv::api {

/// One place of a chain.
struct ChainLink {
  std::string op;        ///< in small letters; "*": any
  std::string family;    ///< canonical; empty: no family has that name
  std::string kind;      ///< POOL(MAX): "MAX"; else empty
  bool further = false;  ///< "->*": any number of steps from the one before
};

/// Errors: kSyntax with the place; kInvalidArgument (a kind that the family has not).
Result<std::vector<ChainLink>> ParseChain(std::string_view text);

struct ChainMatch {
  std::vector<network::NodeIndex> nodes;  ///< one way through the network
  std::size_t count = 0;                  ///< nodes at which a way ends
};

/// Nothing where the network has no such chain. O(links * (nodes + edges)).
std::optional<ChainMatch> MatchChain(const Network& network, const std::vector<ChainLink>& chain);

}  // namespace dlv::api
