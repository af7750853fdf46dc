#pragma once
/// \file
/// Walks over the edges between versions of a Snapshot.

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "engine/query/context.h"

namespace dlv::query {

/// Edges in both directions, as arrays. Immutable once made.
class LineageGraph {
 public:
  explicit LineageGraph(const Snapshot& snapshot);

  std::span<const VersionIndex> parents(VersionIndex version) const { return parents_.Of(version); }
  std::span<const VersionIndex> children(VersionIndex version) const {
    return children_.Of(version);
  }
  /// Without the version itself, nearest first. O(versions + edges).
  std::vector<VersionIndex> Ancestors(VersionIndex version) const;
  std::vector<VersionIndex> Descendants(VersionIndex version) const;
  /// One shortest way over edges in either direction, both ends included; empty: none.
  std::vector<VersionIndex> Path(VersionIndex from, VersionIndex to) const;
  /// Common ancestors that no other one descends from, the nearest to `a` first. A version is its
  /// own ancestor here.
  std::vector<VersionIndex> LowestCommonAncestors(VersionIndex a, VersionIndex b) const;
  /// Edges on the shortest way up; nothing where `ancestor` is none.
  std::optional<std::size_t> Depth(VersionIndex version, VersionIndex ancestor) const;

 private:
  struct Lists {
    std::vector<std::uint32_t> begin;
    std::vector<VersionIndex> members;
    std::span<const VersionIndex> Of(VersionIndex version) const {
      return {members.data() + begin[version], members.data() + begin[version + 1]};
    }
  };
  static Lists MakeLists(std::size_t versions, std::span<const EdgeEntry> edges, bool of_child);
  std::vector<VersionIndex> Walk(const Lists& lists, VersionIndex from) const;

  std::size_t size_ = 0;
  Lists parents_, children_;
};

}  // namespace dlv::query
