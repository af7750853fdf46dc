#pragma once
/// \file
/// A network that slice or construct made: not stored unless `save as` does.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "engine/query/context.h"
#include "engine/query/execute/graph_view.h"

namespace dlv::query {

struct MadeNetwork {
  std::string name;                  ///< of the result variable
  VersionIndex source = kNoVersion;  ///< whose weights it takes
  std::shared_ptr<const Network> network;
  std::shared_ptr<GraphView> graph;            ///< of `network`
  std::map<std::string, std::string> tensors;  ///< parameter to tensor of the source
  std::vector<std::string> notes;
};

}  // namespace dlv::query
