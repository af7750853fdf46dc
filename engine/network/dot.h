#pragma once
/// \file
/// Drawing networks: DOT, for graphviz.

#include <string>

#include "dlv/network.h"
#include "engine/network/node_set.h"

namespace dlv::network {

struct DotOptions {
  bool shapes = true;                  ///< at the edges
  bool parameters = true;              ///< names and shapes of weights in the nodes
  const NodeSet* highlight = nullptr;  ///< filled in another colour; borrowed
};

/// Returns a digraph. Names are escaped; control characters and bytes that are no UTF-8 are shown
/// as \xNN.
std::string WriteDot(const Network& network, const DotOptions& options = {});

}  // namespace dlv::network
