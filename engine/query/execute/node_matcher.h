#pragma once
/// \file
/// Which nodes of a network a selector means, for ten thousand networks that are much alike.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/network/node_set.h"
#include "engine/query/execute/graph_view.h"
#include "engine/query/execute/record_verdicts.h"
#include "engine/query/selector.h"

namespace dlv::query {

/// Remembers what it said of nodes that are encoded alike, and what a regular expression says of a
/// name, up to a bound. For the networks of one GraphCache.
class NodeMatcher {
 public:
  explicit NodeMatcher(std::shared_ptr<const Selector> selector);

  /// Makes `nodes` those that MatchNode says yes to.
  void Choose(const GraphView& graph, network::NodeSet& nodes);

 private:
  bool Matches(const GraphView& graph, std::uint32_t node);
  bool MatchesName(std::string_view name);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::shared_ptr<const Selector> selector_;
  RecordVerdicts verdicts_;
  std::unordered_map<std::string, bool, Hash, std::equal_to<>> names_;
};

}  // namespace dlv::query
