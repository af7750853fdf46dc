#pragma once
/// \file
/// The networks that a session has read, by their content.

#include <cstddef>
#include <deque>
#include <memory>
#include <span>
#include <unordered_map>

#include "engine/query/execute/graph_view.h"

namespace dlv::query {

/// A network is kept if somebody keeps it, and else until a dozen others have come: a
/// condition over a hundred thousand networks then takes no more memory than one over a thousand,
/// and all of it stays in the processor's cache.
class GraphCache {
 public:
  static constexpr std::size_t kMostPassing = 16;

  /// The network, or null. With `keep` it stays as long as the cache.
  GraphView* Find(const NetworkId& id, bool keep);
  bool Has(const NetworkId& id) const { return entries_.contains(id); }
  /// Adds one that is not there. Errors: those of Outline::Read.
  Status Add(const NetworkId& id, std::span<const std::byte> encoding);

  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    std::unique_ptr<GraphView> view;
    bool kept = false;
  };
  using Entries = std::unordered_map<NetworkId, Entry>;
  Entries::node_type TakeOldest();

  Entries entries_;
  std::deque<NetworkId> passing_;    ///< the oldest first; some are kept by now
  const GraphView* last_ = nullptr;  ///< added, and there
  std::uint64_t records_ = 0;
};

}  // namespace dlv::query
